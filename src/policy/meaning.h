/* meaning.h - what it means to allow a finding, in one clause. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_MEANING_H
#define TROTH_POLICY_MEANING_H

#include "troth/span.h"

/* "the host can read the memory through debugging"; NULL: no evidence has such a finding.
 */
const char *troth_finding_meaning(struct troth_span finding);

#endif
