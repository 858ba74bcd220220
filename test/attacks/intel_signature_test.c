/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* The signatures that no chain carries: of the attestation key over the quote, of the
 * platform over its quoting enclave, of the signer over Intel's statements; and that the
 * attestation key is the one the quoting enclave reports. */

/* All the ways to spoil r ‖ s, or not to. */
typedef void spoiler(struct sim_bytes *signature, const void *context);

static void cut(struct sim_bytes *signature, const void *context)
{
    (void)context;
    signature->len--;
}

static void empty(struct sim_bytes *signature, const void *context)
{
    (void)context;
    signature->len = 0;
}

static spoiler *const spoilers[] = {
    sim_flip_last_bit,    stage_r_zero,   stage_s_zero,
    stage_r_order,        stage_s_order,  stage_swap_halves,
    stage_reverse_halves, stage_negate_s, cut,
    stage_append_zero,    empty,
};
enum {
    FLIP,
    R_ZERO,
    S_ZERO,
    R_ORDER,
    S_ORDER,
    SWAP,
    REVERSE,
    NEGATE,
    CUT,
    APPEND,
    EMPTY
};

static struct sim_edit spoil(int how)
{
    return (struct sim_edit){spoilers[how], NULL};
}

static void of_quote(struct intel_stage *s, int how)
{
    s->doc.quote.edit_signature = spoil(how);
}

static void of_enclave(struct intel_stage *s, int how)
{
    s->doc.quote.edit_qe_signature = spoil(how);
}

static void of_tcb_info(struct intel_stage *s, int how)
{
    s->doc.tcb_info_signing.edit_signature = spoil(how);
}

static void of_qe_identity(struct intel_stage *s, int how)
{
    s->doc.qe_identity_signing.edit_signature = spoil(how);
}

/* Another statement's, another quote's. */

static struct sim_bytes kept; /* what an edit puts in; until the next row */

static void put_kept(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    if (bytes->len != kept.len)
        sim_die("a test wants to put in what does not fit");
    memcpy(bytes->ptr, kept.ptr, kept.len);
}

static void keep(struct sim_bytes bytes)
{
    sim_bytes_free(&kept);
    kept = bytes;
}

static void exchanged(struct intel_stage *s, int number)
{
    (void)number;
    keep(sim_intel_qe_identity_signature(&s->doc));
    s->doc.tcb_info_signing.edit_signature = (struct sim_edit){put_kept, NULL};
}

/* A signature over other contents of the quote: taken from one that was not changed. */
static void of_other_quote(struct intel_stage *s, int number)
{
    struct sim_bytes quote = sim_intel_mint(&s->doc);
    const size_t at = s->doc.is_tdx ? 48 + 584 + 4 : 48 + 384 + 4;
    struct sim_bytes signature = {0};

    (void)number;
    sim_bytes_append(&signature, (struct troth_span){quote.ptr + at, 64});
    sim_bytes_free(&quote);
    keep(signature);
    s->doc.quote.edit_signature = (struct sim_edit){put_kept, NULL};
    s->doc.quote.td.report_data[0] ^= 1;
    s->doc.quote.enclave.report_data[0] ^= 1;
}

/* What is signed, changed behind its signer's back: header, body. */

static void change_signed(struct sim_bytes *bytes, const void *context)
{
    const uint8_t *at = context;

    bytes->ptr[*at] ^= 1;
}

static void changed_after(struct intel_stage *s, int at)
{
    static uint8_t where;

    where = (uint8_t)at;
    s->doc.quote.edit_whole = (struct sim_edit){change_signed, &where};
}

/* The attestation key: X ‖ Y, certified as it is. */

static void infinity(struct sim_bytes *key, const void *context)
{
    (void)context;
    memset(key->ptr, 0, key->len);
}

static void beyond_field(struct sim_bytes *key, const void *context)
{
    (void)context;
    memset(key->ptr, 0xff, key->len);
}

static void key_is(struct intel_stage *s, int which)
{
    static spoiler *const keys[] = {sim_flip_last_bit, infinity, beyond_field,
                                    stage_reverse_halves, stage_swap_halves};

    s->doc.quote.edit_key = (struct sim_edit){keys[which], NULL};
}

/* What the enclave reports is kept, and is about the key of before. */
static void bind_first(struct intel_stage *s)
{
    const struct sim_intel_quote *quote = &s->doc.quote;
    const struct troth_span point = sim_key_public(quote->key);
    const struct troth_span parts[] = {{point.ptr + 1, point.len - 1},
                                       {quote->auth_data, quote->auth_data_len}};
    const struct troth_crypto *crypto = &s->trial->crypto;

    if (crypto->ops->digest(crypto->state, s->doc.quote.qe.report_data, TROTH_SHA256,
                            (struct troth_parts){parts, 2}))
        sim_die("no digest");
    s->doc.quote.keeps_report_data = true;
}

static void bound(struct intel_stage *s, int number)
{
    (void)number;
    bind_first(s);
}

static void other_key(struct intel_stage *s, int number)
{
    (void)number;
    bind_first(s);
    s->doc.quote.key = sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
}

static void other_auth_data(struct intel_stage *s, int at)
{
    bind_first(s);
    s->doc.quote.auth_data[at] ^= 1;
}

static void other_auth_len(struct intel_stage *s, int len)
{
    bind_first(s);
    s->doc.quote.auth_data_len = (size_t)len;
}

static void reported(struct intel_stage *s, int at)
{
    bind_first(s);
    s->doc.quote.qe.report_data[at] ^= 1;
}

static void reported_nothing(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.keeps_report_data = true;
}

static void reported_in_upper_half(struct intel_stage *s, int number)
{
    uint8_t *data = s->doc.quote.qe.report_data;

    (void)number;
    bind_first(s);
    memcpy(data + 32, data, 32);
    memset(data, 0, 32);
}

static void reported_by_other(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.qe_key = sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define BOTH(why, change, number, line) SGX(why, change, number, line), TDX(why, change, number, line)
#define EACH(why, change, line)                                                          \
    BOTH(why ": spoilt", change, FLIP, line), SGX(why ": r zero", change, R_ZERO, line), \
    TDX(why ": s zero", change, S_ZERO, line), SGX(why ": r is the order", change, R_ORDER, line), \
    TDX(why ": s is the order", change, S_ORDER, line), BOTH(why ": r and s exchanged", change, SWAP, line), \
    BOTH(why ": little-endian", change, REVERSE, line), BOTH(why ": n - s", change, NEGATE, "accepted")

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    EACH("quote", of_quote, "refused: signature"),
    EACH("enclave's report", of_enclave, "refused: quoting_enclave"),
    SGX("TCB info: spoilt", of_tcb_info, FLIP, "refused: collateral ?tcb_status"),
    SGX("TCB info: r zero", of_tcb_info, R_ZERO, "refused: collateral ?tcb_status"),
    SGX("TCB info: s is the order", of_tcb_info, S_ORDER, "refused: collateral ?tcb_status"),
    SGX("TCB info: little-endian", of_tcb_info, REVERSE, "refused: collateral ?tcb_status"),
    SGX("TCB info: n - s", of_tcb_info, NEGATE, "accepted"),
    SGX("TCB info: a byte short", of_tcb_info, CUT, "error: VALUE collateral.signature"),
    SGX("TCB info: a byte long", of_tcb_info, APPEND, "error: VALUE collateral.signature"),
    SGX("TCB info: no signature", of_tcb_info, EMPTY, "error: VALUE collateral.signature"),
    SGX("QE identity: spoilt", of_qe_identity, FLIP, "refused: collateral ?quoting_enclave ?tcb_status"),
    SGX("QE identity: s zero", of_qe_identity, S_ZERO, "refused: collateral ?quoting_enclave ?tcb_status"),
    SGX("QE identity: r and s exchanged", of_qe_identity, SWAP, "refused: collateral ?quoting_enclave ?tcb_status"),
    SGX("QE identity: n - s", of_qe_identity, NEGATE, "accepted"),
    SGX("QE identity: a byte short", of_qe_identity, CUT, "error: VALUE collateral.signature"),
    SGX("QE identity: a byte long", of_qe_identity, APPEND, "error: VALUE collateral.signature"),
    SGX("QE identity: no signature", of_qe_identity, EMPTY, "error: VALUE collateral.signature"),
    SGX("TCB info with the QE identity's signature", exchanged, 0, "refused: collateral ?tcb_status"),
    BOTH("quote with another's signature", of_other_quote, 0, "refused: signature"),
    BOTH("user data changed afterwards", changed_after, 30, "refused: signature"),
    SGX("security version changed afterwards", changed_after, 8, "refused: signature"),
    SGX("body changed afterwards", changed_after, 48 + 64, "refused: signature"),
    TDX("body changed afterwards", changed_after, 48 + 136, "refused: signature"),

    BOTH("attestation key off the curve", key_is, 0, "refused: signature"),
    BOTH("attestation key zero", key_is, 1, "refused: signature"),
    BOTH("attestation key beyond the field", key_is, 2, "refused: signature"),
    BOTH("attestation key little-endian", key_is, 3, "refused: signature"),
    BOTH("attestation key's coordinates exchanged", key_is, 4, "refused: signature"),

    BOTH("bound as it should be", bound, 0, "accepted"),
    BOTH("another attestation key", other_key, 0, "refused: quoting_enclave"),
    BOTH("first byte of authentication data", other_auth_data, 0, "refused: quoting_enclave"),
    BOTH("last byte of authentication data", other_auth_data, 31, "refused: quoting_enclave"),
    BOTH("authentication data a byte shorter", other_auth_len, 31, "refused: quoting_enclave"),
    BOTH("authentication data a byte longer", other_auth_len, 33, "refused: quoting_enclave"),
    BOTH("no authentication data", other_auth_len, 0, "refused: quoting_enclave"),
    BOTH("first byte of the hash", reported, 0, "refused: quoting_enclave"),
    BOTH("last byte of the hash", reported, 31, "refused: quoting_enclave"),
    BOTH("first byte behind the hash", reported, 32, "refused: quoting_enclave"),
    BOTH("last byte behind the hash", reported, 63, "refused: quoting_enclave"),
    BOTH("no hash", reported_nothing, 0, "refused: quoting_enclave"),
    BOTH("hash in the upper half", reported_in_upper_half, 0, "refused: quoting_enclave"),
    BOTH("enclave's report by another key", reported_by_other, 0, "refused: quoting_enclave"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    sim_bytes_free(&kept);
    return test_finish();
}
