/* follow_view.h - "--compare URL|FILE": where else the same log is shown. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_VIEW_H
#define TROTH_CLI_LOG_FOLLOW_VIEW_H

#include "cli/inputs.h"
#include "cli/log/follow.h"
#include "cli/log/log_source.h"
#include "net/url.h"

/* It points into itself: it stays where it began. Zeroed, it may be closed. */
struct troth_follow_other {
    struct troth_log_source source; /* a folder, or somebody's address */
    struct troth_log_place place;
    char witness[TROTH_URL_ROOM]; /* that address, if it is a witness's */
};

/*
 * troth_follow_other_open - a log's address or folder, a witness's address, or a file
 * with a checkpoint.
 *
 *   out_view   borrows `out` and `inputs`
 *
 * Shape    an address that shows no checkpoint is asked as a witness is for the log of
 *          that origin [C2SP-WITNESS]
 */
bool troth_follow_other_open(struct troth_follow_other *out,
                             struct troth_follow_view *out_view,
                             struct troth_problem *problem, struct troth_inputs *inputs,
                             const char *where, const char *ca_file);
/* Of which log a witness is to be asked. False: the cryptographic library failed, or an
 * address is too long. */
bool troth_follow_other_name(struct troth_follow_other *other, struct troth_span origin,
                             const struct troth_crypto *crypto);
void troth_follow_other_close(struct troth_follow_other *other);

#endif
