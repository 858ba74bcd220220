/* status.h - how the program ends, and what it says beside its results. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_STATUS_H
#define TROTH_CLI_STATUS_H

#include "troth/verdict.h"

/* So that `troth verify … && deploy` is safe. */
enum troth_status {
    TROTH_STATUS_YES = 0,
    TROTH_STATUS_NO = 1,
    TROTH_STATUS_UNDETERMINED = 2
};
int troth_status_of(enum troth_answer answer);

/* "troth: KIND: TEXT" on standard error, with nothing in it that moves a terminal. */
void troth_say(const char *kind, const char *text);

/* Make sure that standard output has taken all that was printed. `status` where it has;
 * where it has not nobody got the answer: TROTH_STATUS_UNDETERMINED. */
int troth_status_after_output(int status);

#endif
