/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as one frame after the other, and as the body of one frame: what is read is
 * within its frame and is written back to the same bytes; what is refused says where, and
 * leaves nothing. Without what is behind its last field a frame is read.
 */
#include "channel/frame.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[TROTH_FRAME_MAX], made[TROTH_FRAME_MAX];

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_within(struct troth_span inner, struct troth_span outer)
{
    return inner.len == 0 ||
           (inner.ptr >= outer.ptr && inner.ptr + inner.len <= outer.ptr + outer.len);
}

static void require_fault(enum troth_err err, const struct troth_fault *fault,
                          struct troth_span input)
{
    require(fault->err == err && fault->offset <= input.len);
    require(!err == !fault->field);
}

static void require_same(const struct troth_writer *w, struct troth_span frame)
{
    struct troth_span written;

    require(!troth_writer_finish(w, &written) && troth_span_equal(written, frame));
}

static struct troth_fault read_hello(struct troth_writer *w, struct troth_span body)
{
    struct troth_fault fault;
    struct troth_hello hello;
    const enum troth_err err = troth_hello_parse(&hello, &fault, body);

    require_fault(err, &fault, body);
    require(is_within(hello.challenge, body) && is_within(hello.held, body));
    require(!err || (!hello.role && !hello.asks && !hello.challenge.ptr));
    if (!err)
        troth_hello_write(w, &hello);
    return fault;
}

static struct troth_fault read_proof(struct troth_writer *w, struct troth_span body)
{
    struct troth_fault fault;
    struct troth_proof_frame frame;
    const struct troth_proof *proof = &frame.proof;
    const enum troth_err err = troth_proof_parse(&frame, &fault, body);

    require_fault(err, &fault, body);
    require(is_within(proof->evidence, body) && is_within(proof->collateral, body) &&
            is_within(proof->key, body) && is_within(proof->nonce, body) &&
            is_within(proof->checkpoint, body) && is_within(frame.signature, body));
    require(!err || (!frame.role && !proof->evidence.ptr && !frame.signature.ptr));
    if (!err)
        troth_proof_write(w, &frame);
    return fault;
}

static struct troth_fault read_done(struct troth_writer *w, struct troth_span body)
{
    struct troth_fault fault;
    enum troth_role role;
    const enum troth_err err = troth_done_parse(&role, &fault, body);

    require_fault(err, &fault, body);
    require(!err == !!role);
    if (!err)
        troth_done_write(w, role);
    return fault;
}

/* A code that is not known is read as another. */
static struct troth_fault read_refuse(struct troth_writer *w, struct troth_span body)
{
    struct troth_fault fault;
    enum troth_channel_reason reason;
    const enum troth_err err = troth_refuse_parse(&reason, &fault, body);

    require_fault(err, &fault, body);
    require(!err == !!reason);
    if (!err && reason == body.ptr[0])
        troth_refuse_write(w, reason);
    return fault;
}

static struct troth_fault read_frame(const struct troth_frame *frame,
                                     struct troth_span whole)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_writer w = troth_writer_over(room, sizeof room);
    uint8_t header[TROTH_FRAME_HEADER];

    switch (frame->type) {
    case TROTH_FRAME_HELLO:
        fault = read_hello(&w, frame->body);
        break;
    case TROTH_FRAME_PROOF:
        fault = read_proof(&w, frame->body);
        break;
    case TROTH_FRAME_DONE:
        fault = read_done(&w, frame->body);
        break;
    case TROTH_FRAME_REFUSE:
        fault = read_refuse(&w, frame->body);
        break;
    case TROTH_FRAME_DATA:
        troth_frame_data_header(header, frame->body.len);
        troth_write_bytes(&w, (struct troth_span)TROTH_ARRAY_SPAN(header));
        troth_write_bytes(&w, frame->body);
        break;
    case TROTH_FRAME_END:
        require(frame->body.len == 0);
        break;
    }
    if (w.len || w.full)
        require_same(&w, whole);
    return fault;
}

/* The length that a header tells is that of the only frame that begins so. */
static size_t read_one(struct troth_span rest)
{
    struct troth_frame frame;
    struct troth_fault fault;
    size_t len = rest.len;
    const bool has_header = rest.len >= TROTH_FRAME_HEADER;
    const enum troth_err header_err = has_header ? troth_frame_length(&len, rest.ptr)
                                                 : TROTH_OK;
    const size_t taken = !header_err && len < rest.len ? len : rest.len;
    const struct troth_span whole = {rest.ptr, taken};
    const enum troth_err err = troth_frame_parse(&frame, &fault, whole);

    require_fault(err, &fault, whole);
    require(has_header ? !header_err || err == header_err : err != TROTH_OK);
    require(!err || (!frame.type && !frame.body.ptr));
    if (!err) {
        require(len == whole.len && is_within(frame.body, whole));
        (void)read_frame(&frame, whole);
    }
    return taken;
}

static struct troth_fault read_body(uint8_t type, struct troth_span body)
{
    struct troth_writer w = troth_writer_over(made, sizeof made);
    struct troth_fault fault;
    struct troth_span whole;
    struct troth_frame frame;

    troth_write_u8(&w, type);
    troth_write_uint_be(&w, body.len, TROTH_FRAME_HEADER - 1);
    troth_write_bytes(&w, body);
    if (troth_writer_finish(&w, &whole))
        return (struct troth_fault){TROTH_ERR_LIMIT, NULL, 0};
    return troth_frame_parse(&frame, &fault, whole) ? fault : read_frame(&frame, whole);
}

static void read_cut(uint8_t type, struct troth_span body)
{
    struct troth_fault fault = read_body(type, body);

    if (fault.err == TROTH_ERR_TRAILING)
        require(!read_body(type, (struct troth_span){body.ptr, fault.offset}).err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_span rest = {data, size};

    if (size)
        read_cut(data[0], (struct troth_span){data + 1, size - 1});
    do {
        const size_t taken = read_one(rest);

        rest = troth_span_slice(rest, taken, rest.len);
    } while (rest.len);
    return 0;
}
