/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <unistd.h>

#include "base/span.h"
#include "service/log/serving.h"
#include "tlog/tile.h"

enum { HEADERS_ROOM = 128 };

void troth_log_refuse_for(const struct troth_log_asked *asked, int failed)
{
    if (failed == ENOENT)
        troth_web_refuse(asked->call, 404, "there is no such thing here");
    else if (failed == EMFILE || failed == ENFILE || failed == ENOMEM)
        troth_web_refuse(asked->call, 503, "too much is asked at once: come back later");
    else
        troth_web_refuse(asked->call, 500, "what is stored here cannot be read");
}

/* ---- the checkpoint ---- */

static const char *write_headers(char out[static HEADERS_ROOM], const char *etag)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, HEADERS_ROOM - 1);

    troth_write_text(&w, "cache-control: max-age=1\r\n");
    if (etag[0]) {
        troth_write_text(&w, "etag: ");
        troth_write_text(&w, etag);
        troth_write_text(&w, "\r\n");
    }
    out[w.len] = '\0';
    return out;
}

void troth_log_serve_checkpoint(const struct troth_log_asked *asked)
{
    const struct troth_log_shown *shown = &asked->serve->shown;
    const int failed = troth_log_shown_renew(asked->serve);
    char headers[HEADERS_ROOM];

    if (failed) {
        troth_log_refuse_for(asked, failed);
        return;
    }
    if (!shown->len) {
        troth_web_refuse(asked->call, 404, "no checkpoint is shown yet");
        return;
    }
    const bool is_known = shown->etag[0] &&
                          troth_web_has_tag(asked->request, shown->etag);

    troth_web_answer(asked->call,
                     &(struct troth_web_answer){
                         .status = is_known ? 304 : 200,
                         .content_type = is_known ? NULL : "text/plain; charset=utf-8",
                         .headers = write_headers(headers, shown->etag),
                         .body = {shown->note, shown->len},
                     });
}

/* ---- tiles ---- */

/* What is in no tree that anybody signs need not be looked for. */
static bool is_possible(const struct troth_tile *tile, size_t len)
{
    if (tile->has_entries)
        return len >= (size_t)tile->width * 2 && len <= TROTH_TILE_ENTRIES_MAX;
    return len == (size_t)tile->width * TROTH_LOG_HASH_SIZE;
}

/* The name of the file is written from what was read of the path: nothing else of it
 * reaches the disk. */
void troth_log_serve_tile(const struct troth_log_asked *asked)
{
    const struct troth_web_answer answer = {
        .status = 200,
        .content_type = "application/octet-stream",
        .headers = "cache-control: public, max-age=31536000, immutable\r\n"};
    char path[TROTH_TILE_PATH_ROOM];
    struct troth_tile tile;
    int descriptor = -1, failed;
    size_t len = 0;

    if (troth_tile_parse(&tile, troth_span_slice(asked->path, 1, asked->path.len)) ||
        tile.level >= TROTH_TILE_LEVELS) {
        troth_log_refuse_for(asked, ENOENT);
        return;
    }
    troth_tile_path(path, &tile);
    failed = troth_log_public_open(&descriptor, &len, asked->serve, path);
    if (!failed && !is_possible(&tile, len))
        failed = EBADMSG;
    if (!failed) {
        troth_web_answer_file(asked->call, &answer, descriptor, len);
        return;
    }
    if (descriptor >= 0)
        (void)close(descriptor);
    troth_log_refuse_for(asked, failed);
}
