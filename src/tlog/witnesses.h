/* witnesses.h - can a set of witnesses be believed as it is meant? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_WITNESSES_H
#define TROTH_TLOG_WITNESSES_H

#include <stdbool.h>

#include "troth/witness.h"

/* Is the log's own key among them? It would vouch for itself. */
bool troth_witnesses_have_log(const struct troth_witnesses *witnesses);

/* At least so many must be needed: 1 where a time is asked for, which no log can vouch
 * for itself. TROTH_ERR_LIMIT, TROTH_ERR_VALUE (`needed`, `origin`), TROTH_ERR_DUPLICATE;
 * field "witnesses.…". */
TROTH_MUST_USE enum troth_err
troth_witnesses_check(struct troth_fault *fault, const struct troth_witnesses *witnesses,
                      size_t least);

#endif
