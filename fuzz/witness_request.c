/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a witness is asked to cosign: what is read is within them, and
 * written again it is the same; what is cosigned grew from what was seen, and nothing
 * else is. */
#include "tlog/witnessing.h"

#include <stdlib.h>

#include "base/span.h"
#include "fuzz/any_crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define LINE                                                                             \
    "\xe2\x80\x94 l "                                                                    \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                       \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static const struct troth_crypto crypto = {&any_ops, NULL};

static bool is_within(struct troth_span part, struct troth_span whole)
{
    return part.len > 0 && part.ptr >= whole.ptr && part.len <= whole.len &&
           (size_t)(part.ptr - whole.ptr) <= whole.len - part.len;
}

static void judge(const struct troth_witness_request *request, uint64_t seen)
{
    const struct troth_watched_log log = {.origin = TROTH_LITERAL("l"),
                                          .seen = {.size = seen}};
    struct troth_witness_decision found;

    troth_witness_decide(&found, request, &log, &crypto);
    require(found.status != TROTH_WITNESS_FAILED);
    if (found.status != TROTH_WITNESS_COSIGN) {
        require(found.fault.err && found.fault.field && found.text.len == 0 &&
                found.log_line.len == 0 && found.tree.size == 0);
        return;
    }
    require(!found.fault.err && troth_span_is_text(request->origin, "l"));
    require(request->old_size == seen && found.tree.size >= seen);
    require(is_within(found.text, request->checkpoint) &&
            is_within(found.log_line, request->checkpoint));
    troth_witness_decide(&found, request, NULL, &crypto);
    require(found.status == TROTH_WITNESS_UNKNOWN);
}

static void check(struct troth_span body)
{
    static uint8_t again[TROTH_WITNESS_REQUEST_MAX];
    struct troth_writer w = troth_writer_over(again, sizeof again);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_witness_request request;
    const enum troth_err err = troth_witness_request_parse(&request, &fault, body);

    require(fault.err == err && fault.offset <= body.len && !err == !fault.field);
    require(!err == (request.origin.len > 0));
    if (err)
        return;
    require(is_within(request.origin, request.checkpoint));
    require(!troth_witness_request_write(&w, &request));
    require(troth_span_equal(troth_writer_span(&w), body));
    judge(&request, 0);
    judge(&request, 3);
    judge(&request, request.old_size);
}

/* The bytes between two others, as a request. */
static void check_between(const char *before, struct troth_span bytes, const char *after)
{
    static uint8_t room[TROTH_WITNESS_REQUEST_MAX + 1024];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_text(&w, before);
    troth_write_bytes(&w, bytes);
    troth_write_text(&w, after);
    if (!w.full)
        check(troth_writer_span(&w));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span bytes = {data, size};

    check(bytes);
    check_between("old ", bytes, "\n\nl\n5\n" HASH "\n" LINE);
    check_between("old 3\n", bytes, "\nl\n5\n" HASH "\n" LINE);
    check_between("old 0\n\nl\n", bytes, "\n\n" LINE);
    check_between("old 0\n\nl\n5\n" HASH "\n" LINE, bytes, "");
    return 0;
}
