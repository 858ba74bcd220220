/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/nitro/nitro.h"

#include "base/span.h"

enum key {
#define X(id, text) KEY_##id,
    TROTH_NITRO_KEYS(X)
#undef X
        KEY_COUNT
};

static const struct troth_span key_texts[KEY_COUNT] = {
#define X(id, text) {(const uint8_t *)(text), sizeof(text) - 1},
    TROTH_NITRO_KEYS(X)
#undef X
};

/* Documents keep the keys in one order, so the one after the last is looked at first. */
static enum key key_of(struct troth_span text, unsigned last)
{
    for (unsigned i = 1; i <= KEY_COUNT; i++) {
        unsigned key = (last + i) % KEY_COUNT;

        if (troth_span_equal(text, key_texts[key]))
            return (enum key)key;
    }
    return KEY_COUNT;
}

static void read_pcrs(struct troth_cbor *r, struct troth_nitro *d)
{
    size_t count = 0;

    troth_cbor_enter_map(r, "nitro.pcrs");
    while (troth_cbor_more(r)) {
        uint64_t index = troth_cbor_uint(r, "nitro.pcrs.index");
        struct troth_span value = troth_cbor_bytes(r, "nitro.pcrs.value");

        troth_cbor_expect(r, index < TROTH_NITRO_PCRS, TROTH_ERR_LIMIT,
                          "nitro.pcrs.index");
        troth_cbor_expect(r, value.len == TROTH_NITRO_DIGEST_SIZE, TROTH_ERR_VALUE,
                          "nitro.pcrs.value");
        if (index < TROTH_NITRO_PCRS)
            d->pcrs[index] = value;
        count++;
    }
    troth_cbor_leave(r, "nitro.pcrs");
    troth_cbor_expect(r, count > 0, TROTH_ERR_MISSING, "nitro.pcrs");
}

static struct troth_span read_certificate(struct troth_cbor *r, const char *field)
{
    struct troth_span der = troth_cbor_bytes(r, field);

    troth_cbor_expect(r, der.len > 0, TROTH_ERR_VALUE, field);
    troth_cbor_expect(r, der.len <= TROTH_NITRO_CERTIFICATE_MAX, TROTH_ERR_LIMIT, field);
    return der;
}

static void read_bundle(struct troth_cbor *r, struct troth_nitro *d)
{
    troth_cbor_enter_array(r, "nitro.cabundle");
    while (troth_cbor_more(r)) {
        struct troth_span der = read_certificate(r, "nitro.cabundle");

        troth_cbor_expect(r, d->bundle_count < TROTH_NITRO_BUNDLE_MAX, TROTH_ERR_LIMIT,
                          "nitro.cabundle");
        if (d->bundle_count < TROTH_NITRO_BUNDLE_MAX)
            d->bundle[d->bundle_count++] = der;
    }
    troth_cbor_leave(r, "nitro.cabundle");
    troth_cbor_expect(r, d->bundle_count > 0, TROTH_ERR_MISSING, "nitro.cabundle");
}

static struct troth_span read_optional(struct troth_cbor *r, const char *field)
{
    struct troth_span bytes = {NULL, 0};

    if (troth_cbor_peek(r) == TROTH_CBOR_NULL) {
        troth_cbor_null(r, field);
        return bytes;
    }
    bytes = troth_cbor_bytes(r, field);
    troth_cbor_expect(r, bytes.len <= TROTH_NITRO_OPTIONAL_MAX, TROTH_ERR_LIMIT, field);
    return bytes;
}

static void read_module_id(struct troth_cbor *r, struct troth_nitro *d)
{
    d->module_id = troth_cbor_text(r, "nitro.module_id");
    troth_cbor_expect(r, d->module_id.len > 0, TROTH_ERR_VALUE, "nitro.module_id");
    troth_cbor_expect(r, d->module_id.len <= TROTH_NITRO_MODULE_ID_MAX, TROTH_ERR_LIMIT,
                      "nitro.module_id");
}

/* One value, by its key. */
static void read_value(struct troth_cbor *r, struct troth_nitro *d, enum key key)
{
    switch (key) {
    case KEY_MODULE_ID:
        read_module_id(r, d);
        break;
    case KEY_DIGEST:
        d->digest = troth_cbor_text(r, "nitro.digest");
        troth_cbor_expect(r, troth_span_equal(d->digest, TROTH_LITERAL("SHA384")),
                          TROTH_ERR_VALUE, "nitro.digest");
        break;
    case KEY_TIMESTAMP:
        d->timestamp_ms = troth_cbor_uint(r, "nitro.timestamp");
        troth_cbor_expect(r, d->timestamp_ms > 0 && d->timestamp_ms <= INT64_MAX,
                          TROTH_ERR_VALUE, "nitro.timestamp");
        break;
    case KEY_NITROTPM_PCRS:
        d->is_tpm = true;
        read_pcrs(r, d);
        break;
    case KEY_PCRS:
        read_pcrs(r, d);
        break;
    case KEY_CERTIFICATE:
        d->certificate = read_certificate(r, "nitro.certificate");
        break;
    case KEY_CABUNDLE:
        read_bundle(r, d);
        break;
    case KEY_PUBLIC_KEY:
        d->public_key = read_optional(r, "nitro.public_key");
        break;
    case KEY_USER_DATA:
        d->user_data = read_optional(r, "nitro.user_data");
        break;
    case KEY_NONCE:
        d->nonce = read_optional(r, "nitro.nonce");
        break;
    case KEY_COUNT:
        troth_cbor_expect(r, false, TROTH_ERR_UNSUPPORTED, "nitro.unknown_key");
        break;
    }
}

static void expect_complete(struct troth_cbor *r, unsigned seen)
{
    static const struct {
        enum key key;
        const char *field;
    } required[] = {
        {KEY_MODULE_ID, "nitro.module_id"}, {KEY_DIGEST, "nitro.digest"},
        {KEY_TIMESTAMP, "nitro.timestamp"}, {KEY_CERTIFICATE, "nitro.certificate"},
        {KEY_CABUNDLE, "nitro.cabundle"},
    };
    unsigned pcrs = (seen >> KEY_PCRS & 1) + (seen >> KEY_NITROTPM_PCRS & 1);

    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        troth_cbor_expect(r, seen >> required[i].key & 1, TROTH_ERR_MISSING,
                          required[i].field);
    troth_cbor_expect(r, pcrs > 0, TROTH_ERR_MISSING, "nitro.pcrs");
    /* One document cannot be of two types. */
    troth_cbor_expect(r, pcrs < 2, TROTH_ERR_VALUE, "nitro.nitrotpm_pcrs");
}

static enum troth_err parse_payload(struct troth_nitro *d, struct troth_fault *fault,
                                    struct troth_span payload)
{
    struct troth_cbor r;
    enum key key = KEY_NONCE; /* the last: the first is looked for first */
    unsigned seen = 0;

    troth_cbor_init(&r, payload, TROTH_CBOR_SHORTEST);
    troth_cbor_enter_map(&r, "nitro.payload");
    while (troth_cbor_more(&r)) {
        key = key_of(troth_cbor_text(&r, "nitro.payload"), key);
        read_value(&r, d, key);
        seen |= 1U << key;
    }
    troth_cbor_leave(&r, "nitro.payload");
    expect_complete(&r, seen);
    return troth_cbor_finish(&r, fault);
}

enum troth_err troth_nitro_parse(struct troth_nitro *out, struct troth_fault *fault,
                                 struct troth_span raw)
{
    enum troth_err err;

    *out = (struct troth_nitro){0};
    err = troth_cose_sign1_parse(&out->envelope, fault, raw);
    if (!err && (out->envelope.payload.len == 0 ||
                 out->envelope.payload.len > TROTH_NITRO_PAYLOAD_MAX)) {
        err = TROTH_ERR_LIMIT;
        if (fault)
            *fault = (struct troth_fault){err, "nitro.payload", 0};
    }
    if (!err) {
        err = parse_payload(out, fault, out->envelope.payload);
        /* Offsets count from the start of the document. */
        if (err && fault)
            fault->offset += (size_t)(out->envelope.payload.ptr - raw.ptr);
    }
    if (err)
        *out = (struct troth_nitro){0};
    return err;
}
