/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_quote.h"

#include <assert.h>
#include <nettle/sha2.h>

#define SIZE_OF(name, size) +(size)
static_assert((0 SIM_QUOTE_HEADER(SIZE_OF, SIZE_OF)) == 48, "rows tile the header");
static_assert((0 SIM_SGX_REPORT(SIZE_OF, SIZE_OF)) == 384, "rows tile the report");
static_assert((0 SIM_TD10_REPORT(SIZE_OF, SIZE_OF)) == 584, "rows tile TD 1.0");
static_assert((0 SIM_TD15_REPORT(SIZE_OF, SIZE_OF)) == 648 - 584, "rows tile TD 1.5");
static_assert((0 SIM_TD15_EX_REPORT(SIZE_OF, SIZE_OF)) == 885 - 648,
              "rows tile TD 1.5-EX");
#undef SIZE_OF

static void put_number(struct sim_bytes *out, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sim_bytes_append_byte(out, (uint8_t)(number >> 8 * i));
}

/* A length in so many bytes, and what is added to it. */
static void put_len(struct sim_bytes *out, size_t len, int lie, size_t size)
{
    put_number(out, (uint64_t)((int64_t)len + lie), size);
}

#define NUMBER(name, size) put_number(out, from->name, size);
#define BYTES(name, size)  sim_bytes_append(out, SIM_ARRAY(from->name));
static void put_header(struct sim_bytes *out, const struct sim_quote_header *from)
{
    SIM_QUOTE_HEADER(NUMBER, BYTES)
}

static void put_enclave(struct sim_bytes *out, const struct sim_sgx_report *from)
{
    SIM_SGX_REPORT(NUMBER, BYTES)
}

static void put_td10(struct sim_bytes *out, const struct sim_td_report *from)
{
    SIM_TD10_REPORT(NUMBER, BYTES)
}

static void put_td15(struct sim_bytes *out, const struct sim_td_report *from)
{
    SIM_TD15_REPORT(NUMBER, BYTES)
}

static void put_td15_ex(struct sim_bytes *out, const struct sim_td_report *from)
{
    SIM_TD15_EX_REPORT(NUMBER, BYTES)
}
#undef NUMBER
#undef BYTES

static struct sim_bytes mint_body(const struct sim_intel_quote *quote)
{
    struct sim_bytes out = {0};

    if (quote->body == SIM_BODY_SGX)
        put_enclave(&out, &quote->enclave);
    else
        put_td10(&out, &quote->td);
    if (quote->body == SIM_BODY_TD15 || quote->body == SIM_BODY_TD15_EX)
        put_td15(&out, &quote->td);
    if (quote->body == SIM_BODY_TD15_EX)
        put_td15_ex(&out, &quote->td);
    return out;
}

static struct sim_bytes mint_signed(const struct sim_intel_quote *quote)
{
    struct sim_bytes body = mint_body(quote);
    struct sim_bytes out = {0};

    put_header(&out, &quote->header);
    if (quote->layout == 5) {
        put_number(&out, quote->body_type, 2);
        put_len(&out, body.len, quote->lies.body, 4);
    }
    sim_bytes_take(&out, body);
    sim_edit_apply(quote->edit_signed, &out);
    return out;
}

static struct sim_bytes mint_key(const struct sim_intel_quote *quote)
{
    const struct troth_span point = sim_key_public(quote->key);
    struct sim_bytes out = {0};

    sim_bytes_append(&out, (struct troth_span){point.ptr + 1, point.len - 1});
    sim_edit_apply(quote->edit_key, &out);
    return out;
}

static struct troth_span auth_data(const struct sim_intel_quote *quote)
{
    return (struct troth_span){quote->auth_data, quote->auth_data_len};
}

/* The QE says which attestation key is its own. */
static void bind_key(struct sim_sgx_report *qe, const struct sim_intel_quote *quote,
                     struct troth_span key)
{
    const struct troth_span auth = auth_data(quote);
    struct sha256_ctx hash;

    if (quote->keeps_report_data)
        return;
    sha256_init(&hash);
    sha256_update(&hash, key.len, key.ptr);
    sha256_update(&hash, auth.len, auth.ptr);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, qe->report_data);
}

/* What says whose the attestation key is: the QE's report, and whose the QE is. */
static struct sim_bytes mint_qe(const struct sim_intel_quote *quote,
                                struct troth_span key, struct sim_bytes certification)
{
    struct sim_sgx_report qe = quote->qe;
    struct sim_bytes out = {0};

    bind_key(&qe, quote, key);
    put_enclave(&out, &qe);
    sim_edit_apply(quote->edit_qe_report, &out);
    struct sim_bytes signature = sim_key_sign_raw(quote->qe_key, sim_bytes_span(out));
    sim_edit_apply(quote->edit_qe_signature, &signature);
    sim_bytes_take(&out, signature);
    put_len(&out, quote->auth_data_len, quote->lies.auth_data, 2);
    sim_bytes_append(&out, auth_data(quote));
    sim_edit_apply(quote->edit_certification, &certification);
    put_number(&out, quote->certification_type, 2);
    put_len(&out, certification.len, quote->lies.certification, 4);
    sim_bytes_take(&out, certification);
    return out;
}

struct sim_bytes sim_intel_quote_mint(const struct sim_intel_quote *quote,
                                      struct sim_bytes certification)
{
    struct sim_bytes out = mint_signed(quote);
    struct sim_bytes data = sim_key_sign_raw(quote->key, sim_bytes_span(out));
    struct sim_bytes key = mint_key(quote);
    struct sim_bytes qe = mint_qe(quote, sim_bytes_span(key), certification);

    sim_edit_apply(quote->edit_signature, &data);
    sim_bytes_take(&data, key);
    if (quote->layout != 3) {
        put_number(&data, quote->qe_certification_type, 2);
        put_len(&data, qe.len, quote->lies.qe_certification, 4);
    }
    sim_bytes_take(&data, qe);
    sim_edit_apply(quote->edit_signature_data, &data);
    put_len(&out, data.len, quote->lies.signature_data, 4);
    sim_bytes_take(&out, data);
    sim_bytes_append_zeros(&out, quote->trailing_zeros);
    sim_edit_apply(quote->edit_whole, &out);
    return out;
}
