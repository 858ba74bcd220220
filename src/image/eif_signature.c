/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_signature.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/cose.h"
#include "image/eif_certificate.h"
#include "pki/cert.h"

/* What a device takes, and we do. */
static const struct algorithm {
    enum troth_signature_algorithm algorithm;
    int64_t number;
} algorithms[] = {
    {TROTH_ECDSA_P256_SHA256, TROTH_COSE_ES256},
    {TROTH_ECDSA_P384_SHA384, TROTH_COSE_ES384},
};

enum { ALGORITHMS = sizeof algorithms / sizeof algorithms[0] };

/* An array of numbers that stands for bytes, and where it stood. */
struct numbers {
    struct troth_span bytes;
    size_t offset;
};

static struct numbers read_numbers(struct troth_cbor *r, struct troth_arena *arena,
                                   const char *field)
{
    const size_t offset = (size_t)(r->c.next - r->c.origin);
    const size_t max = troth_cursor_left(&r->c); /* a number takes a byte at least */
    uint8_t *out = troth_arena_take_unset(arena, max, 1);
    size_t len = 0;

    troth_cbor_expect(r, out != NULL, TROTH_ERR_MEMORY, field);
    if (!out)
        return (struct numbers){{NULL, 0}, 0};
    troth_cbor_enter_array(r, field);
    while (troth_cbor_more(r)) {
        const uint64_t number = troth_cbor_uint(r, field);

        troth_cbor_expect(r, number <= UINT8_MAX, TROTH_ERR_VALUE, field);
        if (len < max)
            out[len++] = (uint8_t)number;
    }
    troth_cbor_leave(r, field);
    arena->used -= max - len;
    return (struct numbers){{out, len}, offset};
}

/* One of the two members of a map; each key comes once. */
struct member {
    const char *key, *field;
    struct numbers value;
};

static void read_member(struct troth_cbor *r, struct troth_arena *arena,
                        struct member *members, size_t count)
{
    const struct troth_span key = troth_cbor_text(r, "eif.signature.key");

    for (size_t i = 0; i < count; i++)
        if (troth_span_is_text(key, members[i].key)) {
            members[i].value = read_numbers(r, arena, members[i].field);
            return;
        }
    troth_cbor_expect(r, false, TROTH_ERR_UNSUPPORTED, "eif.signature.key");
}

static enum troth_err read_entry(struct member *members, size_t count,
                                 struct troth_fault *fault, struct troth_span data,
                                 struct troth_arena *arena)
{
    struct troth_cbor r;

    troth_cbor_init(&r, data, TROTH_CBOR_SHORTEST);
    troth_cbor_enter_array(&r, "eif.signature");
    troth_cbor_enter_map(&r, "eif.signature");
    while (troth_cbor_more(&r))
        read_member(&r, arena, members, count);
    troth_cbor_leave(&r, "eif.signature");
    for (size_t i = 0; i < count; i++)
        troth_cbor_expect(&r, members[i].value.bytes.ptr != NULL, TROTH_ERR_MISSING,
                          members[i].field);
    /* A device looks at the first alone: others would only look like signatures. */
    troth_cbor_expect(&r, !troth_cbor_more(&r), TROTH_ERR_UNSUPPORTED, "eif.signature");
    troth_cbor_leave(&r, "eif.signature");
    return troth_cbor_finish(&r, fault);
}

static enum troth_err read_payload(struct troth_eif_signature *out,
                                   struct troth_fault *fault, struct troth_arena *arena)
{
    struct numbers value = {{NULL, 0}, 0};
    uint64_t index = 1;
    struct troth_cbor r;

    troth_cbor_init(&r, out->payload, TROTH_CBOR_SHORTEST);
    troth_cbor_enter_map(&r, "eif.signature.payload");
    while (troth_cbor_more(&r)) {
        const struct troth_span key = troth_cbor_text(&r, "eif.signature.payload");

        if (troth_span_is_text(key, "register_index"))
            index = troth_cbor_uint(&r, "eif.signature.register_index");
        else if (troth_span_is_text(key, "register_value"))
            value = read_numbers(&r, arena, "eif.signature.register_value");
        else
            troth_cbor_expect(&r, false, TROTH_ERR_UNSUPPORTED, "eif.signature.payload");
    }
    troth_cbor_leave(&r, "eif.signature.payload");
    troth_cbor_expect(&r, index == 0, TROTH_ERR_VALUE, "eif.signature.register_index");
    troth_cbor_expect(&r, value.bytes.len == TROTH_PCR_SIZE, TROTH_ERR_VALUE,
                      "eif.signature.register_value");

    enum troth_err err = troth_cbor_finish(&r, fault);

    if (!err && value.bytes.ptr)
        memcpy(out->pcr0, value.bytes.ptr, TROTH_PCR_SIZE);
    return err;
}

static const struct algorithm *find_number(int64_t number)
{
    for (size_t i = 0; i < ALGORITHMS; i++)
        if (algorithms[i].number == number)
            return &algorithms[i];
    return NULL;
}

/* Is a COSE_Sign1 what AWS's signer writes? */
static enum troth_err judge_message(struct troth_eif_signature *out,
                                    struct troth_fault *fault,
                                    const struct troth_cose_sign1 *message)
{
    const struct algorithm *algorithm = find_number(message->algorithm);

    if (message->tagged)
        return troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "eif.signature.tag");
    if (!algorithm)
        return troth_fault_set(fault, TROTH_ERR_ALGORITHM, "eif.signature.algorithm");
    if (message->protected_count != 1 || message->unprotected_count != 0)
        return troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "eif.signature.header");
    if (message->signature.len !=
        troth_raw_signature_size(troth_signature_facts(algorithm->algorithm).key))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "eif.signature.signature");
    out->algorithm = algorithm->algorithm;
    out->protected_header = message->protected_raw;
    out->payload = message->payload;
    out->signature = message->signature;
    return TROTH_OK;
}

static enum troth_err read_message(struct troth_eif_signature *out,
                                   struct troth_fault *fault, struct numbers bytes,
                                   struct troth_arena *arena)
{
    struct troth_cose_sign1 message;
    enum troth_err err = troth_cose_sign1_parse(&message, fault, bytes.bytes);

    if (err)
        (void)troth_fault_set(fault, err, "eif.signature.signature");
    else
        err = judge_message(out, fault, &message);
    if (!err)
        err = read_payload(out, fault, arena);
    if (err && fault)
        fault->offset = bytes.offset;
    return err;
}

static enum troth_err read_certificate(struct troth_eif_signature *out,
                                       struct troth_fault *fault, struct numbers pem,
                                       struct troth_arena *arena)
{
    struct troth_eif_certificate certificate;
    const enum troth_err err = troth_eif_certificate_read(&certificate, pem.bytes, arena);

    out->certificate_pem = pem.bytes;
    out->certificate = certificate.der;
    out->key = certificate.key;
    if (err && fault)
        *fault = (struct troth_fault){err, "eif.signature.signing_certificate",
                                      pem.offset};
    return err;
}

enum troth_err troth_eif_signature_read(struct troth_eif_signature *out,
                                        struct troth_fault *fault, struct troth_span data,
                                        struct troth_arena *arena)
{
    struct member members[] = {
        {.key = "signing_certificate", .field = "eif.signature.signing_certificate"},
        {.key = "signature", .field = "eif.signature.signature"},
    };
    enum troth_err err = TROTH_ERR_LIMIT;

    *out = (struct troth_eif_signature){0};
    if (data.len <= TROTH_EIF_SIGNATURE_MAX)
        err = read_entry(members, 2, fault, data, arena);
    else
        (void)troth_fault_set(fault, err, "eif.signature");
    if (!err)
        err = read_certificate(out, fault, members[0].value, arena);
    if (!err)
        err = read_message(out, fault, members[1].value, arena);
    if (err)
        *out = (struct troth_eif_signature){0};
    return troth_fault_name(fault, err, "eif.signature");
}

static enum troth_err verify(const struct troth_eif_signature *signature,
                             const struct troth_crypto *crypto)
{
    const struct troth_cose_sign1 message = {
        .protected_raw = signature->protected_header,
        .protected_count = 1,
        .payload = signature->payload,
    };
    struct troth_cose_heads heads;
    const struct troth_cose_signed pieces = troth_cose_sign1_signed(
        &message, (struct troth_span){NULL, 0}, &heads);

    if (signature->key.kind != troth_signature_facts(signature->algorithm).key)
        return TROTH_ERR_KEY;

    enum troth_err err = crypto->ops->verify(
        crypto->state, signature->algorithm, &signature->key,
        (struct troth_parts){pieces.parts, pieces.count}, signature->signature);

    /* A provider's other answers would be a fault of its own. */
    return err && err != TROTH_ERR_SIGNATURE && err != TROTH_ERR_KEY ? TROTH_ERR_CRYPTO
                                                                     : err;
}

enum troth_err troth_eif_signature_verify(const struct troth_eif_signature *signature,
                                          struct troth_fault *fault,
                                          const struct troth_crypto *crypto,
                                          const uint8_t pcr0[static TROTH_PCR_SIZE])
{
    if (!troth_span_equal((struct troth_span){signature->pcr0, TROTH_PCR_SIZE},
                          (struct troth_span){pcr0, TROTH_PCR_SIZE}))
        return troth_fault_set(fault, TROTH_ERR_MISMATCH, "eif.signature.register_value");

    const enum troth_err err = verify(signature, crypto);

    return troth_fault_set(fault, err, err ? "eif.signature.signature" : NULL);
}
