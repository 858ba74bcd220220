/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/base64.h"
#include "base/number.h"
#include "base/span.h"
#include "service/log/serving.h"

/* "/proof/12": digits as they are written everywhere. */
static bool read_index(uint64_t *out, struct troth_span path)
{
    const struct troth_span digits = troth_span_slice(path, sizeof "/proof/" - 1,
                                                      path.len);

    if (digits.len > 1 && digits.ptr[0] == '0')
        return false;
    return troth_uint_parse(out, digits, 10) == TROTH_OK;
}

static int write_bundle(struct troth_writer *w, struct troth_log_serve *serve,
                        uint64_t index)
{
    const struct troth_log_shown *shown = &serve->shown;
    struct troth_writer extra = troth_writer_over(serve->memory, sizeof serve->memory);
    struct troth_log_problem problem = {.failed = 0};
    struct troth_log_proof proof = {.index = index,
                                    .checkpoint = {shown->note, shown->len}};
    struct troth_file entry = {NULL, 0};
    int failed = troth_log_reader_inclusion(serve->reader, &problem, &proof.path, index,
                                            &shown->tree);

    if (!failed)
        failed = troth_log_reader_entry(serve->reader, &problem, &entry, index,
                                        &shown->tree);
    if (failed)
        return failed;
    troth_base64_write(&extra, (struct troth_span){entry.bytes, entry.len}, TROTH_BASE64);
    troth_file_release(&entry);
    proof.extra = troth_writer_span(&extra);
    return extra.full || troth_log_proof_write(w, &proof) ? EFBIG : 0;
}

static void answer(const struct troth_log_asked *asked, uint64_t index,
                   struct troth_span bundle)
{
    char headers[160];
    struct troth_writer w = troth_writer_over((uint8_t *)headers, sizeof headers - 1);

    troth_write_text(&w, "cache-control: no-cache\r\n"
                         "content-disposition: inline; filename=\"");
    troth_write_decimal(&w, index);
    troth_write_text(&w, ".tlog-proof\"\r\n");
    headers[w.len] = '\0';
    troth_web_answer(asked->call, &(struct troth_web_answer){
                                      .status = 200,
                                      .content_type = "text/plain; charset=utf-8",
                                      .headers = headers,
                                      .body = bundle});
}

void troth_log_serve_proof(const struct troth_log_asked *asked)
{
    struct troth_log_serve *serve = asked->serve;
    struct troth_writer w = troth_writer_over(serve->text, sizeof serve->text);
    uint64_t index = 0;
    int failed;

    if (!read_index(&index, asked->path)) {
        troth_log_refuse_for(asked, ENOENT);
        return;
    }
    failed = troth_log_shown_renew(serve);
    if (!failed && serve->shown.len && !serve->shown.is_good)
        failed = EBADMSG;
    if (!failed && index >= serve->shown.tree.size) {
        troth_web_refuse(asked->call, 404,
                         "no such entry is in the tree that is shown by now");
        return;
    }
    if (!failed)
        failed = write_bundle(&w, serve, index);
    if (failed)
        troth_log_refuse_for(asked, failed == ENOENT ? EIO : failed);
    else
        answer(asked, index, troth_writer_span(&w));
}
