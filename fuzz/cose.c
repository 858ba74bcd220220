/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the COSE_Sign1 reader, and what is to be signed read back as CBOR. */
#include "codec/cose.h"

#include <stdlib.h>

#include "base/span.h"

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

static void check_signed(const struct troth_cose_sign1 *message,
                         struct troth_span external)
{
    struct troth_cose_heads scratch;
    const struct troth_cose_signed parts = troth_cose_sign1_signed(message, external,
                                                                   &scratch);
    struct troth_cbor r;
    size_t len = 0;

    for (size_t i = 0; i < parts.count; i++)
        len += parts.parts[i].len;
    uint8_t *whole = malloc(len ? len : 1);
    require(whole != NULL);
    len = 0;
    for (size_t i = 0; i < parts.count; i++)
        for (size_t k = 0; k < parts.parts[i].len; k++)
            whole[len++] = parts.parts[i].ptr[k];

    troth_cbor_init(&r, (struct troth_span){whole, len}, TROTH_CBOR_SHORTEST);
    troth_cbor_enter_array(&r, "signed");
    require(
        troth_span_equal(troth_cbor_text(&r, "context"), TROTH_LITERAL("Signature1")));
    const struct troth_span header = troth_cbor_bytes(&r, "protected");
    require(message->protected_count ? troth_span_equal(header, message->protected_raw)
                                     : header.len == 0);
    require(troth_span_equal(troth_cbor_bytes(&r, "external"), external));
    require(troth_span_equal(troth_cbor_bytes(&r, "payload"), message->payload));
    troth_cbor_leave(&r, "signed");
    require(troth_cbor_finish(&r, NULL) == TROTH_OK);
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span raw = {data, size};
    struct troth_cose_sign1 message;
    struct troth_fault fault;
    struct troth_cbor r;

    const enum troth_err err = troth_cose_sign1_parse(&message, &fault, raw);
    require(fault.err == err && fault.offset <= size);
    if (err) {
        require(message.payload.ptr == NULL && message.signature.ptr == NULL);
        return 0;
    }
    require(is_within(message.protected_raw, raw) && is_within(message.payload, raw) &&
            is_within(message.unprotected, raw) && is_within(message.signature, raw));
    troth_cbor_init(&r, raw, TROTH_CBOR_SHORTEST);
    (void)troth_cbor_skip(&r, "message");
    require(troth_cbor_finish(&r, NULL) == TROTH_OK);
    check_signed(&message, (struct troth_span){NULL, 0});
    check_signed(&message, (struct troth_span){data, size < 300 ? size : 300});
    return 0;
}
