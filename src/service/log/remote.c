/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/remote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/writer.h"
#include "codec/json.h"
#include "service/log/remote_ask.h"
#include "troth/sealed.h"

/* For one question; a bundle of entries has at most 16 MiB. */
enum { TIMEOUT_MS = 60000 };

/* Base64 of both, and the words around them. */
#define APPEND_MAX                                                                       \
    ((size_t)(TROTH_LOG_ENTRY_MAX + TROTH_SEALED_MAX) / 3 * 4 + (size_t)4 * 1024)

static int fail(struct troth_log_problem *problem, int failed, const char *text)
{
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%s", text);
    return failed;
}

/* The body of an answer with status 200. ENOENT: there is no such thing. */
static int get(struct troth_file *out, struct troth_log_problem *problem,
               const struct troth_log_remote *remote, const char *path, size_t max)
{
    const struct troth_remote_question question = {.prefix = remote->prefix,
                                                   .path = path,
                                                   .ca_file = remote->ca_file,
                                                   .timeout_ms = TIMEOUT_MS,
                                                   .answer_max = max};
    struct troth_http_answer answer;
    int failed = troth_remote_ask(&answer, problem, remote->http, &question);

    *out = (struct troth_file){NULL, 0};
    if (!failed && answer.status != 200)
        failed = troth_remote_complain(
            problem, answer.status == 404 || answer.status == 410 ? ENOENT : EPROTO,
            &question, &answer);
    if (!failed) {
        out->bytes = malloc(answer.body.len + 1);
        if (!out->bytes)
            failed = fail(problem, ENOMEM, "no memory for a part of the log");
    }
    if (!failed) {
        if (answer.body.len > 0)
            memcpy(out->bytes, answer.body.ptr, answer.body.len);
        out->len = answer.body.len;
    }
    troth_http_release(&answer);
    return failed;
}

/* How many bytes of a tile are those of its first `width` hashes or entries. 0: it is not
 * of the length that it must have. */
static size_t length_of(const struct troth_file *file, const struct troth_tile *tile,
                        unsigned width)
{
    struct troth_span rest = {file->bytes, file->len}, entry;
    size_t len = (size_t)width * TROTH_LOG_HASH_SIZE;

    if (!tile->has_entries)
        return file->len == (size_t)tile->width * TROTH_LOG_HASH_SIZE ? len : 0;
    for (unsigned i = 0; i < tile->width; i++) {
        if (troth_tile_next_entry(&entry, &rest))
            return 0;
        if (i + 1 == width)
            len = file->len - rest.len;
    }
    return rest.len == 0 ? len : 0;
}

/* `width` of what `tile` has. */
static int get_tile(struct troth_file *out, struct troth_log_problem *problem,
                    const struct troth_log_remote *remote, const struct troth_tile *tile,
                    unsigned width)
{
    const size_t max = tile->has_entries ? (size_t)tile->width * (2 + TROTH_LOG_ENTRY_MAX)
                                         : TROTH_TILE_SIZE;
    char path[TROTH_TILE_PATH_ROOM];
    int failed;
    size_t len;

    troth_tile_path(path, tile);
    failed = get(out, problem, remote, path, max);
    if (failed)
        return failed;
    len = length_of(out, tile, width);
    if (len > 0) {
        out->len = len;
        return 0;
    }
    troth_file_release(out);
    return fail(problem, EPROTO, "a tile of another length than it must have");
}

/* [C2SP-TILES]: a partial tile may go once the full one is there. */
static int tile(void *state, struct troth_log_problem *problem, struct troth_file *out,
                const struct troth_tile *wanted)
{
    struct troth_tile full = *wanted;
    int failed = get_tile(out, problem, state, wanted, wanted->width);

    if (failed != ENOENT || wanted->width == TROTH_TILE_WIDTH)
        return failed;
    full.width = TROTH_TILE_WIDTH;
    return get_tile(out, problem, state, &full, wanted->width);
}

static int checkpoint(void *state, struct troth_log_problem *problem,
                      struct troth_file *out)
{
    return get(out, problem, state, "checkpoint", TROTH_NOTE_MAX);
}

void troth_log_place_remote(struct troth_log_place *out, struct troth_log_remote *remote)
{
    *out = (struct troth_log_place){tile, checkpoint, remote};
}

/* ---- appending ---- */

static void write_base64(struct troth_writer *to, struct troth_span bytes)
{
    troth_write_u8(to, '"');
    troth_base64_write(to, bytes, TROTH_BASE64);
    troth_write_u8(to, '"');
}

/* {"entry":"…","sealed":"…"} */
static enum troth_err write_item(struct troth_span *out, struct troth_writer *w,
                                 const struct troth_log_item *item)
{
    troth_write_text(w, "{\"entry\":");
    write_base64(w, item->entry);
    troth_write_text(w, ",\"sealed\":");
    write_base64(w, item->sealed);
    troth_write_text(w, "}");
    return troth_writer_finish(w, out);
}

/* {"index":N} */
static bool read_index(uint64_t *out, struct troth_span body)
{
    static const char field[] = "index";
    struct troth_json json;

    troth_json_init(&json, body);
    troth_json_enter_object(&json, field);
    troth_json_expect(&json, troth_json_text_is(troth_json_key(&json, field), field),
                      TROTH_ERR_VALUE, field);
    *out = troth_json_uint(&json, field);
    troth_json_leave(&json, field);
    return troth_json_finish(&json, NULL) == TROTH_OK;
}

/* What a log that refuses an entry means by it. */
static const struct {
    long status;
    int failed;
} refusals[] = {
    {400, EINVAL}, {404, ENOENT}, {405, EPERM},  {413, EFBIG},
    {415, EINVAL}, {429, EAGAIN}, {503, EAGAIN}, {507, ENOSPC},
};

static int refusal(long status)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].status == status)
            return refusals[i].failed;
    return EPROTO;
}

static int post(struct troth_log_problem *problem, uint64_t *out_index,
                struct troth_log_remote *remote,
                const struct troth_remote_question *question)
{
    struct troth_http_answer answer;
    int failed = troth_remote_ask(&answer, problem, remote->http, question);

    if (!failed && answer.status != 200)
        failed = troth_remote_complain(problem, refusal(answer.status), question,
                                       &answer);
    if (!failed && !read_index(out_index, answer.body))
        failed = fail(problem, EPROTO, "the log's answer has no index");
    troth_http_release(&answer);
    return failed;
}

int troth_log_remote_append(struct troth_log_remote *remote,
                            struct troth_log_problem *problem, uint64_t *out_index,
                            const struct troth_log_item *item)
{
    struct troth_remote_question question = {.prefix = remote->prefix,
                                             .path = "append",
                                             .ca_file = remote->ca_file,
                                             .timeout_ms = TIMEOUT_MS,
                                             .content_type = "application/octet-stream",
                                             .body = item->entry};
    uint8_t *bytes = NULL;
    int failed = 0;

    *out_index = 0;
    *problem = (struct troth_log_problem){0};
    if (item->entry.len > TROTH_LOG_ENTRY_MAX || item->sealed.len > TROTH_SEALED_MAX)
        return fail(problem, EFBIG, "the entry is longer than any may be");
    if (item->sealed.len > 0) {
        struct troth_writer w;

        bytes = malloc(APPEND_MAX);
        w = troth_writer_over(bytes, bytes ? APPEND_MAX : 0);
        question.content_type = "application/json";
        if (!bytes || write_item(&question.body, &w, item))
            failed = fail(problem, ENOMEM, "no memory for an entry");
    }
    if (!failed)
        failed = post(problem, out_index, remote, &question);
    free(bytes);
    return failed;
}
