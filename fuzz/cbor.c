/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the CBOR reader: what a skip takes, a walk by types takes as well. */
#include "codec/cbor.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* A string in chunks and what has no reader of its own can only be skipped. */
static void read_string(struct troth_cbor *r, struct troth_span raw, bool is_text)
{
    struct troth_span contents;

    if (*r->c.next == 0x5f || *r->c.next == 0x7f)
        contents = troth_cbor_skip(r, "chunks");
    else
        contents = is_text ? troth_cbor_text(r, "text") : troth_cbor_bytes(r, "bytes");
    require(is_within(contents, raw));
}

static void read_number(struct troth_cbor *r, enum troth_cbor_type type)
{
    struct troth_cbor ahead = *r;

    (void)troth_cbor_int(&ahead, "int");
    if (!ahead.c.fault.err) {
        (void)troth_cbor_int(r, "int");
    } else if (type == TROTH_CBOR_UINT && ahead.c.fault.err == TROTH_ERR_LIMIT) {
        const uint64_t value = troth_cbor_uint(r, "uint");

        /* As a key it may still be refused: because it is there already. */
        require(r->c.fault.err || value > INT64_MAX);
    } else {
        (void)troth_cbor_skip(r, "beyond int64");
    }
}

static void read_one(struct troth_cbor *r, struct troth_span raw)
{
    const enum troth_cbor_type type = troth_cbor_peek(r);

    switch (type) {
    case TROTH_CBOR_UINT:
    case TROTH_CBOR_NEGATIVE:
        read_number(r, type);
        break;
    case TROTH_CBOR_BYTES:
    case TROTH_CBOR_TEXT:
        read_string(r, raw, type == TROTH_CBOR_TEXT);
        break;
    case TROTH_CBOR_ARRAY:
        troth_cbor_enter_array(r, "array");
        break;
    case TROTH_CBOR_MAP:
        troth_cbor_enter_map(r, "map");
        break;
    case TROTH_CBOR_TAG:
        (void)troth_cbor_tag(r, "tag");
        break;
    case TROTH_CBOR_BOOL:
        (void)troth_cbor_bool(r, "bool");
        break;
    case TROTH_CBOR_NULL:
        troth_cbor_null(r, "null");
        break;
    case TROTH_CBOR_UNDEFINED:
    case TROTH_CBOR_SIMPLE:
    case TROTH_CBOR_FLOAT:
    case TROTH_CBOR_END:
        (void)troth_cbor_skip(r, "other");
    }
}

static enum troth_err walk(struct troth_span raw, enum troth_cbor_strictness strictness)
{
    struct troth_cbor r;

    troth_cbor_init(&r, raw, strictness);
    do {
        if (r.depth && !troth_cbor_more(&r))
            troth_cbor_leave(&r, "container");
        else
            read_one(&r, raw);
    } while (!r.c.fault.err && (r.depth || r.tagged));
    return troth_cbor_finish(&r, NULL);
}

static void check(struct troth_span raw, enum troth_cbor_strictness strictness)
{
    struct troth_cbor r;
    struct troth_fault fault;

    troth_cbor_init(&r, raw, strictness);
    const struct troth_span item = troth_cbor_skip(&r, "item");
    require(is_within(item, raw));
    const enum troth_err err = troth_cbor_finish(&r, &fault);
    require(fault.err == err && fault.offset <= raw.len);
    require(walk(raw, strictness) == err);

    /* What is read when heads must be short is read when they need not be. */
    if (!err && strictness == TROTH_CBOR_SHORTEST)
        require(walk(raw, TROTH_CBOR_ANY_LENGTH) == TROTH_OK);
    /* An item ends where it ends, whatever follows. */
    if (err == TROTH_ERR_TRAILING)
        require(item.len > 0 && walk(item, strictness) == TROTH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span raw = {data, size};

    check(raw, TROTH_CBOR_SHORTEST);
    check(raw, TROTH_CBOR_ANY_LENGTH);
    return 0;
}
