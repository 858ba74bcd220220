/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/span.h"
#include "codec/json_writer.h"
#include "log/public.h"
#include "service/log/serving.h"

enum { OUTSIDE_BODY_MAX = 4096 }; /* read, to say that nothing wanted it */

/* ---- is it well? ---- */

static void write_standing(struct troth_json_writer *json, bool *healthy,
                           const struct troth_log_asked *asked)
{
    struct troth_log_standing standing;

    troth_log_standing(&standing, asked->serve->options.writer);
    *healthy = *healthy && !standing.problem.failed;
    troth_json_write_key(json, "next");
    troth_json_write_uint(json, standing.next);
    troth_json_write_key(json, "leads");
    troth_json_write_bool(json, standing.is_leader);
    /* Names of this machine's files are nobody else's business. */
    if (standing.problem.failed && asked->is_inside) {
        troth_json_write_key(json, "problem");
        troth_json_write_text(json, standing.problem.text);
    }
}

void troth_log_serve_health(const struct troth_log_asked *asked)
{
    struct troth_log_serve *serve = asked->serve;
    const struct troth_log_shown *shown = &serve->shown;
    struct troth_writer w = troth_writer_over(serve->text, sizeof serve->text);
    struct troth_json_writer json = troth_json_writer_over(&w, false);
    bool healthy = !troth_log_shown_renew(serve) && (!shown->len || shown->is_good);

    troth_json_begin_object(&json);
    troth_json_write_key(&json, "origin");
    troth_json_write_text(&json, serve->options.config->origin);
    troth_json_write_key(&json, "size");
    troth_json_write_uint(&json, shown->tree.size);
    if (serve->options.writer)
        write_standing(&json, &healthy, asked);
    troth_json_write_key(&json, "healthy");
    troth_json_write_bool(&json, healthy);
    troth_json_end_object(&json);
    troth_write_text(&w, "\n");
    troth_web_answer(asked->call,
                     &(struct troth_web_answer){.status = healthy ? 200 : 503,
                                                .content_type = "application/json",
                                                .headers = "cache-control: no-store\r\n",
                                                .body = troth_writer_span(&w)});
}

/* ---- which path is what ---- */

static const struct route {
    const char *path;
    bool is_prefix; /* something follows */
    bool is_inside; /* on that door only */
    bool is_posted; /* or else read */
    void (*serve)(const struct troth_log_asked *asked);
} routes[] = {
    {"/checkpoint", false, false, false, troth_log_serve_checkpoint},
    {"/tile/", true, false, false, troth_log_serve_tile},
    {"/append", false, true, true, troth_log_serve_append},
    {"/proof/", true, false, false, troth_log_serve_proof},
    {"/", false, false, false, troth_log_serve_page},
    {"/health", false, false, false, troth_log_serve_health},
};

static const struct route *find(struct troth_span path, bool is_inside)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const struct troth_span wanted = troth_span_of_text(routes[i].path);
        const bool is_it = routes[i].is_prefix ? troth_span_starts_with(path, wanted)
                                               : troth_span_equal(path, wanted);

        if (is_it && (is_inside || !routes[i].is_inside))
            return &routes[i];
    }
    return NULL;
}

static bool may(const struct route *route, struct troth_span method)
{
    if (route->is_posted)
        return troth_span_is_text(method, "POST");
    return troth_span_is_text(method, "GET") || troth_span_is_text(method, "HEAD");
}

static void refuse_method(struct troth_web_call *call, bool is_posted)
{
    troth_web_answer(
        call, &(struct troth_web_answer){.status = 405,
                                         .content_type = "text/plain; charset=utf-8",
                                         .headers = is_posted ? "allow: POST\r\n"
                                                              : "allow: GET, HEAD\r\n",
                                         .body = TROTH_LITERAL("not by this method\n")});
}

static void on_request(void *state, struct troth_web_call *call,
                       const struct troth_http_request *request, struct troth_span body)
{
    const struct troth_log_door *door = state;
    struct troth_span target = request->target;
    const struct troth_log_asked asked = {.serve = door->serve,
                                          .call = call,
                                          .request = request,
                                          .path = troth_span_next_item(&target, '?'),
                                          .body = body,
                                          .is_inside = door->is_inside};
    const struct route *route = find(asked.path, door->is_inside);

    if (!route)
        troth_log_refuse_for(&asked, ENOENT);
    else if (!may(route, request->method))
        refuse_method(call, route->is_posted);
    else
        route->serve(&asked);
}

/* ---- its life ---- */

static enum troth_err open_door(struct troth_log_door *door,
                                struct troth_log_serve *serve, int descriptor,
                                bool is_inside)
{
    const struct troth_web_options options = {
        .base = serve->options.base,
        .descriptor = descriptor,
        .connections_max = is_inside ? TROTH_LOG_INSIDE_MAX : TROTH_LOG_OUTSIDE_MAX,
        .body_max = is_inside ? TROTH_LOG_APPEND_MAX : OUTSIDE_BODY_MAX,
        .state = door,
        .serve = on_request,
    };

    door->serve = serve;
    door->is_inside = is_inside;
    return descriptor < 0 ? TROTH_OK : troth_web_open(&door->web, &options);
}

/* Nothing but what is in public/ is ever opened from here. */
static enum troth_err open_folder(struct troth_log_serve *serve)
{
    int root = -1;
    int failed = troth_public_root(&root, serve->options.folder);

    if (!failed) {
        failed = troth_public_folder(&serve->folder, root, "public", false);
        (void)close(root);
    }
    return failed ? TROTH_ERR_MISSING : TROTH_OK;
}

static enum troth_err open_parts(struct troth_log_serve *serve)
{
    const struct troth_log_serve_options *options = &serve->options;
    enum troth_err err = open_folder(serve);

    troth_log_place_folder(&serve->place, options->folder);
    if (!err && troth_log_reader_create(&serve->reader, &serve->place, options->crypto))
        err = TROTH_ERR_MEMORY;
    if (!err)
        err = troth_log_page_policy(serve->page_policy, options->crypto);
    if (!err && options->writer)
        err = troth_log_inbox_open(&serve->inbox, options->base, options->writer);
    if (!err)
        err = open_door(&serve->outside, serve, options->outside, false);
    if (!err)
        err = open_door(&serve->inside, serve, options->inside, true);
    return err;
}

enum troth_err troth_log_serve_open(struct troth_log_serve **out,
                                    const struct troth_log_serve_options *options)
{
    struct troth_log_serve *serve = calloc(1, sizeof *serve);
    enum troth_err err;

    *out = NULL;
    if (!serve)
        return TROTH_ERR_MEMORY;
    serve->options = *options;
    serve->folder = -1;
    err = open_parts(serve);
    if (err)
        troth_log_serve_close(serve);
    else
        *out = serve;
    return err;
}

void troth_log_serve_end_writing(struct troth_log_serve *serve)
{
    serve->options.writer = NULL;
    troth_log_inbox_end(serve->inbox);
}

void troth_log_serve_close(struct troth_log_serve *serve)
{
    if (!serve)
        return;
    /* Who waits is told first that nobody does any more. */
    troth_web_close(serve->outside.web);
    troth_web_close(serve->inside.web);
    troth_log_inbox_close(serve->inbox);
    troth_log_reader_destroy(serve->reader);
    if (serve->folder >= 0)
        (void)close(serve->folder);
    free(serve);
}
