/* log_private.h - the private fields of a record that is made: committed to, sealed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_PRIVATE_H
#define TROTH_CLI_LOG_PRIVATE_H

#include "cli/log/log_draft.h"
#include "os/secret.h"
#include "troth/sealed.h"

/* Zeroed, it may be wiped. */
struct troth_log_private {
    const struct troth_log_draft_order *order;
    struct troth_record_secret rows[TROTH_RECORD_PRIVATE_MAX]; /* by name, ascending */
    size_t count;
    struct troth_secret_file files[TROTH_RECORD_PRIVATE_MAX]; /* what rows borrow from */
    uint8_t tag_key[32];
};

/* Values, from the command line or from files that nobody else may read; new salts; the
 * tags' key. `id` is the record's. */
bool troth_log_private_read(struct troth_log_private *out, struct troth_problem *problem,
                            const struct troth_log_draft_order *order,
                            struct troth_span origin,
                            const uint8_t id[static TROTH_RECORD_ID_SIZE]);

/* Commitments and tags. */
bool troth_log_private_mark(struct troth_record *out,
                            const struct troth_log_private *private,
                            struct troth_problem *problem,
                            const struct troth_crypto *crypto);

/* All of them for the auditor; empty where there is none. It lives as long as the inputs.
 */
bool troth_log_private_seal(struct troth_span *out,
                            const struct troth_log_private *private,
                            struct troth_problem *problem, struct troth_inputs *inputs,
                            const struct troth_crypto *crypto);

void troth_log_private_wipe(struct troth_log_private *private);

#endif
