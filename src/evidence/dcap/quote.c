/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/quote.h"

#include "base/cursor.h"
#include "base/span.h"

#define X(name, size) +(size)
_Static_assert((0 TROTH_QUOTE_HEADER(X)) == TROTH_QUOTE_HEADER_SIZE, "rows must tile");
#undef X

/* spec: [SGX-DCAP] A.3 "Quote Header": the only vendor there is, Intel. */
#define INTEL                                                                            \
    TROTH_LITERAL("\x93\x9a\x72\x33\xf7\x9c\x4c\xa9\x94\x0a\x0d\xb3\x95\x7f\x06\x07")

#define POINT_SIZE     64 /* X ‖ Y on P-256 */
#define SIGNATURE_SIZE 64 /* r ‖ s of the same */

struct body {
    enum troth_quote_body type;
    bool is_tdx;
    uint32_t size;
};

/* clang-format off */
static const struct body bodies[] = {
    {TROTH_QUOTE_BODY_SGX,     false, TROTH_SGX_REPORT_SIZE},
    {TROTH_QUOTE_BODY_TD10,    true,  TROTH_TD10_REPORT_SIZE},
    {TROTH_QUOTE_BODY_TD15,    true,  TROTH_TD15_REPORT_SIZE},
    {TROTH_QUOTE_BODY_TD15_EX, true,  TROTH_TD15_EX_REPORT_SIZE},
};
/* clang-format on */

static const struct body *find_body(uint64_t type)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        if (bodies[i].type == type)
            return &bodies[i];
    return NULL;
}

/* As troth_cursor_expect(), at the start of a field that was read. */
static void expect(struct troth_cursor *c, bool holds, struct troth_span field,
                   enum troth_err err, const char *name)
{
    if (holds || c->fault.err)
        return;
    c->next = field.ptr;
    troth_cursor_fail(c, err, name);
}

/* The next `width` bytes as a little-endian number, and where it stands. */
static uint32_t number(struct troth_cursor *c, struct troth_span *at, size_t width,
                       const char *name)
{
    *at = troth_cursor_bytes(c, width, name);
    return (uint32_t)troth_dcap_uint(*at);
}

static void read_header(struct troth_quote *q, struct troth_cursor *c)
{
    uint64_t tee_type;

#define X(name, size) q->name = troth_cursor_bytes(c, size, "dcap.quote." #name);
    TROTH_QUOTE_HEADER(X)
#undef X
    q->number = (uint16_t)troth_dcap_uint(q->version);
    tee_type = troth_dcap_uint(q->tee_type);
    q->is_tdx = tee_type == TROTH_QUOTE_TEE_TDX;
    expect(c, q->number >= 3 && q->number <= 5, q->version, TROTH_ERR_VERSION,
           "dcap.quote.version");
    expect(c, troth_dcap_uint(q->attestation_key_type) == TROTH_QUOTE_KEY_P256,
           q->attestation_key_type, TROTH_ERR_ALGORITHM,
           "dcap.quote.attestation_key_type");
    expect(c, tee_type == TROTH_QUOTE_TEE_SGX || (q->is_tdx && q->number > 3),
           q->tee_type, TROTH_ERR_VALUE, "dcap.quote.tee_type");
    expect(c, troth_span_equal(q->qe_vendor_id, INTEL), q->qe_vendor_id, TROTH_ERR_VALUE,
           "dcap.quote.qe_vendor_id");
}

/* Version 5 says which body follows, and how long it is; before, the TEE type does. */
static void read_body(struct troth_quote *q, struct troth_cursor *c)
{
    const struct body *body = find_body(q->is_tdx ? TROTH_QUOTE_BODY_TD10
                                                  : TROTH_QUOTE_BODY_SGX);

    if (q->number == 5) {
        struct troth_span type_at, size_at;
        uint32_t type = number(c, &type_at, 2, "dcap.quote.body.type");
        uint32_t size = number(c, &size_at, 4, "dcap.quote.body.size");
        const struct body *named = find_body(type);

        expect(c, named && named->is_tdx == q->is_tdx, type_at, TROTH_ERR_VALUE,
               "dcap.quote.body.type");
        expect(c, named && named->size == size, size_at, TROTH_ERR_VALUE,
               "dcap.quote.body.size");
        body = named ? named : body;
    }
    q->body_type = body->type;
    q->body = troth_cursor_bytes(c, body->size, "dcap.quote.body");
}

/* A block of declared length; leave() it under the same name. */
static struct troth_cursor enter(struct troth_cursor *c, const char *size_name,
                                 const char *name)
{
    return troth_cursor_enter(c, troth_cursor_u32le(c, size_name), name);
}

static void leave(struct troth_cursor *outer, struct troth_cursor *inner,
                  const char *name)
{
    if (troth_cursor_left(inner))
        troth_cursor_fail(inner, TROTH_ERR_TRAILING, name);
    troth_cursor_leave(outer, inner);
}

/* The quoting enclave's report, and what certifies the key that signed it. */
static void read_certified(struct troth_quote *q, struct troth_cursor *c)
{
    struct troth_cursor report = troth_cursor_enter(c, TROTH_SGX_REPORT_SIZE,
                                                    "dcap.quote.qe_report");
    struct troth_span type_at;
    uint32_t type;

    q->qe_report = (struct troth_span){report.next, troth_cursor_left(&report)};
    troth_sgx_report_read(&q->qe, &report, "dcap.quote.qe_report");
    troth_cursor_leave(c, &report);
    q->qe_signature = troth_cursor_bytes(c, SIGNATURE_SIZE, "dcap.quote.qe_signature");
    q->qe_auth_data = troth_cursor_bytes(
        c, troth_cursor_u16le(c, "dcap.quote.qe_auth_data.size"),
        "dcap.quote.qe_auth_data");
    type = number(c, &type_at, 2, "dcap.quote.certification.type");
    expect(c,
           type >= TROTH_CERTIFICATION_PPID && type <= TROTH_CERTIFICATION_MANIFEST &&
               type != TROTH_CERTIFICATION_QE_REPORT,
           type_at, TROTH_ERR_VALUE, "dcap.quote.certification.type");
    q->certification_type = (enum troth_certification_type)type;
    q->certification = troth_cursor_bytes(
        c, troth_cursor_u32le(c, "dcap.quote.certification.size"),
        "dcap.quote.certification");
}

/* From version 4 on the same stands within certification data of its own. */
static void read_wrapped(struct troth_quote *q, struct troth_cursor *c)
{
    static const char name[] = "dcap.quote.qe_certification";
    struct troth_span type_at;
    struct troth_cursor inner;
    uint32_t type = number(c, &type_at, 2, "dcap.quote.qe_certification.type");

    expect(c, type == TROTH_CERTIFICATION_QE_REPORT, type_at, TROTH_ERR_VALUE,
           "dcap.quote.qe_certification.type");
    inner = enter(c, "dcap.quote.qe_certification.size", name);
    read_certified(q, &inner);
    leave(c, &inner, name);
}

static void read_signature_data(struct troth_quote *q, struct troth_cursor *c)
{
    static const char name[] = "dcap.quote.signature_data";
    struct troth_cursor inner = enter(c, "dcap.quote.signature_data.size", name);

    q->signature = troth_cursor_bytes(&inner, SIGNATURE_SIZE, "dcap.quote.signature");
    q->attestation_key = troth_cursor_bytes(&inner, POINT_SIZE,
                                            "dcap.quote.attestation_key");
    if (q->number == 3)
        read_certified(q, &inner);
    else
        read_wrapped(q, &inner);
    leave(c, &inner, name);
}

bool troth_quote_recognise(struct troth_span raw, uint32_t tee_type)
{
    struct troth_cursor c = troth_cursor_over(raw);
    uint16_t version = troth_cursor_u16le(&c, NULL);
    uint16_t key_type = troth_cursor_u16le(&c, NULL);
    bool is_tdx = troth_cursor_u32le(&c, NULL) == TROTH_QUOTE_TEE_TDX;

    /* Small numbers, and not zero: other versions and key types are refused by name. */
    if (c.fault.err || version < 1 || version > 255 || key_type < 1 || key_type > 255)
        return false;
    return is_tdx == (tee_type == TROTH_QUOTE_TEE_TDX);
}

enum troth_err troth_quote_parse(struct troth_quote *out, struct troth_fault *fault,
                                 struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    struct troth_quote q = {0};

    read_header(&q, &c);
    read_body(&q, &c);
    q.signed_part = troth_span_slice(raw, 0, raw.len - troth_cursor_left(&c));
    read_signature_data(&q, &c);
    q.trailing = troth_cursor_rest(&c, "dcap.quote.trailing");

    enum troth_err err = troth_cursor_finish(&c, fault);
    *out = err ? (struct troth_quote){0} : q;
    return err;
}
