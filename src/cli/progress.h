/* progress.h - what is being waited for, on a terminal, and gone once it is there. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_PROGRESS_H
#define TROTH_CLI_PROGRESS_H

#include <stdbool.h>

#include "os/patience.h"

struct troth_progress {
    unsigned columns; /* of the terminal behind standard error; 0: there is none */
    bool is_shown;
};

struct troth_progress troth_progress_begin(void);

/* One line instead of the one before; NULL: none any more. */
void troth_progress_tell(void *state, const char *text);

/* This machine's clock; waiting shows why, and counts down. */
struct troth_patience troth_progress_patience(struct troth_progress *progress);

#endif
