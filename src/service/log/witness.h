/*
 * witness.h - a witness over HTTP [C2SP-WITNESS]: what it cosigned last of each log is on
 * the disk before it answers, and two requests never race.
 *
 *   POST /add-checkpoint
 *   GET  /ORIGIN-HASH/checkpoint    what was cosigned last
 *   GET  /                          a page: which logs, how far
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_WITNESS_H
#define TROTH_SERVICE_LOG_WITNESS_H

#include "log/sequence.h"
#include "service/web.h"
#include "tlog/note_write.h"
#include "tlog/witnessing.h"

#define TROTH_WITNESS_LOGS_MAX 256

struct troth_witness_server_options {
    struct event_base *base;
    int listens;
    const char *folder;                   /* what was seen, in a database: witness.db */
    const struct troth_watched_log *logs; /* without `seen` */
    size_t log_count;
    struct troth_note_signer signer;
    const struct troth_crypto *crypto;
    int64_t (*clock)(void); /* seconds since 1970 */
    /* What kept it from cosigning: those who asked learn no more than that. May be NULL.
     */
    void (*tell)(const struct troth_log_problem *problem);
};

struct troth_witness_server;
/* Returns 0 or an errno and the problem. EBUSY: another process is this witness. */
TROTH_MUST_USE int
troth_witness_server_open(struct troth_witness_server **out,
                          struct troth_log_problem *problem,
                          const struct troth_witness_server_options *options);
void troth_witness_server_close(struct troth_witness_server *server); /* takes NULL */

#endif
