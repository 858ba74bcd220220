/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/witness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "log/witness_store.h"
#include "tlog/note_verify.h"

/* Logs and those who read what was cosigned; each has one question at a time. */
enum { CONNECTIONS_MAX = 256 };

/* A line of ours: a name, and 76 bytes as base64. */
#define LINE_MAX 2048

/* A row of the page for each log. */
#define PAGE_MAX ((size_t)TROTH_WITNESS_LOGS_MAX * 1024 + 4096)

static const char text_type[] = "text/plain; charset=utf-8";
static const char read_anew[] = "cache-control: no-cache\r\n";

struct troth_witness_server {
    struct troth_witness_server_options options;
    struct troth_witness_store *store;
    struct troth_web *web;
    uint8_t note[TROTH_NOTE_MAX + LINE_MAX];
    uint8_t page[PAGE_MAX];
};

/* One request to cosign. */
struct asking {
    struct troth_witness_server *server;
    struct troth_web_call *call;
    struct troth_witness_request request;
    struct troth_watched_log log;
    struct troth_witness_decision decision;
};

/* "WHAT" or "WHAT: WHY". */
static int fail_with(struct troth_log_problem *problem, int failed, const char *what,
                     const char *why)
{
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%s%s%.180s", what,
                   *why ? ": " : "", why);
    return failed;
}

static void answer(struct troth_web_call *call, unsigned status, const char *type,
                   struct troth_span body)
{
    const struct troth_web_answer said = {status, type, read_anew, body};

    troth_web_answer(call, &said);
}

/* For the operator; those who asked are told that it failed and no more. */
static void complain(const struct troth_witness_server *server,
                     struct troth_web_call *call, const struct troth_log_problem *problem)
{
    if (server->options.tell)
        server->options.tell(problem);
    troth_web_refuse(call, 500, "the witness cannot keep what it would cosign");
}

static const struct troth_watched_log *find_log(const struct troth_witness_server *server,
                                                struct troth_span origin)
{
    for (size_t i = 0; i < server->options.log_count; i++)
        if (troth_span_equal(server->options.logs[i].origin, origin))
            return &server->options.logs[i];
    return NULL;
}

/* ---- POST /add-checkpoint ---- */

/* "request.old: field holds a value …" */
static void refuse(struct troth_web_call *call, unsigned status,
                   const struct troth_fault *fault)
{
    char text[256];

    (void)snprintf(text, sizeof text, "%s%s%s", fault->field ? fault->field : "",
                   fault->field ? ": " : "", troth_err_text(fault->err));
    troth_web_refuse(call, status, text);
}

/* spec: [C2SP-WITNESS] "add-checkpoint" "The response MUST have a `Content-Type` of
 * `text/x.tlog.size`." */
static void tell_size(struct troth_web_call *call, uint64_t size)
{
    uint8_t text[24];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_decimal(&w, size);
    troth_write_u8(&w, '\n');
    answer(call, TROTH_WITNESS_CONFLICT, "text/x.tlog.size", troth_writer_span(&w));
}

/* When the tree before was cosigned; 0: by no such line of this key. */
static int64_t time_before(const struct asking *a)
{
    const struct troth_witness_server_options *o = &a->server->options;
    struct troth_note_key key = {.name = o->signer.name, .type = TROTH_NOTE_COSIGNATURE};
    struct troth_log_problem problem;
    struct troth_note_word word = {.time_s = 0};
    struct troth_log_tree tree;
    struct troth_note note;
    struct troth_file file;

    memcpy(key.bytes, o->signer.signer->key.point.ptr, sizeof key.bytes);
    if (troth_witness_store_note(a->server->store, &problem, &file, &tree,
                                 a->request.origin))
        return 0;
    if (troth_note_parse(&note, NULL, (struct troth_span){file.bytes, file.len}) ||
        troth_note_verify(&word, o->crypto, &note, &key))
        word.time_s = 0;
    troth_file_release(&file);
    return word.time_s;
}

/* A cosignature says which tree was the largest by then: where the clock was set back, an
 * earlier time would say otherwise than the one before.
 * spec: [C2SP-COSIGNATURE] "as of the specified time" */
static int64_t time_of(const struct asking *a)
{
    const int64_t now = a->server->options.clock(), before = time_before(a);

    return now > before ? now : before;
}

/* The text, the log's line and ours: what is kept, and shown to whoever monitors. */
static enum troth_err write_note(struct troth_span *out_note, struct troth_span *out_line,
                                 const struct asking *a)
{
    struct troth_witness_server *server = a->server;
    const struct troth_witness_server_options *o = &server->options;
    struct troth_writer w = troth_writer_over(server->note, sizeof server->note);
    size_t before;
    enum troth_err err;

    troth_write_bytes(&w, a->decision.text);
    troth_write_u8(&w, '\n');
    troth_write_bytes(&w, a->decision.log_line);
    before = w.len;
    err = troth_note_cosign(&w, o->crypto, &o->signer, a->decision.text, time_of(a));
    if (!err)
        err = troth_writer_finish(&w, out_note);
    *out_line = err ? (struct troth_span){NULL, 0}
                    : troth_span_slice(*out_note, before, out_note->len);
    return err;
}

/* Signed in memory, kept, and only then given away. */
static void cosign(const struct asking *a)
{
    struct troth_log_problem problem = {0};
    struct troth_span note, line;
    const enum troth_err err = write_note(&note, &line, a);

    if (err)
        (void)fail_with(&problem, EIO, "cannot sign", troth_err_text(err));
    if (err || troth_witness_store_keep(a->server->store, &problem, a->request.origin,
                                        &a->decision.tree, note))
        complain(a->server, a->call, &problem);
    else
        answer(a->call, TROTH_WITNESS_COSIGN, text_type, line);
}

static void decide(struct asking *a, const struct troth_watched_log *log)
{
    struct troth_witness_decision *decision = &a->decision;

    troth_witness_decide(decision, &a->request, log, a->server->options.crypto);
    switch (decision->status) {
    case TROTH_WITNESS_COSIGN:
        cosign(a);
        break;
    case TROTH_WITNESS_CONFLICT:
        tell_size(a->call, log ? log->seen.size : 0);
        break;
    case TROTH_WITNESS_MALFORMED:
    case TROTH_WITNESS_UNTRUSTED:
    case TROTH_WITNESS_UNKNOWN:
    case TROTH_WITNESS_INCONSISTENT:
    case TROTH_WITNESS_FAILED:
        refuse(a->call, decision->status, &decision->fault);
        break;
    }
}

/* Looking, deciding and keeping are one transaction; one thread has them all. */
static void add_checkpoint(struct troth_witness_server *server,
                           struct troth_web_call *call, struct troth_span body)
{
    struct asking a = {.server = server, .call = call};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_log_problem problem;
    const struct troth_watched_log *log;

    if (troth_witness_request_parse(&a.request, &fault, body)) {
        refuse(call, TROTH_WITNESS_MALFORMED, &fault);
        return;
    }
    log = find_log(server, a.request.origin);
    if (log) {
        a.log = *log;
        log = &a.log;
        if (troth_witness_store_look(server->store, &problem, &a.log.seen,
                                     a.request.origin)) {
            complain(server, call, &problem);
            return;
        }
    }
    decide(&a, log);
    troth_witness_store_leave(server->store);
}

/* ---- GET ---- */

static const struct troth_watched_log *
find_hashed(const struct troth_witness_server *server, struct troth_span hex)
{
    for (size_t i = 0; i < server->options.log_count; i++) {
        uint8_t digest[TROTH_HASH_MAX], text[2 * 32];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        if (troth_digest(server->options.crypto, digest, TROTH_SHA256,
                         server->options.logs[i].origin))
            return NULL;
        troth_write_hex(&w, (struct troth_span){digest, 32});
        if (troth_span_equal(troth_writer_span(&w), hex))
            return &server->options.logs[i];
    }
    return NULL;
}

/* spec: [C2SP-WITNESS] "Monitor Retrieval Mechanism" */
static void show_checkpoint(struct troth_witness_server *server,
                            struct troth_web_call *call, struct troth_span hash)
{
    const struct troth_watched_log *log = find_hashed(server, hash);
    struct troth_log_problem problem = {0};
    struct troth_log_tree tree;
    struct troth_file note = {NULL, 0};
    int failed = ENOENT;

    if (log)
        failed = troth_witness_store_note(server->store, &problem, &note, &tree,
                                          log->origin);
    if (failed == ENOENT)
        troth_web_refuse(call, 404, "nothing was cosigned of such a log");
    else if (failed)
        complain(server, call, &problem);
    else
        answer(call, 200, text_type, (struct troth_span){note.bytes, note.len});
    troth_file_release(&note);
}

static void write_row(struct troth_writer *w, const struct troth_witness_server *server,
                      const struct troth_watched_log *log)
{
    struct troth_log_problem problem;
    struct troth_log_tree tree;
    struct troth_file note;
    const int failed = troth_witness_store_note(server->store, &problem, &note, &tree,
                                                log->origin);

    troth_write_bytes(w, log->origin);
    if (failed) {
        troth_write_text(w, failed == ENOENT ? "\n  nothing cosigned yet\n"
                                             : "\n  cannot be read\n");
    } else {
        troth_write_text(w, "\n  size ");
        troth_write_decimal(w, tree.size);
        troth_write_text(w, "\n  root ");
        troth_write_hex(w, (struct troth_span){tree.root.bytes, sizeof tree.root.bytes});
        troth_write_text(w, "\n");
    }
    troth_file_release(&note);
}

static void show_page(struct troth_witness_server *server, struct troth_web_call *call)
{
    const struct troth_witness_server_options *o = &server->options;
    struct troth_note_key key = {.name = o->signer.name, .type = TROTH_NOTE_COSIGNATURE};
    struct troth_writer w = troth_writer_over(server->page, sizeof server->page);

    memcpy(key.bytes, o->signer.signer->key.point.ptr, sizeof key.bytes);
    troth_write_text(&w, "A witness of transparency logs (c2sp.org/tlog-witness)\n\n");
    if (troth_note_key_write(&w, o->crypto, &key)) {
        troth_web_refuse(call, 500, "the witness cannot write its key");
        return;
    }
    troth_write_text(&w, "\n");
    for (size_t i = 0; i < o->log_count; i++) {
        troth_write_text(&w, "\n");
        write_row(&w, server, &o->logs[i]);
    }
    answer(call, 200, text_type, troth_writer_span(&w));
}

/* "/HASH/checkpoint" to HASH; empty: it is none. */
static struct troth_span hash_of(struct troth_span target)
{
    static const char end[] = "/checkpoint";
    const size_t len = 1 + 64;

    if (target.len != len + sizeof end - 1 || target.ptr[0] != '/' ||
        !troth_span_is_text(troth_span_slice(target, len, target.len), end))
        return (struct troth_span){NULL, 0};
    return troth_span_slice(target, 1, len);
}

/* ---- all of it ---- */

static void refuse_method(struct troth_web_call *call, const char *allowed)
{
    static const char text[] = "another method is needed\n";
    const struct troth_web_answer said = {
        405, text_type, allowed, {(const uint8_t *)text, sizeof text - 1}};

    troth_web_answer(call, &said);
}

static void serve(void *state, struct troth_web_call *call,
                  const struct troth_http_request *request, struct troth_span body)
{
    struct troth_witness_server *server = state;
    const bool reads = troth_span_is_text(request->method, "GET") ||
                       troth_span_is_text(request->method, "HEAD");
    const bool adds = troth_span_is_text(request->target, "/add-checkpoint");
    const struct troth_span hash = hash_of(request->target);
    const bool is_page = troth_span_is_text(request->target, "/");

    if (!adds && !is_page && hash.len == 0)
        troth_web_refuse(call, 404, "no such thing here");
    else if (adds && !troth_span_is_text(request->method, "POST"))
        refuse_method(call, "allow: POST\r\n");
    else if (adds)
        add_checkpoint(server, call, body);
    else if (!reads)
        refuse_method(call, "allow: GET, HEAD\r\n");
    else if (is_page)
        show_page(server, call);
    else
        show_checkpoint(server, call, hash);
}

int troth_witness_server_open(struct troth_witness_server **out,
                              struct troth_log_problem *problem,
                              const struct troth_witness_server_options *options)
{
    struct troth_witness_server *server = calloc(1, sizeof *server);
    const struct troth_web_options web = {.base = options->base,
                                          .descriptor = options->listens,
                                          .connections_max = CONNECTIONS_MAX,
                                          .body_max = TROTH_WITNESS_REQUEST_MAX,
                                          .state = server,
                                          .serve = serve};
    int failed = 0;

    *out = NULL;
    *problem = (struct troth_log_problem){0};
    if (!server)
        return fail_with(problem, ENOMEM, "no memory", "");
    server->options = *options;
    if (options->signer.signer->key.point.len != 32 ||
        options->log_count > TROTH_WITNESS_LOGS_MAX)
        failed = fail_with(problem, EINVAL, "no key of a witness, or too many logs", "");
    if (!failed)
        failed = troth_witness_store_open(&server->store, problem, options->folder);
    if (!failed && troth_web_open(&server->web, &web))
        failed = fail_with(problem, ENOMEM, "no memory to serve", "");
    if (failed)
        troth_witness_server_close(server);
    else
        *out = server;
    return failed;
}

void troth_witness_server_close(struct troth_witness_server *server)
{
    if (!server)
        return;
    troth_web_close(server->web);
    troth_witness_store_close(server->store);
    free(server);
}
