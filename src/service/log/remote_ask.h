/* remote_ask.h - one question to somebody's HTTP server, and what it came to. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_REMOTE_ASK_H
#define TROTH_SERVICE_LOG_REMOTE_ASK_H

#include "log/sequence.h"
#include "net/http.h"

struct troth_remote_question {
    const char *prefix; /* an URL, or the path of a socket: "/run/log" */
    const char *path;   /* behind it, without a slash in front */
    const char *ca_file;
    long timeout_ms;
    size_t answer_max;        /* 0: as net/http.h has it */
    const char *content_type; /* NULL: nothing is posted */
    struct troth_span body;
};

/*
 * troth_remote_ask - put it, and wait for the answer.
 *
 *   out   for troth_http_release()
 *
 * Errors   0: there is an answer, of whatever status; else an errno and the problem:
 *          EINVAL: no address that may be asked; EHOSTUNREACH, ETIMEDOUT; EPROTO: no
 *          answer that could be read; ENOMEM
 */
TROTH_MUST_USE int troth_remote_ask(struct troth_http_answer *out,
                                    struct troth_log_problem *problem,
                                    struct troth_http *http,
                                    const struct troth_remote_question *question);

/* "PREFIX answers 503: TEXT": the problem for an answer that is not the one wanted; gives
 * `failed` back. */
int troth_remote_complain(struct troth_log_problem *problem, int failed,
                          const struct troth_remote_question *question,
                          const struct troth_http_answer *answer);

#endif
