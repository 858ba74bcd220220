/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/quote.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/handmade.h"

/* Every version with every body it may have. */
static const struct {
    unsigned version;
    enum troth_quote_body body;
    size_t body_size, total;
} shapes[] = {
    {3, TROTH_QUOTE_BODY_SGX, 384, 1072},     {4, TROTH_QUOTE_BODY_SGX, 384, 1078},
    {4, TROTH_QUOTE_BODY_TD10, 584, 1278},    {5, TROTH_QUOTE_BODY_SGX, 384, 1084},
    {5, TROTH_QUOTE_BODY_TD10, 584, 1284},    {5, TROTH_QUOTE_BODY_TD15, 648, 1348},
    {5, TROTH_QUOTE_BODY_TD15_EX, 885, 1585},
};

/* From memory of exactly its length, so that a sanitizer sees a read beyond it. */
static enum troth_err parse(struct troth_quote *q, struct troth_fault *fault,
                            struct troth_span raw)
{
    uint8_t *copy = malloc(raw.len ? raw.len : 1);
    enum troth_err err;

    memcpy(copy, raw.ptr, raw.len);
    memset(q, 0xaa, sizeof *q);
    err = troth_quote_parse(q, fault, (struct troth_span){copy, raw.len});
    if (!err)
        CHECK(q->signed_part.ptr == copy);
    free(copy);
    return err;
}

static void check_refused(struct troth_span raw, enum troth_err err, const char *field,
                          size_t offset)
{
    static const struct troth_quote nothing;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_quote q;

    CHECK_ERR(parse(&q, &fault, raw), err);
    CHECK_ERR(fault.err, err);
    CHECK_TEXT(fault.field, field);
    CHECK_INT(fault.offset, offset);
    if (err)
        CHECK(!q.body.ptr && !q.version.ptr && !q.trailing.ptr && !q.qe.mr_signer.ptr &&
              q.number == nothing.number && q.body_type == nothing.body_type);
}

static void check_field(const struct handmade *made, struct troth_span field, size_t at,
                        size_t len)
{
    CHECK_INT(field.ptr - made->bytes, at);
    CHECK_INT(field.len, len);
}

/* Where [SGX-DCAP] A.3 and [TDX-DCAP] A.3 put each field, written here once more. */
static void find_fields(void)
{
    static struct handmade made;
    struct troth_quote q;

    for (size_t i = 0; i < COUNT(shapes); i++) {
        size_t body_at = shapes[i].version == 5 ? 54 : 48;
        size_t signature_at = body_at + shapes[i].body_size + 4;
        size_t qe_at = signature_at + (shapes[i].version == 3 ? 128 : 134);

        test_case("fields of version %u, body %d", shapes[i].version, shapes[i].body);
        handmade_quote(&made, shapes[i].version, shapes[i].body);
        CHECK_INT(made.len, shapes[i].total);
        CHECK_ERR(troth_quote_parse(&q, NULL, handmade_span(&made)), TROTH_OK);
        check_field(&made, q.version, 0, 2);
        check_field(&made, q.attestation_key_type, 2, 2);
        check_field(&made, q.tee_type, 4, 4);
        check_field(&made, q.word_8, 8, 2);
        check_field(&made, q.word_10, 10, 2);
        check_field(&made, q.qe_vendor_id, 12, 16);
        check_field(&made, q.user_data, 28, 20);
        CHECK_INT(q.number, shapes[i].version);
        CHECK(q.is_tdx == (shapes[i].body != TROTH_QUOTE_BODY_SGX));
        CHECK_INT(q.body_type, shapes[i].body);
        check_field(&made, q.body, body_at, shapes[i].body_size);
        check_field(&made, q.signed_part, 0, body_at + shapes[i].body_size);
        check_field(&made, q.signature, signature_at, 64);
        check_field(&made, q.attestation_key, signature_at + 64, 64);
        check_field(&made, q.qe_report, qe_at, 384);
        check_field(&made, q.qe.cpu_svn, qe_at, 16);
        check_field(&made, q.qe.report_data, qe_at + 320, 64);
        check_field(&made, q.qe_signature, qe_at + 384, 64);
        check_field(&made, q.qe_auth_data, qe_at + 450, HANDMADE_AUTH);
        CHECK_INT(q.certification_type, TROTH_CERTIFICATION_PPID);
        check_field(&made, q.certification, qe_at + 456 + HANDMADE_AUTH,
                    HANDMADE_CERTIFICATION);
        check_field(&made, q.trailing, made.len, 0);
    }
}

/* What is cut short inside of declared lengths that stay as they are. */
static const char *field_of_cut(const struct handmade *made, size_t len, size_t *offset)
{
    static const struct {
        size_t at;
        const char *name;
    } header[] = {
        {0, "dcap.quote.version"},
        {2, "dcap.quote.attestation_key_type"},
        {4, "dcap.quote.tee_type"},
        {8, "dcap.quote.word_8"},
        {10, "dcap.quote.word_10"},
        {12, "dcap.quote.qe_vendor_id"},
        {28, "dcap.quote.user_data"},
        {48, "dcap.quote.body.type"},
        {50, "dcap.quote.body.size"},
        {0, "dcap.quote.body"},
        {0, "dcap.quote.signature_data.size"},
        {0, "dcap.quote.signature_data"},
    };
    const char *name = NULL;

    for (size_t i = 0; i < COUNT(header); i++) {
        size_t at = i < 9    ? header[i].at
                    : i == 9 ? made->at[AT_BODY]
                             : made->at[AT_SIGNATURE_SIZE] + (i == 11 ? 4 : 0);

        if (len >= at && !((i == 7 || i == 8) && made->bytes[0] != 5)) {
            name = header[i].name;
            *offset = at;
        }
    }
    return name;
}

static void cut_everywhere(void)
{
    static struct handmade made;

    for (size_t i = 0; i < COUNT(shapes); i++) {
        test_case("version %u, body %d, cut anywhere", shapes[i].version, shapes[i].body);
        handmade_quote(&made, shapes[i].version, shapes[i].body);
        for (size_t len = 0; len < made.len; len++) {
            size_t offset = 0;
            const char *name = field_of_cut(&made, len, &offset);

            check_refused((struct troth_span){made.bytes, len}, TROTH_ERR_SHORT, name,
                          offset);
        }
    }
}

/* Cut with the declared lengths around it made to agree. */
static void cut_within_signature_data(void)
{
    static struct handmade made;

    for (size_t i = 0; i < COUNT(shapes); i++) {
        unsigned version = shapes[i].version;
        size_t full;

        test_case("version %u, body %d, signature data cut anywhere", version,
                  shapes[i].body);
        handmade_quote(&made, version, shapes[i].body);
        full = made.len;
        for (size_t len = made.at[AT_SIGNATURE]; len < full; len++) {
            struct troth_fault fault;
            struct troth_quote q;

            handmade_put(&made, made.at[AT_SIGNATURE_SIZE], 4,
                         len - made.at[AT_SIGNATURE]);
            if (version > 3 && len >= made.at[AT_QE_REPORT])
                handmade_put(&made, made.at[AT_WRAPPER] + 2, 4,
                             len - made.at[AT_QE_REPORT]);
            CHECK_ERR(parse(&q, &fault, (struct troth_span){made.bytes, len}),
                      TROTH_ERR_SHORT);
            CHECK(fault.field != NULL && fault.offset <= len);
        }
    }
}

/* clang-format off */
/* One number written over a good quote. */
static const struct {
    const char *why;
    unsigned version;
    enum troth_quote_body body;
    enum handmade_place place;
    size_t skip, width;
    uint64_t value;
    enum troth_err err;
    const char *field;
    enum handmade_place fault_place;
    size_t fault_skip;
} rows[] = {
    {"version 0", 3, 1, AT_HEADER, 0, 2, 0, TROTH_ERR_VERSION, "dcap.quote.version", AT_HEADER, 0},
    {"version 2 is of another scheme", 3, 1, AT_HEADER, 0, 2, 2, TROTH_ERR_VERSION, "dcap.quote.version", AT_HEADER, 0},
    {"version 6 is to come", 5, 1, AT_HEADER, 0, 2, 6, TROTH_ERR_VERSION, "dcap.quote.version", AT_HEADER, 0},
    {"version 259", 3, 1, AT_HEADER, 0, 2, 259, TROTH_ERR_VERSION, "dcap.quote.version", AT_HEADER, 0},
    {"version 65535", 3, 1, AT_HEADER, 0, 2, 0xffff, TROTH_ERR_VERSION, "dcap.quote.version", AT_HEADER, 0},

    {"key type 0", 3, 1, AT_HEADER, 2, 2, 0, TROTH_ERR_ALGORITHM, "dcap.quote.attestation_key_type", AT_HEADER, 2},
    {"key type 1, EPID", 3, 1, AT_HEADER, 2, 2, 1, TROTH_ERR_ALGORITHM, "dcap.quote.attestation_key_type", AT_HEADER, 2},
    {"key type 3, P-384, is reserved", 4, 2, AT_HEADER, 2, 2, 3, TROTH_ERR_ALGORITHM, "dcap.quote.attestation_key_type", AT_HEADER, 2},
    {"key type 3 in version 5", 5, 3, AT_HEADER, 2, 2, 3, TROTH_ERR_ALGORITHM, "dcap.quote.attestation_key_type", AT_HEADER, 2},
    {"key type 258", 5, 3, AT_HEADER, 2, 2, 258, TROTH_ERR_ALGORITHM, "dcap.quote.attestation_key_type", AT_HEADER, 2},

    {"version 3 of a trust domain", 3, 1, AT_HEADER, 4, 4, 0x81, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 1 in version 3", 3, 1, AT_HEADER, 4, 4, 1, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 1", 4, 1, AT_HEADER, 4, 4, 1, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 0x80", 4, 2, AT_HEADER, 4, 4, 0x80, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 0x82", 5, 3, AT_HEADER, 4, 4, 0x82, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 0x01000081", 5, 3, AT_HEADER, 4, 4, 0x01000081, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},
    {"TEE type 0xffffffff", 4, 1, AT_HEADER, 4, 4, 0xffffffff, TROTH_ERR_VALUE, "dcap.quote.tee_type", AT_HEADER, 4},

    {"another QE vendor, first byte", 3, 1, AT_HEADER, 12, 1, 0x92, TROTH_ERR_VALUE, "dcap.quote.qe_vendor_id", AT_HEADER, 12},
    {"another QE vendor, last byte", 4, 2, AT_HEADER, 27, 1, 0x06, TROTH_ERR_VALUE, "dcap.quote.qe_vendor_id", AT_HEADER, 12},

    {"words 8 and 10 are for a check", 4, 2, AT_HEADER, 8, 4, 0xffffffff, TROTH_OK, NULL, AT_HEADER, 0},
    {"user data is anything", 4, 2, AT_HEADER, 28, 8, 0, TROTH_OK, NULL, AT_HEADER, 0},

    {"body type 0", 5, 1, AT_DESCRIPTOR, 0, 2, 0, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"body type 5", 5, 4, AT_DESCRIPTOR, 0, 2, 5, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"body type 257", 5, 1, AT_DESCRIPTOR, 0, 2, 257, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"body type 65535", 5, 3, AT_DESCRIPTOR, 0, 2, 0xffff, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"an enclave's body in a trust domain's quote", 5, 2, AT_DESCRIPTOR, 0, 2, 1, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"a trust domain's body in an enclave's quote", 5, 1, AT_DESCRIPTOR, 0, 2, 2, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"the same by its TEE type", 5, 3, AT_HEADER, 4, 4, 0, TROTH_ERR_VALUE, "dcap.quote.body.type", AT_DESCRIPTOR, 0},
    {"type 2 with the size of type 3", 5, 3, AT_DESCRIPTOR, 0, 2, 2, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"type 3 with the size of type 2", 5, 2, AT_DESCRIPTOR, 0, 2, 3, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 0", 5, 1, AT_DESCRIPTOR, 2, 4, 0, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 383", 5, 1, AT_DESCRIPTOR, 2, 4, 383, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 385", 5, 1, AT_DESCRIPTOR, 2, 4, 385, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 583", 5, 2, AT_DESCRIPTOR, 2, 4, 583, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 585", 5, 2, AT_DESCRIPTOR, 2, 4, 585, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 647", 5, 3, AT_DESCRIPTOR, 2, 4, 647, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 649", 5, 3, AT_DESCRIPTOR, 2, 4, 649, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 884", 5, 4, AT_DESCRIPTOR, 2, 4, 884, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 886", 5, 4, AT_DESCRIPTOR, 2, 4, 886, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 4 GiB", 5, 3, AT_DESCRIPTOR, 2, 4, 0xffffffff, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},
    {"body size 648 and 4 more bits", 5, 3, AT_DESCRIPTOR, 2, 4, 0xf0000288, TROTH_ERR_VALUE, "dcap.quote.body.size", AT_DESCRIPTOR, 2},

    {"signature data of 0 bytes", 3, 1, AT_SIGNATURE_SIZE, 0, 4, 0, TROTH_ERR_SHORT, "dcap.quote.signature", AT_SIGNATURE, 0},
    {"signature data one short", 3, 1, AT_SIGNATURE_SIZE, 0, 4, 635, TROTH_ERR_SHORT, "dcap.quote.certification", AT_CERTIFICATION, 6},
    {"signature data one short in version 4", 4, 2, AT_SIGNATURE_SIZE, 0, 4, 641, TROTH_ERR_SHORT, "dcap.quote.qe_certification", AT_QE_REPORT, 0},
    {"signature data one long", 3, 1, AT_SIGNATURE_SIZE, 0, 4, 637, TROTH_ERR_SHORT, "dcap.quote.signature_data", AT_SIGNATURE, 0},
    {"signature data of 2 GiB", 5, 3, AT_SIGNATURE_SIZE, 0, 4, 0x80000000, TROTH_ERR_SHORT, "dcap.quote.signature_data", AT_SIGNATURE, 0},
    {"signature data of 4 GiB", 4, 2, AT_SIGNATURE_SIZE, 0, 4, 0xffffffff, TROTH_ERR_SHORT, "dcap.quote.signature_data", AT_SIGNATURE, 0},
    {"signature data up to the key", 3, 1, AT_SIGNATURE_SIZE, 0, 4, 64, TROTH_ERR_SHORT, "dcap.quote.attestation_key", AT_KEY, 0},
    {"signature data up to the QE report", 3, 1, AT_SIGNATURE_SIZE, 0, 4, 128, TROTH_ERR_SHORT, "dcap.quote.qe_report", AT_QE_REPORT, 0},
    {"signature data up to the wrapper", 4, 2, AT_SIGNATURE_SIZE, 0, 4, 128, TROTH_ERR_SHORT, "dcap.quote.qe_certification.type", AT_WRAPPER, 0},
    {"signature data up to its size", 4, 2, AT_SIGNATURE_SIZE, 0, 4, 130, TROTH_ERR_SHORT, "dcap.quote.qe_certification.size", AT_WRAPPER, 2},

    {"a wrapper of type 5, as if version 4 were flat", 4, 2, AT_WRAPPER, 0, 2, 5, TROTH_ERR_VALUE, "dcap.quote.qe_certification.type", AT_WRAPPER, 0},
    {"a wrapper of type 7", 4, 1, AT_WRAPPER, 0, 2, 7, TROTH_ERR_VALUE, "dcap.quote.qe_certification.type", AT_WRAPPER, 0},
    {"a wrapper of type 0", 5, 3, AT_WRAPPER, 0, 2, 0, TROTH_ERR_VALUE, "dcap.quote.qe_certification.type", AT_WRAPPER, 0},
    {"a wrapper of type 262", 5, 3, AT_WRAPPER, 0, 2, 262, TROTH_ERR_VALUE, "dcap.quote.qe_certification.type", AT_WRAPPER, 0},
    {"a wrapper of 0 bytes", 4, 2, AT_WRAPPER, 2, 4, 0, TROTH_ERR_SHORT, "dcap.quote.qe_report", AT_QE_REPORT, 0},
    {"a wrapper one short", 4, 2, AT_WRAPPER, 2, 4, 507, TROTH_ERR_SHORT, "dcap.quote.certification", AT_CERTIFICATION, 6},
    {"a wrapper one long", 4, 2, AT_WRAPPER, 2, 4, 509, TROTH_ERR_SHORT, "dcap.quote.qe_certification", AT_QE_REPORT, 0},
    {"a wrapper of 4 GiB", 5, 3, AT_WRAPPER, 2, 4, 0xffffffff, TROTH_ERR_SHORT, "dcap.quote.qe_certification", AT_QE_REPORT, 0},
    {"a wrapper up to the QE's signature", 5, 1, AT_WRAPPER, 2, 4, 384, TROTH_ERR_SHORT, "dcap.quote.qe_signature", AT_QE_SIGNATURE, 0},
    {"a wrapper up to the authentication data", 5, 1, AT_WRAPPER, 2, 4, 448, TROTH_ERR_SHORT, "dcap.quote.qe_auth_data.size", AT_AUTH, 0},
    {"a wrapper up to its content", 5, 1, AT_WRAPPER, 2, 4, 450, TROTH_ERR_SHORT, "dcap.quote.qe_auth_data", AT_AUTH, 2},
    {"a wrapper up to the certification data", 5, 1, AT_WRAPPER, 2, 4, 482, TROTH_ERR_SHORT, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"a wrapper up to its size", 5, 1, AT_WRAPPER, 2, 4, 485, TROTH_ERR_SHORT, "dcap.quote.certification.size", AT_CERTIFICATION, 2},

    {"authentication data that swallows the rest", 3, 1, AT_AUTH, 0, 2, 58, TROTH_ERR_SHORT, "dcap.quote.certification.type", AT_END, 0},
    {"authentication data one longer than the rest", 3, 1, AT_AUTH, 0, 2, 59, TROTH_ERR_SHORT, "dcap.quote.qe_auth_data", AT_AUTH, 2},
    {"authentication data of 64 KiB", 4, 2, AT_AUTH, 0, 2, 0xffff, TROTH_ERR_SHORT, "dcap.quote.qe_auth_data", AT_AUTH, 2},

    {"certification type 0", 3, 1, AT_CERTIFICATION, 0, 2, 0, TROTH_ERR_VALUE, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"certification type 6 within itself", 4, 2, AT_CERTIFICATION, 0, 2, 6, TROTH_ERR_VALUE, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"certification type 6 in version 3", 3, 1, AT_CERTIFICATION, 0, 2, 6, TROTH_ERR_VALUE, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"certification type 8", 5, 3, AT_CERTIFICATION, 0, 2, 8, TROTH_ERR_VALUE, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"certification type 261", 5, 3, AT_CERTIFICATION, 0, 2, 261, TROTH_ERR_VALUE, "dcap.quote.certification.type", AT_CERTIFICATION, 0},
    {"certification data one short", 3, 1, AT_CERTIFICATION, 2, 4, 19, TROTH_ERR_TRAILING, "dcap.quote.signature_data", AT_CERTIFICATION, 25},
    {"certification data one short in version 4", 4, 2, AT_CERTIFICATION, 2, 4, 19, TROTH_ERR_TRAILING, "dcap.quote.qe_certification", AT_CERTIFICATION, 25},
    {"certification data of 0 bytes", 5, 3, AT_CERTIFICATION, 2, 4, 0, TROTH_ERR_TRAILING, "dcap.quote.qe_certification", AT_CERTIFICATION, 6},
    {"certification data one long", 3, 1, AT_CERTIFICATION, 2, 4, 21, TROTH_ERR_SHORT, "dcap.quote.certification", AT_CERTIFICATION, 6},
    {"certification data one long in version 5", 5, 3, AT_CERTIFICATION, 2, 4, 21, TROTH_ERR_SHORT, "dcap.quote.certification", AT_CERTIFICATION, 6},
    {"certification data of 4 GiB", 4, 1, AT_CERTIFICATION, 2, 4, 0xffffffff, TROTH_ERR_SHORT, "dcap.quote.certification", AT_CERTIFICATION, 6},
};
/* clang-format on */

static void refuse_rows(void)
{
    static struct handmade made;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        handmade_quote(&made, rows[i].version, rows[i].body);
        handmade_put(&made, made.at[rows[i].place] + rows[i].skip, rows[i].width,
                     rows[i].value);
        check_refused(handmade_span(&made), rows[i].err, rows[i].field,
                      made.at[rows[i].fault_place] + rows[i].fault_skip);
    }
}

/* Every byte of the vendor's number counts. */
static void change_vendor(void)
{
    static struct handmade made;

    test_case("any byte of the QE vendor");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    for (size_t at = 12; at < 28; at++) {
        made.bytes[at] ^= 1;
        check_refused(handmade_span(&made), TROTH_ERR_VALUE, "dcap.quote.qe_vendor_id",
                      12);
        made.bytes[at] ^= 1;
    }
    check_refused(handmade_span(&made), TROTH_OK, NULL, 0);
}

static void accept_certification_types(void)
{
    static const uint8_t types[] = {1, 2, 3, 4, 5, 7};
    static struct handmade made;
    struct troth_quote q;

    for (size_t i = 0; i < COUNT(types) * COUNT(shapes); i++) {
        uint8_t type = types[i % COUNT(types)];

        test_case("certification type %u in version %u", type,
                  shapes[i / COUNT(types)].version);
        handmade_quote(&made, shapes[i / COUNT(types)].version,
                       shapes[i / COUNT(types)].body);
        handmade_put(&made, made.at[AT_CERTIFICATION], 2, type);
        CHECK_ERR(troth_quote_parse(&q, NULL, handmade_span(&made)), TROTH_OK);
        CHECK_INT(q.certification_type, type);
    }
}

/* Nothing, and as much as the room allows: both are lengths like any other. */
static void stretch_auth_data(void)
{
    static const size_t lengths[] = {0, 1, 31, 33, 600};
    static struct handmade made;
    struct troth_quote q;

    for (size_t i = 0; i < COUNT(lengths); i++) {
        size_t auth, rest, moved;

        test_case("authentication data of %zu bytes", lengths[i]);
        handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
        auth = made.at[AT_AUTH] + 2;
        rest = made.len - made.at[AT_CERTIFICATION];
        moved = auth + lengths[i];
        memmove(made.bytes + moved, made.bytes + made.at[AT_CERTIFICATION], rest);
        made.len = moved + rest;
        handmade_put(&made, made.at[AT_AUTH], 2, lengths[i]);
        handmade_put(&made, made.at[AT_SIGNATURE_SIZE], 4,
                     made.len - made.at[AT_SIGNATURE]);
        handmade_put(&made, made.at[AT_WRAPPER] + 2, 4, made.len - made.at[AT_QE_REPORT]);
        CHECK_ERR(troth_quote_parse(&q, NULL, handmade_span(&made)), TROTH_OK);
        CHECK_INT(q.qe_auth_data.len, lengths[i]);
        CHECK_INT(q.certification.len, HANDMADE_CERTIFICATION);
    }
}

static void keep_what_follows(void)
{
    static const size_t lengths[] = {0, 1, 39, 700};
    static struct handmade made;
    struct troth_quote q;

    for (size_t i = 0; i < COUNT(lengths) * COUNT(shapes); i++) {
        size_t more = lengths[i % COUNT(lengths)];
        struct troth_span raw;

        test_case("%zu bytes behind version %u, body %d", more,
                  shapes[i / COUNT(lengths)].version, shapes[i / COUNT(lengths)].body);
        handmade_quote(&made, shapes[i / COUNT(lengths)].version,
                       shapes[i / COUNT(lengths)].body);
        raw = (struct troth_span){made.bytes, made.len + more};
        CHECK_ERR(troth_quote_parse(&q, NULL, raw), TROTH_OK);
        check_field(&made, q.trailing, made.len, more);
        CHECK_INT(q.certification.len, HANDMADE_CERTIFICATION);
    }
}

static void recognise_beginnings(void)
{
    static const struct {
        const char *why;
        const char *hex;
        bool sgx, tdx;
    } beginnings[] = {
        {"version 3", "0300020000000000", true, false},
        {"version 4 of an enclave", "0400020000000000", true, false},
        {"version 4 of a trust domain", "0400020081000000", false, true},
        {"version 5 of a trust domain", "0500020081000000", false, true},
        {"version 3 of a trust domain, which is refused", "0300020081000000", false,
         true},
        {"a TEE type of neither", "0400020001000000", true, false},
        {"a version to come", "0600020081000000", false, true},
        {"a key type to come", "0400030081000000", false, true},
        {"seven bytes", "04000200810000", false, false},
        {"nothing", "", false, false},
        {"a report of SEV-SNP", "0300000000000000", false, false},
        {"a response around one", "00000000a0040000", false, false},
        {"a document of Nitro", "8444a1013822a059", false, false},
        {"the same with a tag", "d28444a1013822a0", false, false},
        {"text", "2d2d2d2d2d424547", false, false},
    };
    struct troth_span raw;

    for (size_t i = 0; i < COUNT(beginnings); i++) {
        test_case("recognise %s", beginnings[i].why);
        raw = test_hex(beginnings[i].hex);
        CHECK(troth_quote_recognise(raw, TROTH_QUOTE_TEE_SGX) == beginnings[i].sgx);
        CHECK(troth_quote_recognise(raw, TROTH_QUOTE_TEE_TDX) == beginnings[i].tdx);
    }
}

/* Never a wrong no: whatever the parser reads was recognised, as the one and not the
 * other. */
static void recognise_what_is_read(void)
{
    static struct handmade made;
    struct troth_span raw;

    for (size_t i = 0; i < COUNT(shapes); i++) {
        bool is_tdx = shapes[i].body != TROTH_QUOTE_BODY_SGX;

        test_case("recognise version %u, body %d", shapes[i].version, shapes[i].body);
        handmade_quote(&made, shapes[i].version, shapes[i].body);
        raw = handmade_span(&made);
        CHECK(troth_quote_recognise(raw, TROTH_QUOTE_TEE_SGX) != is_tdx);
        CHECK(troth_quote_recognise(raw, TROTH_QUOTE_TEE_TDX) == is_tdx);
    }
}

/* Genuine quotes; lengths counted by another program. */
static void parse_genuine(void)
{
    static const struct {
        const char *path;
        unsigned version;
        enum troth_quote_body body;
        size_t certification_len, trailing_len;
    } genuine[] = {
        {"sgx/phala_sgx_v3_quote.bin", 3, TROTH_QUOTE_BODY_SGX, 3548, 0},
        {"sgx/trustee_occlum_sgx_v3_quote.bin", 3, TROTH_QUOTE_BODY_SGX, 3681, 0},
        {"tdx/phala_tdx_v4_quote.bin", 4, TROTH_QUOTE_BODY_TD10, 3678, 70},
        {"tdx/oe_tdx_v4_quote.bin", 4, TROTH_QUOTE_BODY_TD10, 3682, 0},
        {"tdx/automata_onchain_v4_quote.bin", 4, TROTH_QUOTE_BODY_TD10, 3677, 3065},
        {"tdx/oe_tdx_v5_quote.bin", 5, TROTH_QUOTE_BODY_TD15, 3678, 0},
        {"tdx/oe_tdx_relaunch_quote.bin", 5, TROTH_QUOTE_BODY_TD15, 3678, 0},
    };
    struct troth_quote q;

    for (size_t i = 0; i < COUNT(genuine); i++) {
        struct troth_span raw = test_vector(genuine[i].path);

        test_case("genuine %s", genuine[i].path);
        if (!raw.ptr) {
            test_skip("no vectors");
            continue;
        }
        CHECK_ERR(troth_quote_parse(&q, NULL, raw), TROTH_OK);
        CHECK_INT(q.number, genuine[i].version);
        CHECK_INT(q.body_type, genuine[i].body);
        CHECK_INT(q.certification_type, TROTH_CERTIFICATION_CHAIN);
        CHECK_INT(q.certification.len, genuine[i].certification_len);
        CHECK_INT(q.trailing.len, genuine[i].trailing_len);
        CHECK_INT(q.qe_auth_data.len, 32);
        CHECK(troth_sgx_report_not_zero(&q.qe) == NULL);
        CHECK(troth_span_starts_with(q.certification,
                                     test_text("-----BEGIN CERTIFICATE-----")));
    }
}

int main(void)
{
    find_fields();
    cut_everywhere();
    cut_within_signature_data();
    refuse_rows();
    change_vendor();
    accept_certification_types();
    stretch_auth_data();
    keep_what_follows();
    recognise_beginnings();
    recognise_what_is_read();
    parse_genuine();
    return test_finish();
}
