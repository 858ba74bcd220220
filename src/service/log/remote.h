/*
 * remote.h - others' logs and witnesses over HTTP: reading, appending, asking for
 * signatures. Every call blocks, for a bounded time.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_REMOTE_H
#define TROTH_SERVICE_LOG_REMOTE_H

#include "log/config.h"
#include "log/reader.h"
#include "log/writer.h"
#include "net/http.h"

/* A log's URL prefix, and how it is reached. Borrows all of it. */
struct troth_log_remote {
    struct troth_http *http;
    const char *prefix; /* "http://127.0.0.1:8080", or a socket's path: "/run/log" */
    const char *ca_file;
};

/* Borrows `remote`, which is its state. Partial tiles that are gone are read from the
 * full one. EHOSTUNREACH, ETIMEDOUT, EPROTO: an answer that is none of such a log's. */
void troth_log_place_remote(struct troth_log_place *out, struct troth_log_remote *remote);

/* POST /append. EAGAIN, ENOSPC…: as the log says it. */
TROTH_MUST_USE int troth_log_remote_append(struct troth_log_remote *remote,
                                           struct troth_log_problem *problem,
                                           uint64_t *out_index,
                                           const struct troth_log_item *item);

/* Who asks the config's witnesses: each in a thread of its own, all of them at once. */
struct troth_log_cosigners;
TROTH_MUST_USE int troth_log_cosigners_create(struct troth_log_cosigners **out,
                                              const char *folder,
                                              const struct troth_log_config *config,
                                              const struct troth_crypto *crypto,
                                              long timeout_ms);
void troth_log_cosigners_destroy(struct troth_log_cosigners *cosigners); /* takes NULL */
/* For troth_log_writer_options; borrows. Where it returns 0, the problem's text may say
 * why a witness did not sign. */
void troth_log_cosigners_use(struct troth_log_cosigner *out,
                             struct troth_log_cosigners *cosigners);

#endif
