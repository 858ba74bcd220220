/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "stage.h"

/* The container: versions, types and declared lengths that are not what they should be,
 * and bytes where there should be none. */

static struct sim_quote_header *header(struct intel_stage *s)
{
    return &s->doc.quote.header;
}

static void version(struct intel_stage *s, int number)
{
    header(s)->version = (uint64_t)number;
}

static void key_type(struct intel_stage *s, int number)
{
    header(s)->attestation_key_type = (uint64_t)number;
}

static void tee_type(struct intel_stage *s, int number)
{
    header(s)->tee_type = (uint64_t)number;
}

static void other_vendor(struct intel_stage *s, int number)
{
    header(s)->qe_vendor_id[number] ^= 1;
}

static void word_8(struct intel_stage *s, int number)
{
    header(s)->word_8 = (uint64_t)number;
}

static void word_10(struct intel_stage *s, int number)
{
    header(s)->word_10 = (uint64_t)number;
}

static void user_data(struct intel_stage *s, int at)
{
    header(s)->user_data[at] ^= 0xff;
}

/* The body is laid out as one type and called another. */
static void body_type(struct intel_stage *s, int type)
{
    s->doc.quote.body_type = (uint16_t)type;
}

static void body_is(struct intel_stage *s, int body)
{
    s->doc.quote.body = (enum sim_quote_body)body;
}

/* The layout of one version under the number of another. */
static void layout(struct intel_stage *s, int number)
{
    s->doc.quote.layout = (unsigned)number;
}

static void outer_type(struct intel_stage *s, int type)
{
    s->doc.quote.qe_certification_type = (uint16_t)type;
}

static void inner_type(struct intel_stage *s, int type)
{
    s->doc.quote.certification_type = (uint16_t)type;
}

/* Declared lengths: what is added to the true one. */

static void lie_body(struct intel_stage *s, int by)
{
    s->doc.quote.lies.body = by;
}

static void lie_signature_data(struct intel_stage *s, int by)
{
    s->doc.quote.lies.signature_data = by;
}

static void lie_qe_certification(struct intel_stage *s, int by)
{
    s->doc.quote.lies.qe_certification = by;
}

static void lie_auth_data(struct intel_stage *s, int by)
{
    s->doc.quote.lies.auth_data = by;
}

static void lie_certification(struct intel_stage *s, int by)
{
    s->doc.quote.lies.certification = by;
}

/* Bytes more, or one less, and the lengths around them say so. */

static void cut_one(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->len--;
}

static void append_one(struct sim_bytes *bytes, const void *context)
{
    sim_bytes_append(bytes, test_text(context));
}

static void more_signature_data(struct intel_stage *s, int is_one)
{
    s->doc.quote.edit_signature_data = (struct sim_edit){
        is_one ? stage_append_one : stage_append_zero, NULL};
}

static void less_signature_data(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.edit_signature_data = (struct sim_edit){cut_one, NULL};
}

static void more_certification(struct intel_stage *s, int is_one)
{
    s->doc.quote.edit_certification = (struct sim_edit){
        is_one ? stage_append_one : stage_append_zero, NULL};
}

static void text_behind_certification(struct intel_stage *s, int begins_another)
{
    s->doc.chain_ends_with_zero = false;
    s->doc.quote.edit_certification = (struct sim_edit){
        append_one, begins_another ? "-----BEGIN CERTIFICATE-----\nMIIB\n" : "text\n"};
}

static void no_certification(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->len = 0;
}

static void without_certification(struct intel_stage *s, int type)
{
    inner_type(s, type);
    s->doc.quote.edit_certification = (struct sim_edit){no_certification, NULL};
}

static void auth_data_of(struct intel_stage *s, int len)
{
    s->doc.quote.auth_data_len = (size_t)len;
}

/* Behind the declared end. */

static void zeros_behind(struct intel_stage *s, int count)
{
    s->doc.quote.trailing_zeros = (size_t)count;
}

static void one_behind(struct intel_stage *s, int zeros)
{
    zeros_behind(s, zeros);
    s->doc.quote.edit_whole = (struct sim_edit){stage_append_one, NULL};
}

/* A whole second quote, as if a list of them were one. */
static void append_quote(struct sim_bytes *bytes, const void *context)
{
    const struct intel_stage *s = context;
    struct sim_intel other = s->doc;

    other.quote.edit_whole = (struct sim_edit){NULL, NULL};
    sim_bytes_take(bytes, sim_intel_mint(&other));
}

static void quote_behind(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.edit_whole = (struct sim_edit){append_quote, s};
}

/* clang-format off */
#define V3(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define V4(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define V5(why, change, number, line) {why, SIM_TDX_V5_TD15, change, number, TRIAL_ANY, line}
#define EACH(why, change, number, line3, line4, line5) \
    V3(why, change, number, line3), V4(why, change, number, line4), V5(why, change, number, line5)
#define SAME(why, change, number, line) EACH(why, change, number, line, line, line)
#define NEARLY_4_GIB (-1000000)

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    SAME("version 0", version, 0, "error: KIND evidence"),
    SAME("version 2", version, 2, "error: VERSION dcap.quote.version"),
    SAME("version 6", version, 6, "error: VERSION dcap.quote.version"),
    SAME("version 259", version, 0x103, "error: KIND evidence"),
    EACH("version 3", version, 3, "accepted", "error: VALUE dcap.quote.tee_type", "error: VALUE dcap.quote.tee_type"),
    EACH("version 4", version, 4, "error: VALUE dcap.quote.qe_certification.type", "accepted", "error: SHORT dcap.quote.signature"),
    EACH("version 5", version, 5, "error: VALUE dcap.quote.body.type", "error: VALUE dcap.quote.body.type", "accepted"),
    V4("laid out as version 3", layout, 3, "error: VALUE dcap.quote.qe_certification.type"),
    V4("laid out as version 5", layout, 5, "error: SHORT dcap.quote.signature"),
    V5("laid out as version 4", layout, 4, "error: VALUE dcap.quote.body.type"),
    SAME("attestation key of P-384", key_type, 3, "error: ALGORITHM dcap.quote.attestation_key_type"),
    SAME("attestation key by EPID", key_type, 1, "error: ALGORITHM dcap.quote.attestation_key_type"),
    V4("attestation key of no type: it begins as another family's do", key_type, 0, "error: VERSION snp.version"),
    EACH("of the other TEE", tee_type, 0x81, "error: VALUE dcap.quote.tee_type", "accepted", "accepted"),
    V4("of the other TEE", tee_type, 0, "error: SHORT dcap.quote.signature_data"),
    V5("of the other TEE", tee_type, 0, "error: VALUE dcap.quote.body.type"),
    SAME("of no TEE", tee_type, 0x80, "error: VALUE dcap.quote.tee_type"),
    SAME("of no TEE", tee_type, 0x181, "error: VALUE dcap.quote.tee_type"),
    V3("another vendor", other_vendor, 0, "error: VALUE dcap.quote.qe_vendor_id"),
    V4("another vendor", other_vendor, 15, "error: VALUE dcap.quote.qe_vendor_id"),
    EACH("word at 8", word_8, 1, "accepted", "refused: reserved", "refused: reserved"),
    EACH("word at 10", word_10, 0x100, "accepted", "refused: reserved", "refused: reserved"),
    SAME("user data", user_data, 0, "accepted"),

    V5("body called SGX's", body_type, 1, "error: VALUE dcap.quote.body.type"),
    V5("body called TD 1.0's", body_type, 2, "error: VALUE dcap.quote.body.size"),
    V5("body called TD 1.5-EX's", body_type, 4, "error: VALUE dcap.quote.body.size"),
    V5("body of type 0", body_type, 0, "error: VALUE dcap.quote.body.type"),
    V5("body of type 5", body_type, 5, "error: VALUE dcap.quote.body.type"),
    V5("body of type 259", body_type, 0x103, "error: VALUE dcap.quote.body.type"),
    V5("body of TD 1.0", body_is, SIM_BODY_TD10, "error: VALUE dcap.quote.body.size"),
    V5("body of TD 1.5-EX", body_is, SIM_BODY_TD15_EX, "error: VALUE dcap.quote.body.size"),
    V5("body of SGX", body_is, SIM_BODY_SGX, "error: VALUE dcap.quote.body.size"),
    V4("body of TD 1.5", body_is, SIM_BODY_TD15, "error: SHORT dcap.quote.signature_data"),
    V4("body of SGX", body_is, SIM_BODY_SGX, "error: SHORT dcap.quote.signature_data"),
    V3("body of TD 1.0", body_is, SIM_BODY_TD10, "error: SHORT dcap.quote.signature_data"),
    V4("what certifies is a chain", outer_type, 5, "error: VALUE dcap.quote.qe_certification.type"),
    V4("what certifies is a PPID", outer_type, 1, "error: VALUE dcap.quote.qe_certification.type"),
    V4("what certifies is a manifest", outer_type, 7, "error: VALUE dcap.quote.qe_certification.type"),
    V5("what certifies is a chain", outer_type, 5, "error: VALUE dcap.quote.qe_certification.type"),
    SAME("certification of type 0", inner_type, 0, "error: VALUE dcap.quote.certification.type"),
    SAME("certification of type 6", inner_type, 6, "error: VALUE dcap.quote.certification.type"),
    SAME("certification of type 8", inner_type, 8, "error: VALUE dcap.quote.certification.type"),

    V5("body a byte longer", lie_body, 1, "error: VALUE dcap.quote.body.size"),
    V5("body a byte shorter", lie_body, -1, "error: VALUE dcap.quote.body.size"),
    V5("body of four gigabytes", lie_body, NEARLY_4_GIB, "error: VALUE dcap.quote.body.size"),
    SAME("signature data a byte longer", lie_signature_data, 1, "error: SHORT dcap.quote.signature_data"),
    EACH("signature data a byte shorter", lie_signature_data, -1, "error: SHORT dcap.quote.certification", "error: SHORT dcap.quote.qe_certification", "error: SHORT dcap.quote.qe_certification"),
    SAME("signature data of four gigabytes", lie_signature_data, NEARLY_4_GIB, "error: SHORT dcap.quote.signature_data"),
    V4("QE certification a byte longer", lie_qe_certification, 1, "error: SHORT dcap.quote.qe_certification"),
    V4("QE certification a byte shorter", lie_qe_certification, -1, "error: SHORT dcap.quote.certification"),
    V4("QE certification of four gigabytes", lie_qe_certification, NEARLY_4_GIB, "error: SHORT dcap.quote.qe_certification"),
    SAME("authentication data a byte longer", lie_auth_data, 1, "error: VALUE dcap.quote.certification.type"),
    SAME("authentication data a byte shorter", lie_auth_data, -1, "error: VALUE dcap.quote.certification.type"),
    SAME("authentication data of 64 kilobytes", lie_auth_data, 65000, "error: SHORT dcap.quote.qe_auth_data"),
    SAME("certification a byte longer", lie_certification, 1, "error: SHORT dcap.quote.certification"),
    EACH("certification a byte shorter", lie_certification, -1, "error: TRAILING dcap.quote.signature_data", "error: TRAILING dcap.quote.qe_certification", "error: TRAILING dcap.quote.qe_certification"),
    SAME("certification of four gigabytes", lie_certification, NEARLY_4_GIB, "error: SHORT dcap.quote.certification"),

    SAME("zero within signature data", more_signature_data, 0, "error: TRAILING dcap.quote.signature_data"),
    SAME("byte within signature data", more_signature_data, 1, "error: TRAILING dcap.quote.signature_data"),
    EACH("byte missing in signature data", less_signature_data, 0, "error: SHORT dcap.quote.certification", "error: SHORT dcap.quote.qe_certification", "error: SHORT dcap.quote.qe_certification"),
    SAME("second zero within certification", more_certification, 0, "accepted"),
    SAME("byte within certification", more_certification, 1, "accepted"),
    V4("text behind the chain", text_behind_certification, 0, "accepted"),
    V4("half a certificate behind the chain", text_behind_certification, 1, "error: SHORT dcap.quote.certification"),
    SAME("empty chain", without_certification, 5, "error: MISSING dcap.quote.certification"),
    SAME("empty PPID", without_certification, 1, "accepted"),
    SAME("empty PPID, encrypted", without_certification, 3, "accepted"),
    SAME("no authentication data", auth_data_of, 0, "accepted"),
    SAME("much authentication data", auth_data_of, SIM_QUOTE_AUTH_MAX, "accepted"),

    SAME("a zero behind", zeros_behind, 1, "accepted"),
    SAME("a page of zeros behind", zeros_behind, 4096, "accepted"),
    SAME("a byte behind", one_behind, 0, "accepted"),
    SAME("a byte far behind", one_behind, 4095, "accepted"),
    SAME("a quote behind", quote_behind, 0, "accepted"),
};
/* clang-format on */

/* What is tolerated behind the end is said: how much it is, and that nobody signed it. */
static void test_said(void)
{
    static const struct {
        void (*change)(struct intel_stage *s, int number);
        int number;
        unsigned count;
        bool is_unsigned;
    } behind[] = {
        {zeros_behind, 0, 0, false},     {zeros_behind, 1, 1, false},
        {zeros_behind, 999, 999, false}, {one_behind, 0, 1, true},
        {one_behind, 999, 1000, true},
    };
    static struct intel_stage stage;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (size_t i = 0; i < COUNT(behind); i++) {
        test_case("%u bytes behind are reported%s", behind[i].count,
                  behind[i].is_unsigned ? ", and that nothing signs them" : "");
        trial_reset(&trial);
        trial_require(&trial, TRIAL_ANY);
        intel_stage_set(&stage, &trial, ring, SIM_TDX_V4);
        behind[i].change(&stage, behind[i].number);
        struct troth_span quote = intel_stage_mint(&stage);

        CHECK_TEXT(stage_judge(&trial, quote, MINTED_AT_S), "accepted");
        const struct troth_check *row = trial_find(&trial, TROTH_CHECK_TRAILING, NULL);

        CHECK(row && row->outcome == TROTH_PASSED);
        CHECK(row && (row->why != NULL) == (behind[i].count > 0));
        if (row && behind[i].count > 0)
            CHECK_INT(row->seen.number, behind[i].count);
        CHECK_INT(trial_leaves_open(&trial, "unsigned_bytes"), behind[i].is_unsigned);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    test_said();
    return test_finish();
}
