/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/remote_ask.h"

#include <errno.h>
#include <stdio.h>

#include "base/span.h"
#include "net/url.h"

/* Whoever listens at a path has no name; this one stands in its place. */
static const char local_url[] = "http://localhost";

static const int causes[] = {
    [TROTH_HTTP_BROKEN] = ENOMEM,    [TROTH_HTTP_ANSWERED] = 0,
    [TROTH_HTTP_FORBIDDEN] = EINVAL, [TROTH_HTTP_UNREACHABLE] = EHOSTUNREACH,
    [TROTH_HTTP_CUT] = EPROTO,       [TROTH_HTTP_LATE] = ETIMEDOUT,
    [TROTH_HTTP_UNTRUSTED] = EPROTO, [TROTH_HTTP_LARGE] = EPROTO,
};

static int fail(struct troth_log_problem *problem, int failed, const char *prefix,
                const char *why)
{
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%.100s: %.150s", prefix, why);
    return failed;
}

int troth_remote_ask(struct troth_http_answer *out, struct troth_log_problem *problem,
                     struct troth_http *http,
                     const struct troth_remote_question *question)
{
    const bool is_local = question->prefix[0] == '/';
    char url[TROTH_URL_ROOM];
    const struct troth_http_question asked = {
        .url = url,
        .ca_file = question->ca_file,
        .connect_timeout_ms = question->timeout_ms,
        .timeout_ms = question->timeout_ms,
        .answer_max = question->answer_max,
        .content_type = question->content_type,
        .body = question->body,
        .local_socket = is_local ? question->prefix : NULL,
    };

    *out = (struct troth_http_answer){.result = TROTH_HTTP_BROKEN};
    *problem = (struct troth_log_problem){0};
    if (!troth_url_join(url, is_local ? local_url : question->prefix, question->path))
        return fail(problem, EINVAL, question->prefix, "no address of a log");
    troth_http_ask(out, http, &asked);
    if (out->result == TROTH_HTTP_ANSWERED)
        return 0;
    return fail(problem, causes[out->result], question->prefix, out->why);
}

int troth_remote_complain(struct troth_log_problem *problem, int failed,
                          const struct troth_remote_question *question,
                          const struct troth_http_answer *answer)
{
    struct troth_span rest = answer->body, line = troth_span_next_item(&rest, '\n');
    char text[120] = "";

    /* Others wrote it: one line, and what no terminal takes for more than text. */
    for (size_t i = 0; i < line.len && i < sizeof text - 1; i++)
        text[i] = (char)(line.ptr[i] >= 0x20 && line.ptr[i] < 0x7f ? line.ptr[i] : '?');
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%.80s/%.40s answers %ld%s%s",
                   question->prefix, question->path, answer->status, text[0] ? ": " : "",
                   text);
    return failed;
}
