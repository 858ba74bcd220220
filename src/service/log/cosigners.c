/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/remote.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "service/log/remote_ask.h"
#include "tlog/lines.h"
#include "tlog/note_verify.h"
#include "tlog/witnessing.h"

/* A witness that answers more than so much is none. */
enum { ANSWER_MAX = 64 * 1024 };

/* One witness, and what a thread needs to ask it: nothing is shared while it runs. */
struct row {
    struct troth_log_cosigners *of;
    const struct troth_log_witness *witness;
    struct troth_http *http;
    uint64_t seen; /* the size that it cosigned last, as far as we know */
    uint8_t request[TROTH_WITNESS_REQUEST_MAX];
    uint8_t note[TROTH_NOTE_MAX]; /* with what it answered */
    struct troth_note parsed;
    struct troth_span line; /* that was verified; in `note` */
    bool is_against;        /* it has seen another tree */
    long status;            /* of its latest answer */
    uint64_t conflict;      /* the size it says it has seen */
    struct troth_log_problem problem;
    pthread_t thread;
    bool is_running;
};

struct troth_log_cosigners {
    char *folder;
    const struct troth_crypto *crypto;
    long timeout_ms;
    /* Of the question that is being asked. */
    const struct troth_log_tree *tree;
    struct troth_span note;
    struct row *rows;
    size_t count;
};

static int complain(struct row *row, int failed, const char *text)
{
    row->problem.failed = failed;
    (void)snprintf(
        row->problem.text, sizeof row->problem.text, "witness %.*s: %.140s",
        (int)(row->witness->key.name.len < 100 ? row->witness->key.name.len : 100),
        (const char *)row->witness->key.name.ptr, text);
    return failed;
}

/* ---- the question ---- */

struct nodes {
    struct row *row;
    struct troth_log_problem problem;
    uint64_t size;
};

static enum troth_err find_node(void *state, struct troth_log_hash *out, unsigned level,
                                uint64_t index)
{
    struct nodes *nodes = state;
    const struct troth_log_cosigners *of = nodes->row->of;
    const struct troth_tile tile = troth_tile_of_node(level, index, nodes->size);
    struct troth_file file;
    enum troth_err err;

    *out = (struct troth_log_hash){{0}};
    if (troth_log_tile_read(&file, &nodes->problem, of->folder, &tile))
        return TROTH_ERR_MISSING;
    err = troth_tile_node(out, of->crypto, &tile,
                          (struct troth_span){file.bytes, file.len}, level, index);
    troth_file_release(&file);
    return err;
}

/* From the tree that the witness has seen to ours. Our own tiles say what both are; it is
 * the witness who compares. */
static int prove(struct troth_log_path *out, struct row *row)
{
    struct nodes nodes = {.row = row, .size = row->of->tree->size};
    const struct troth_merkle_source source = {find_node, &nodes};

    *out = (struct troth_log_path){.count = 0};
    if (row->seen == 0 || row->seen == nodes.size)
        return 0;
    if (troth_merkle_consistency(out, row->of->crypto, &source, row->seen, nodes.size) ==
        TROTH_OK)
        return 0;
    return complain(row, nodes.problem.failed ? nodes.problem.failed : EBADMSG,
                    nodes.problem.failed ? nodes.problem.text
                                         : "no proof can be made of the tiles");
}

static int write_request(struct troth_span *out, struct row *row)
{
    struct troth_writer w = troth_writer_over(row->request, sizeof row->request);
    struct troth_witness_request request = {.old_size = row->seen,
                                            .checkpoint = row->of->note};
    int failed = prove(&request.path, row);

    *out = (struct troth_span){NULL, 0};
    if (!failed &&
        (troth_witness_request_write(&w, &request) || troth_writer_finish(&w, out)))
        failed = complain(row, EFBIG, "a request does not fit");
    return failed;
}

/* ---- the answer ---- */

/* The note with the lines of the answer behind it is a note again. */
static int verify(struct row *row, struct troth_span lines)
{
    const struct troth_span note = row->of->note;
    struct troth_note_key key = {.name = row->witness->key.name,
                                 .type = TROTH_NOTE_COSIGNATURE};
    struct troth_note_word word;

    if (note.len + lines.len > sizeof row->note)
        return complain(row, EPROTO, "more lines than a note may have");
    memcpy(row->note, note.ptr, note.len);
    if (lines.len > 0)
        memcpy(row->note + note.len, lines.ptr, lines.len);
    memcpy(key.bytes, row->witness->key.key, sizeof key.bytes);
    if (troth_note_parse(&row->parsed, NULL,
                         (struct troth_span){row->note, note.len + lines.len}) ||
        troth_note_verify(&word, row->of->crypto, &row->parsed, &key))
        return complain(row, EPROTO, "answers without a good signature of its key");
    row->line = word.line;
    return 0;
}

/* "N\n" */
static int read_conflict(struct row *row, struct troth_span body)
{
    struct troth_span rest = body, line;

    if (troth_line_next(&line, &rest) || rest.len > 0 ||
        troth_line_number(&row->conflict, line))
        return complain(row, EPROTO, "does not say which size it has seen");
    return 0;
}

static int refused(struct row *row, const struct troth_remote_question *question,
                   const struct troth_http_answer *answer)
{
    struct troth_log_problem said;
    const int failed = troth_remote_complain(&said, EPROTO, question, answer);

    return complain(row, failed, said.text);
}

static int ask_once(struct row *row)
{
    struct troth_remote_question question = {.prefix = row->witness->url,
                                             .path = "add-checkpoint",
                                             .timeout_ms = row->of->timeout_ms,
                                             .answer_max = ANSWER_MAX,
                                             .content_type = "text/plain; charset=utf-8"};
    struct troth_http_answer answer = {.result = TROTH_HTTP_BROKEN};
    struct troth_log_problem said;
    int failed = write_request(&question.body, row);

    row->status = 0;
    if (failed)
        return failed;
    failed = troth_remote_ask(&answer, &said, row->http, &question);
    row->status = answer.status;
    if (failed)
        (void)complain(row, failed, said.text);
    else if (answer.status == 200)
        failed = verify(row, answer.body);
    else if (answer.status == 409)
        failed = read_conflict(row, answer.body);
    else
        failed = refused(row, &question, &answer);
    troth_http_release(&answer);
    return failed;
}

static int is_against(struct row *row, const char *text)
{
    row->is_against = true;
    return complain(row, EBADMSG, text);
}

/* It cosigned another size than we thought: once more, from there. */
static int ask_again(struct row *row)
{
    char text[128];

    if (row->conflict > row->of->tree->size) {
        (void)snprintf(text, sizeof text,
                       "a witness has seen another tree: of %" PRIu64
                       " entries, and this log has %" PRIu64,
                       row->conflict, row->of->tree->size);
        return is_against(row, text);
    }
    row->seen = row->conflict;
    return ask_once(row);
}

static void ask_row(struct row *row)
{
    int failed;

    row->problem = (struct troth_log_problem){0};
    row->line = (struct troth_span){NULL, 0};
    row->is_against = false;
    failed = ask_once(row);
    if (!failed && row->status == 409)
        failed = ask_again(row);
    if (row->status == 422)
        (void)is_against(row, "a witness has seen another tree: this one does not begin "
                              "with it");
    /* What it has seen is of this size, and it was told so: it is the root that differs.
     * Before it was 422, the specification had 409 for that. */
    else if (!failed && row->status == 409 && !row->is_against &&
             row->conflict == row->of->tree->size && row->seen == row->conflict)
        (void)is_against(row, "a witness has seen another tree of this size");
    else if (!failed && row->status == 409 && !row->is_against)
        (void)complain(row, EAGAIN, "is asked by others at the same time");
    else if (!failed && row->status == 200)
        row->seen = row->of->tree->size;
}

static void *run(void *row)
{
    ask_row(row);
    return NULL;
}

/* ---- all of them ---- */

/* Threads to which no signal is delivered. One that cannot be had is done without. */
static void start_all(struct troth_log_cosigners *c)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (size_t i = 1; i < c->count; i++)
        c->rows[i].is_running = pthread_create(&c->rows[i].thread, NULL, run,
                                               &c->rows[i]) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void finish_all(struct troth_log_cosigners *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->rows[i].is_running)
            (void)pthread_join(c->rows[i].thread, NULL);
        else
            ask_row(&c->rows[i]);
        c->rows[i].is_running = false;
    }
}

/* What is said of those that did not sign: one that is against, or else the first. */
static int judge(struct troth_log_problem *problem, struct troth_writer *w, size_t *count,
                 const struct troth_log_cosigners *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct row *row = &c->rows[i];

        if (row->is_against) {
            *count = 0;
            *problem = row->problem;
            return EBADMSG;
        }
    }
    for (size_t i = 0; i < c->count; i++) {
        const struct row *row = &c->rows[i];

        if (row->line.len > 0) {
            troth_write_bytes(w, row->line);
            ++*count;
        } else if (!problem->text[0]) {
            (void)snprintf(problem->text, sizeof problem->text, "%s", row->problem.text);
        }
    }
    if (!w->full)
        return 0;
    *count = 0;
    problem->failed = EFBIG;
    (void)snprintf(problem->text, sizeof problem->text,
                   "the witnesses' lines do not fit a note");
    return EFBIG;
}

static int ask(void *state, struct troth_log_problem *problem, struct troth_writer *w,
               size_t *count, const struct troth_log_tree *tree, struct troth_span note)
{
    struct troth_log_cosigners *c = state;

    *problem = (struct troth_log_problem){0};
    *count = 0;
    c->tree = tree;
    c->note = note;
    start_all(c);
    finish_all(c);
    return judge(problem, w, count, c);
}

int troth_log_cosigners_create(struct troth_log_cosigners **out, const char *folder,
                               const struct troth_log_config *config,
                               const struct troth_crypto *crypto, long timeout_ms)
{
    struct troth_log_cosigners *c = calloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return ENOMEM;
    c->crypto = crypto;
    c->timeout_ms = timeout_ms;
    c->folder = strdup(folder);
    c->rows = calloc(config->witness_count + 1, sizeof *c->rows);
    for (size_t i = 0; c->rows && i < config->witness_count; i++) {
        struct row *row = &c->rows[c->count++];

        row->of = c;
        row->witness = &config->witnesses[i];
        row->http = troth_http_create();
        if (!row->http)
            break;
    }
    if (c->folder && c->rows &&
        (c->count == 0 ||
         (c->count == config->witness_count && c->rows[c->count - 1].http))) {
        *out = c;
        return 0;
    }
    troth_log_cosigners_destroy(c);
    return ENOMEM;
}

void troth_log_cosigners_destroy(struct troth_log_cosigners *cosigners)
{
    if (!cosigners)
        return;
    for (size_t i = 0; i < cosigners->count; i++)
        troth_http_destroy(cosigners->rows[i].http);
    free(cosigners->rows);
    free(cosigners->folder);
    free(cosigners);
}

void troth_log_cosigners_use(struct troth_log_cosigner *out,
                             struct troth_log_cosigners *cosigners)
{
    *out = (struct troth_log_cosigner){ask, cosigners};
}
