/*
 * serve.h - a log over HTTP: what is public as static files, a page for people, and on a
 * door of its own what puts entries in.
 *
 *   GET  /checkpoint /tile/…       [C2SP-TILES], cached as that says
 *   GET  /                         the page: tree, latest entries, who witnessed
 *   GET  /proof/INDEX              a bundle [C2SP-PROOF], its entry as extra data
 *   GET  /health                   JSON
 *   POST /append                   inside only: an entry as it is, or JSON
 *                                  {"entry","sealed"} in base64; {"index":N} once it
 *                                  is on the disk
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_SERVE_H
#define TROTH_SERVICE_LOG_SERVE_H

#include "log/reader.h"
#include "log/writer.h"
#include "service/web.h"

struct troth_log_serve_options {
    struct event_base *base;
    const char *folder;
    const struct troth_log_config *config;
    const struct troth_crypto *crypto;
    struct troth_log_writer *writer; /* NULL: read only */
    int outside;                     /* listens; what is public */
    int inside;                      /* listens; that and append; -1: none */
    /* Now, seconds since 1970; for the page. */
    int64_t (*clock)(void);
};

/* Connections of each door. Of one outside at most 12 KiB wait in memory, of one inside
 * 450: an entry and its sealed values. */
#define TROTH_LOG_OUTSIDE_MAX 4096
#define TROTH_LOG_INSIDE_MAX  2048

struct troth_log_serve;
/* TROTH_ERR_MISSING: the folder has no public/. */
TROTH_MUST_USE enum troth_err
troth_log_serve_open(struct troth_log_serve **out,
                     const struct troth_log_serve_options *options);
/* Before the writer is closed: no entry is taken any more. Those it has are answered, as
 * long as the event loop runs. */
void troth_log_serve_end_writing(struct troth_log_serve *serve);
void troth_log_serve_close(struct troth_log_serve *serve); /* takes NULL */

#endif
