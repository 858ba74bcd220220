/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What the payload of a document may be, and what may stand around it. */

static void tag(struct nitro_stage *s, int number)
{
    (void)number;
    s->doc.is_tagged = true;
}

static void other_tag(struct nitro_stage *s, int number)
{
    static const struct stage_swap swap = {"", "d1"}; /* COSE_Mac0 */

    (void)number;
    s->edit_whole = stage_swap_edit(&swap);
}

static void tag_twice(struct nitro_stage *s, int number)
{
    static const struct stage_swap swap = {"", "d2d2"};

    (void)number;
    s->edit_whole = stage_swap_edit(&swap);
}

static void definite(struct nitro_stage *s, int number)
{
    (void)number;
    s->doc.is_definite = true;
}

static void make_tpm(struct nitro_stage *s, int number)
{
    (void)number;
    sim_nitro_set_tpm(&s->doc, s->ring);
}

static void omit(struct nitro_stage *s, int field)
{
    s->doc.omitted = 1U << field;
}

/* Pairs to add behind the genuine ones, each one entry. */
enum { DIGEST_AGAIN, BOTH_KINDS, UNKNOWN_KEY, NUMBER_KEY };

static void add_pair(struct nitro_stage *s, int number)
{
    static const char *const pairs[] = {
        [DIGEST_AGAIN] = "66646967657374 66534841333834",
        [BOTH_KINDS] = "6d6e6974726f74706d5f70637273"
                       "a1005830000000000000000000000000000000000000000000000000"
                       "000000000000000000000000000000000000000000000000",
        [UNKNOWN_KEY] = "6178 f6",
        [NUMBER_KEY] = "01 f6",
    };

    s->doc.more_pairs = test_hex(pairs[number]);
    s->doc.more_count = 1;
}

/* Of the encoded payload; signed after the change. */
enum {
    PCR_32,
    PCR_TWICE,
    PCR_NEGATIVE,
    TIME_NEGATIVE,
    TIME_LONG_HEAD,
    BUNDLE_NULL,
    CERTIFICATE_NULL,
    NONCE_TEXT,
    BUNDLE_OF_NINE
};

static void edit_payload(struct nitro_stage *s, int number)
{
    static const struct stage_swap swaps[] = {
        [PCR_32] = {"0f5830", "18205830"},
        [PCR_TWICE] = {"0f5830", "0e5830"},
        [PCR_NEGATIVE] = {"0f5830", "205830"},
        [TIME_NEGATIVE] = {"74696d657374616d70 1b", "74696d657374616d70 3b"},
        [TIME_LONG_HEAD] = {"74696d657374616d70 01", "74696d657374616d70 1801"},
        [BUNDLE_NULL] = {"636162756e646c65 84", "636162756e646c65 f6"},
        [CERTIFICATE_NULL] = {"6b6365727469666963617465 59",
                              "6b6365727469666963617465 f6"},
        [NONCE_TEXT] = {"656e6f6e6365 f6", "656e6f6e6365 60"},
        [BUNDLE_OF_NINE] = {"636162756e646c65 88", "636162756e646c65 89 4100"},
    };

    if (number == TIME_LONG_HEAD)
        s->doc.timestamp_ms = 1;
    if (number == BUNDLE_OF_NINE)
        s->doc.cabundle_count = 8;
    s->doc.edit_payload = stage_swap_edit(&swaps[number]);
}

static void grow_to(struct sim_bytes *bytes, const void *context)
{
    const size_t *len = context;

    sim_bytes_append_zeros(bytes, *len - bytes->len);
}

static void payload_length(struct nitro_stage *s, int number)
{
    static size_t len;

    len = (size_t)number;
    s->doc.edit_payload = (struct sim_edit){grow_to, &len};
}

static void payload_byte_more(struct nitro_stage *s, int number)
{
    (void)number;
    s->doc.edit_payload = (struct sim_edit){stage_append_zero, NULL};
}

static void document_byte_more(struct nitro_stage *s, int number)
{
    (void)number;
    s->edit_whole = (struct sim_edit){stage_append_zero, NULL};
}

/* The payload's byte string, in the finished message, gives way to one byte. */
static void replace_payload(struct sim_bytes *bytes, const void *context)
{
    const uint8_t *put = context;
    const size_t at = 7; /* behind 84, 44 a1013822, a0; then 59 and two bytes of length */
    const size_t len = (size_t)bytes->ptr[at + 1] << 8 | bytes->ptr[at + 2];
    struct sim_bytes out = {0};

    sim_bytes_append(&out, (struct troth_span){bytes->ptr, at});
    sim_bytes_append_byte(&out, *put);
    sim_bytes_append(
        &out, (struct troth_span){bytes->ptr + at + 3 + len, bytes->len - at - 3 - len});
    sim_bytes_free(bytes);
    *bytes = out;
}

static void detach(struct nitro_stage *s, int number)
{
    static uint8_t put;

    put = (uint8_t)number;
    s->edit_whole = (struct sim_edit){replace_payload, &put};
}

static void pcr_length(struct nitro_stage *s, int number)
{
    s->doc.pcrs[5].len = (size_t)number;
}

static void all_pcr_lengths(struct nitro_stage *s, int number)
{
    for (size_t i = 0; i < COUNT(s->doc.pcrs); i++)
        s->doc.pcrs[i].len = (size_t)number;
}

static void no_pcrs(struct nitro_stage *s, int number)
{
    (void)number;
    for (size_t i = 0; i < COUNT(s->doc.pcrs); i++)
        s->doc.pcrs[i].is_present = false;
}

static void all_32_pcrs(struct nitro_stage *s, int number)
{
    (void)number;
    for (size_t i = 0; i < COUNT(s->doc.pcrs); i++)
        s->doc.pcrs[i] = s->doc.pcrs[0];
}

static void other_digest(struct nitro_stage *s, int number)
{
    (void)number;
    memcpy(s->doc.digest, "SHA256", 7);
}

static void no_module(struct nitro_stage *s, int number)
{
    (void)number;
    s->doc.module_id[0] = 0;
}

static void set_optional(struct sim_optional *out, int len)
{
    *out = (struct sim_optional){.is_bytes = true, .len = (size_t)len};
}

static void user_data(struct nitro_stage *s, int len)
{
    set_optional(&s->doc.user_data, len);
}

static void nonce(struct nitro_stage *s, int len)
{
    set_optional(&s->doc.nonce, len);
}

static void public_key(struct nitro_stage *s, int len)
{
    set_optional(&s->doc.public_key, len);
}

/* clang-format off */
static const struct nitro_attack rows[] = {
    /* why, change, number, options, line */
    {"untouched", NULL, 0, TRIAL_ANY, "accepted"},
    {"tagged as COSE_Sign1", tag, 0, TRIAL_ANY, "accepted"},
    {"map of known length, as before 2025", definite, 0, TRIAL_ANY, "accepted"},
    {"tagged as COSE_Mac0", other_tag, 0, TRIAL_ANY, "error: KIND evidence"},
    {"tagged twice", tag_twice, 0, TRIAL_ANY, "error: KIND evidence"},
    {"byte behind the document", document_byte_more, 0, TRIAL_ANY, "error: TRAILING (no field)"},
    {"byte behind the payload's map", payload_byte_more, 0, TRIAL_ANY, "error: TRAILING (no field)"},
    {"detached payload", detach, 0xf6, TRIAL_ANY, "error: UNSUPPORTED cose.payload"},
    {"empty payload", detach, 0x40, TRIAL_ANY, "error: LIMIT nitro.payload"},
    {"payload is a map, not a byte string", detach, 0xa0, TRIAL_ANY, "error: TYPE cose.payload"},
    {"payload at its limit", payload_length, 16384, TRIAL_ANY, "error: TRAILING (no field)"},
    {"payload beyond its limit", payload_length, 16385, TRIAL_ANY, "error: LIMIT nitro.payload"},

    {"NitroTPM document where an enclave's is due", make_tpm, 0, TRIAL_ANY, "refused: kind"},
    {"NitroTPM and enclave at once", add_pair, BOTH_KINDS, TRIAL_ANY, "error: VALUE nitro.nitrotpm_pcrs"},
    {"key twice", add_pair, DIGEST_AGAIN, TRIAL_ANY, "error: DUPLICATE nitro.payload"},
    {"unknown key", add_pair, UNKNOWN_KEY, TRIAL_ANY, "error: UNSUPPORTED nitro.unknown_key"},
    {"key that is no text", add_pair, NUMBER_KEY, TRIAL_ANY, "error: TYPE nitro.payload"},
    {"no module_id", omit, SIM_NITRO_MODULE_ID, TRIAL_ANY, "error: MISSING nitro.module_id"},
    {"no digest", omit, SIM_NITRO_DIGEST, TRIAL_ANY, "error: MISSING nitro.digest"},
    {"no timestamp", omit, SIM_NITRO_TIMESTAMP, TRIAL_ANY, "error: MISSING nitro.timestamp"},
    {"no pcrs", omit, SIM_NITRO_PCRS, TRIAL_ANY, "error: MISSING nitro.pcrs"},
    {"no certificate", omit, SIM_NITRO_CERTIFICATE, TRIAL_ANY, "error: MISSING nitro.certificate"},
    {"no cabundle", omit, SIM_NITRO_CABUNDLE, TRIAL_ANY, "error: MISSING nitro.cabundle"},
    {"public_key absent, not null", omit, SIM_NITRO_PUBLIC_KEY, TRIAL_ANY, "accepted"},
    {"user_data absent, not null", omit, SIM_NITRO_USER_DATA, TRIAL_ANY, "accepted"},
    {"nonce absent, not null", omit, SIM_NITRO_NONCE, TRIAL_ANY, "accepted"},
    {"empty module_id", no_module, 0, TRIAL_ANY, "error: VALUE nitro.module_id"},
    {"registers of another hash", other_digest, 0, TRIAL_ANY, "error: VALUE nitro.digest"},
    {"signed time is negative", edit_payload, TIME_NEGATIVE, TRIAL_ANY, "error: TYPE nitro.timestamp"},
    {"signed time in a longer head than it needs", edit_payload, TIME_LONG_HEAD, TRIAL_ANY, "error: ENCODING nitro.timestamp"},
    {"cabundle is null", edit_payload, BUNDLE_NULL, TRIAL_ANY, "error: TYPE nitro.cabundle"},
    {"certificate is null", edit_payload, CERTIFICATE_NULL, TRIAL_ANY, "error: TYPE nitro.certificate"},
    {"nonce is text", edit_payload, NONCE_TEXT, TRIAL_ANY, "error: TYPE nitro.nonce"},

    {"all 32 registers", all_32_pcrs, 0, TRIAL_ANY, "accepted"},
    {"register 32", edit_payload, PCR_32, TRIAL_ANY, "error: LIMIT nitro.pcrs.index"},
    {"register -1", edit_payload, PCR_NEGATIVE, TRIAL_ANY, "error: TYPE nitro.pcrs.index"},
    {"register twice", edit_payload, PCR_TWICE, TRIAL_ANY, "error: DUPLICATE nitro.pcrs.index"},
    {"map without a register", no_pcrs, 0, TRIAL_ANY, "error: MISSING nitro.pcrs"},
    {"register a byte short", pcr_length, 47, TRIAL_ANY, "error: VALUE nitro.pcrs.value"},
    {"register a byte long", pcr_length, 49, TRIAL_ANY, "error: VALUE nitro.pcrs.value"},
    {"empty register", pcr_length, 0, TRIAL_ANY, "error: VALUE nitro.pcrs.value"},
    {"registers of SHA-256", all_pcr_lengths, 32, TRIAL_ANY, "error: VALUE nitro.pcrs.value"},
    {"registers of SHA-512", all_pcr_lengths, 64, TRIAL_ANY, "error: VALUE nitro.pcrs.value"},

    {"user_data empty", user_data, 0, TRIAL_ANY, "accepted"},
    {"user_data at its limit", user_data, 1024, TRIAL_ANY, "accepted"},
    {"user_data beyond it", user_data, 1025, TRIAL_ANY, "error: LIMIT nitro.user_data"},
    {"nonce empty", nonce, 0, TRIAL_ANY, "accepted"},
    {"nonce at its limit", nonce, 1024, TRIAL_ANY, "accepted"},
    {"nonce beyond it", nonce, 1025, TRIAL_ANY, "error: LIMIT nitro.nonce"},
    {"public_key empty", public_key, 0, TRIAL_ANY, "accepted"},
    {"public_key at its limit", public_key, 1024, TRIAL_ANY, "accepted"},
    {"public_key beyond it", public_key, 1025, TRIAL_ANY, "error: LIMIT nitro.public_key"},
    {"nine certificates in the bundle", edit_payload, BUNDLE_OF_NINE, TRIAL_ANY, "error: LIMIT nitro.cabundle"},
};
/* clang-format on */

int main(void)
{
    nitro_attacks_run(rows, COUNT(rows));
    return test_finish();
}
