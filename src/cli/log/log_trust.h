/* log_trust.h - whose signatures count: --log and --witnesses, or a folder's log.json. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_TRUST_H
#define TROTH_CLI_LOG_TRUST_H

#include "cli/inputs.h"
#include "cli/log/log_home.h"
#include "troth/witness.h"

/* Zeroed, it trusts nobody. It points into itself: it stays where it began. */
struct troth_log_trust {
    const char *log;       /* --log VKEY */
    const char *witnesses; /* --witnesses FILE */
    bool is_known;         /* and the rest is filled */
    struct troth_witnesses set;
    struct troth_witness rows[TROTH_WITNESSES_MAX]; /* of a folder's */
};

/* For --help: the two options, in every verb that has them. */
#define TROTH_LOG_TRUST_LOG_DOES                                                         \
    "the log's verifier key, NAME+HASH+BASE64: the log's own word is enough"
#define TROTH_LOG_TRUST_WITNESSES_DOES                                                   \
    "the log's key, its witnesses and how many are needed, as JSON (docs/witnesses.md)"

/*
 * troth_log_trust_read - what the two options say.
 *
 *   inputs   lives as long as the trust
 *
 * Shape    false, with a problem; true and not known where neither is given
 */
bool troth_log_trust_read(struct troth_log_trust *trust, struct troth_problem *problem,
                          struct troth_inputs *inputs, const struct troth_crypto *crypto);

/* Borrows `home`. Of this machine's own folder its own word is enough. */
void troth_log_trust_home(struct troth_log_trust *trust,
                          const struct troth_log_home *home);

/* A problem for who must be told whom to trust; false. */
bool troth_log_trust_missing(struct troth_problem *problem);

#endif
