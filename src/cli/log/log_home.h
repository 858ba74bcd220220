/* log_home.h - a log's folder: what its log.json says, and the key that lies there. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_HOME_H
#define TROTH_CLI_LOG_HOME_H

#include "cli/problem.h"
#include "log/config.h"
#include "troth/signer.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_log_home {
    const char *folder;
    struct troth_log_config config; /* borrows the rest */
    struct troth_file text;
    uint8_t *memory;
};

/* False, with a problem: no log there, or a log.json that is none. */
bool troth_log_home_read(struct troth_log_home *out, struct troth_problem *problem,
                         const struct troth_crypto *crypto, const char *folder);
void troth_log_home_release(struct troth_log_home *home);

/* An Ed25519 key in PEM, which nobody else may read; for troth_signer_destroy(). */
bool troth_log_key_read(struct troth_signer *out, struct troth_problem *problem,
                        const char *path);

/* FOLDER/key.pem, which must be the key that log.json names. */
bool troth_log_home_signer(struct troth_signer *out, struct troth_problem *problem,
                           const struct troth_log_home *home);

#endif
