/* config.h - log.json: what a log is called, who may sign it, and where its order is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_CONFIG_H
#define TROTH_LOG_CONFIG_H

#include "log/sequence.h"
#include "troth/witness.h"

#define TROTH_LOG_CONFIG_MAX   ((size_t)64 * 1024)
#define TROTH_LOG_INTERVAL_MAX 86400000 /* a day, in milliseconds */

/* A witness that is asked for its signature. */
struct troth_log_witness {
    struct troth_witness key;
    const char *verifier_key; /* the same as it is published */
    const char *url;          /* submission prefix */
};

/* {"origin","key","witnesses":[{"key","url"}],"needed","interval_ms","postgres"} */
struct troth_log_config {
    const char *origin;
    const char *log_key;    /* verifier key: what others check the log by */
    uint8_t public_key[32]; /* of it */
    struct troth_log_witness witnesses[TROTH_WITNESSES_MAX];
    size_t witness_count;
    size_t needed;        /* so many have to cosign before a checkpoint is shown */
    int64_t interval_ms;  /* between two checkpoints, while entries come */
    const char *postgres; /* conninfo; NULL: SQLite in the folder */
};

/* Borrows the arena. TROTH_ERR_… of the JSON reader's, troth_witness_key_parse()'s;
 * field "log.…". */
TROTH_MUST_USE enum troth_err troth_log_config_read(struct troth_log_config *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span text,
                                                    const struct troth_crypto *crypto,
                                                    struct troth_arena *arena);
/* Readable JSON with a newline. TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err
troth_log_config_write(uint8_t *out, size_t room, size_t *out_len,
                       const struct troth_log_config *config);

/* Those of the config as troth_log_proof_verify() wants them; borrows it. */
void troth_log_config_witnesses(struct troth_witnesses *out,
                                struct troth_witness rows[static TROTH_WITNESSES_MAX],
                                const struct troth_log_config *config);

#endif
