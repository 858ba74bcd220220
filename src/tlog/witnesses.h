/* witnesses.h - can a set of witnesses be believed as it is meant? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_WITNESSES_H
#define TROTH_TLOG_WITNESSES_H

#include "troth/witness.h"

/* TROTH_ERR_LIMIT, TROTH_ERR_VALUE (`needed`, `origin`), TROTH_ERR_DUPLICATE; field
 * "witnesses.…". */
TROTH_MUST_USE enum troth_err
troth_witnesses_check(struct troth_fault *fault, const struct troth_witnesses *witnesses);

#endif
