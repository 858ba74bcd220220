/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* Headers, signature, and the few checks that are about the document alone. */

static void set_header(uint8_t *out, size_t *len, const char *hex)
{
    struct troth_span bytes = test_hex(hex);

    if (bytes.len)
        memcpy(out, bytes.ptr, bytes.len);
    *len = bytes.len;
}

/* Protected headers; the signature covers them as they are. */
enum {
    ES256,
    ES384_AND_KEY_ID,
    ES384_AND_CRIT,
    ES512,
    EDDSA,
    TEXT_ALGORITHM,
    NO_ALGORITHM,
    NO_BYTES,
    LONG_HEAD,
    TWO_ALGORITHMS,
    KEY_ID_ALONE,
    BYTE_MORE
};

static void protect(struct nitro_stage *s, int number)
{
    static const char *const headers[] = {
        [ES256] = "a1 01 26",
        [ES384_AND_KEY_ID] = "a2 01 3822 04 4100",
        [ES384_AND_CRIT] = "a2 01 3822 02 8104",
        [ES512] = "a1 01 3823",
        [EDDSA] = "a1 01 27",
        [TEXT_ALGORITHM] = "a1 01 65 4553333834",
        [NO_ALGORITHM] = "a0",
        [NO_BYTES] = "",
        [LONG_HEAD] = "a1 01 390022",
        [TWO_ALGORITHMS] = "a2 01 3822 01 3822",
        [KEY_ID_ALONE] = "a1 04 4100",
        [BYTE_MORE] = "a1 01 3822 00",
    };

    set_header(s->doc.protected_header, &s->doc.protected_len, headers[number]);
}

enum { HEADER_ALGORITHM, HEADER_KEY_ID, HEADER_CRIT, HEADER_NO_MAP };

static void leave_unprotected(struct nitro_stage *s, int number)
{
    static const char *const headers[] = {
        [HEADER_ALGORITHM] = "a1 01 3822",
        [HEADER_KEY_ID] = "a1 04 4100",
        [HEADER_CRIT] = "a1 02 8104",
        [HEADER_NO_MAP] = "80",
    };

    set_header(s->doc.unprotected_header, &s->doc.unprotected_len, headers[number]);
}

static void move_algorithm(struct nitro_stage *s, int number)
{
    (void)number;
    protect(s, NO_BYTES);
    leave_unprotected(s, HEADER_ALGORITHM);
}

/* Signatures. */

static void drop_byte(struct sim_bytes *signature, const void *context)
{
    (void)context;
    signature->len--;
}

static void drop_all(struct sim_bytes *signature, const void *context)
{
    (void)context;
    signature->len = 0;
}

static void as_der(struct sim_bytes *signature, const void *context)
{
    struct sim_bytes numbers = {0}, out = {0};

    (void)context;
    sim_der_integer(&numbers, (struct troth_span){signature->ptr, 48});
    sim_der_integer(&numbers, (struct troth_span){signature->ptr + 48, 48});
    sim_der_wrap(&out, SIM_DER_SEQUENCE, numbers);
    sim_bytes_free(signature);
    *signature = out;
}

enum {
    R_ZERO,
    S_ZERO,
    R_ORDER,
    S_ORDER,
    SWAPPED,
    LITTLE_ENDIAN,
    LAST_BIT,
    BYTE_SHORT,
    BYTE_LONG,
    NOTHING,
    IN_DER,
    NEGATED
};

static void spoil(struct nitro_stage *s, int number)
{
    static void (*const edits[])(struct sim_bytes *, const void *) = {
        [R_ZERO] = stage_r_zero,
        [S_ZERO] = stage_s_zero,
        [R_ORDER] = stage_r_order,
        [S_ORDER] = stage_s_order,
        [SWAPPED] = stage_swap_halves,
        [LITTLE_ENDIAN] = stage_reverse_halves,
        [LAST_BIT] = sim_flip_last_bit,
        [BYTE_SHORT] = drop_byte,
        [BYTE_LONG] = stage_append_zero,
        [NOTHING] = drop_all,
        [IN_DER] = as_der,
        [NEGATED] = stage_negate_s,
    };

    s->doc.edit_signature = (struct sim_edit){edits[number], NULL};
}

static void sign_by(struct nitro_stage *s, int place)
{
    s->doc.key = place < SIM_NITRO_CERTS
                     ? s->doc.certs[place].key
                     : sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

/* Another document's payload under this one's signature. */
static void splice(struct nitro_stage *s, int number)
{
    static const struct stage_swap swap = {"656e6f6e6365 f6", "656e6f6e6365 40"};

    (void)number;
    s->doc.edit_payload = (struct sim_edit){0};
    s->edit_whole = stage_swap_edit(&swap);
}

/* A register changed after signing. */
static void forge_register(struct sim_bytes *bytes, const void *context)
{
    static const uint8_t head[] = {0x00, 0x58, 0x30};

    (void)context;
    for (size_t at = 0; at + sizeof head < bytes->len; at++)
        if (memcmp(bytes->ptr + at, head, sizeof head) == 0) {
            bytes->ptr[at + sizeof head] ^= 1;
            return;
        }
    sim_die("a document without PCR0");
}

static void forge(struct nitro_stage *s, int number)
{
    (void)number;
    s->edit_whole = (struct sim_edit){forge_register, NULL};
}

/* Time. */

static void signed_later(struct nitro_stage *s, int seconds)
{
    s->doc.timestamp_ms = (uint64_t)(MINTED_AT_S + seconds) * 1000 + 999;
}

static void signed_at_ms(struct nitro_stage *s, int milliseconds)
{
    s->doc.timestamp_ms = (uint64_t)milliseconds;
}

static void signed_at_the_end(struct nitro_stage *s, int more)
{
    s->doc.timestamp_ms = (uint64_t)INT64_MAX + (unsigned)more;
}

static void long_ago(struct nitro_stage *s, int number)
{
    (void)number;
    s->at_s = INT64_MIN + 1;
}

static void at_document(struct nitro_stage *s, int number)
{
    (void)number;
    s->at_s = TRIAL_AT_DOCUMENT;
}

static void early_at_document(struct nitro_stage *s, int number)
{
    s->at_s = TRIAL_AT_DOCUMENT;
    s->doc.timestamp_ms = 1000;
    (void)number;
}

/* Debug mode. */

static void debug(struct nitro_stage *s, int number)
{
    (void)number;
    sim_nitro_set_debug(&s->doc);
}

static void zero_register(struct nitro_stage *s, int index)
{
    memset(s->doc.pcrs[index].value, 0, 48);
}

static void no_register(struct nitro_stage *s, int index)
{
    s->doc.pcrs[index].is_present = false;
}

/* clang-format off */
static const struct nitro_attack rows[] = {
    /* why, change, number, options, line */
    {"untouched", NULL, 0, TRIAL_ANY, "accepted"},

    {"ES256", protect, ES256, TRIAL_ANY, "refused: signature"},
    {"ES512", protect, ES512, TRIAL_ANY, "refused: signature"},
    {"EdDSA", protect, EDDSA, TRIAL_ANY, "refused: signature"},
    {"key id beside the algorithm", protect, ES384_AND_KEY_ID, TRIAL_ANY, "refused: signature"},
    {"key id alone", protect, KEY_ID_ALONE, TRIAL_ANY, "refused: signature"},
    {"no algorithm", protect, NO_ALGORITHM, TRIAL_ANY, "refused: signature"},
    {"no protected header", protect, NO_BYTES, TRIAL_ANY, "refused: signature"},
    {"critical header", protect, ES384_AND_CRIT, TRIAL_ANY, "error: UNSUPPORTED cose.crit"},
    {"algorithm as text", protect, TEXT_ALGORITHM, TRIAL_ANY, "error: UNSUPPORTED cose.alg"},
    {"algorithm in a longer head than it needs", protect, LONG_HEAD, TRIAL_ANY, "error: ENCODING cose.alg"},
    {"algorithm twice", protect, TWO_ALGORITHMS, TRIAL_ANY, "error: DUPLICATE cose.protected"},
    {"byte behind the protected header", protect, BYTE_MORE, TRIAL_ANY, "error: TRAILING (no field)"},
    {"algorithm outside the signature too", leave_unprotected, HEADER_ALGORITHM, TRIAL_ANY, "refused: reserved"},
    {"algorithm outside the signature only", move_algorithm, 0, TRIAL_ANY, "refused: reserved signature"},
    {"key id outside the signature", leave_unprotected, HEADER_KEY_ID, TRIAL_ANY, "refused: reserved"},
    {"critical header outside the signature", leave_unprotected, HEADER_CRIT, TRIAL_ANY, "error: UNSUPPORTED cose.crit"},
    {"unprotected header is an array", leave_unprotected, HEADER_NO_MAP, TRIAL_ANY, "error: TYPE cose.unprotected"},

    {"r is zero", spoil, R_ZERO, TRIAL_ANY, "refused: signature"},
    {"s is zero", spoil, S_ZERO, TRIAL_ANY, "refused: signature"},
    {"r is the order", spoil, R_ORDER, TRIAL_ANY, "refused: signature"},
    {"s is the order", spoil, S_ORDER, TRIAL_ANY, "refused: signature"},
    {"r and s swapped", spoil, SWAPPED, TRIAL_ANY, "refused: signature"},
    {"r and s little-endian", spoil, LITTLE_ENDIAN, TRIAL_ANY, "refused: signature"},
    {"last bit of s", spoil, LAST_BIT, TRIAL_ANY, "refused: signature"},
    {"signature a byte short", spoil, BYTE_SHORT, TRIAL_ANY, "refused: signature"},
    {"signature a byte long", spoil, BYTE_LONG, TRIAL_ANY, "refused: signature"},
    {"no signature", spoil, NOTHING, TRIAL_ANY, "refused: signature"},
    {"signature in DER", spoil, IN_DER, TRIAL_ANY, "refused: signature"},
    {"n - s for s: as good by ECDSA, so signatures identify nothing", spoil, NEGATED, TRIAL_ANY, "accepted"},
    {"signed by a stranger", sign_by, SIM_NITRO_CERTS, TRIAL_ANY, "refused: signature"},
    {"signed by the instance", sign_by, SIM_NITRO_INSTANCE, TRIAL_ANY, "refused: signature"},
    {"signed by the root", sign_by, SIM_NITRO_ROOT, TRIAL_ANY, "refused: signature"},
    {"nonce put in after signing", splice, 0, TRIAL_ANY, "refused: signature"},
    {"register changed after signing", forge, 0, TRIAL_ANY, "refused: signature"},

    {"signed ahead of the clock, within the skew", signed_later, 60, TRIAL_ANY, "accepted"},
    {"signed ahead of the clock by more", signed_later, 61, TRIAL_ANY, "refused: time"},
    {"signed at no time", signed_at_ms, 0, TRIAL_ANY, "error: VALUE nitro.timestamp"},
    {"signed long ago, and no nonce asked for", signed_at_ms, 1, TRIAL_ANY, "accepted"},
    {"signed at the end of time", signed_at_the_end, 0, TRIAL_ANY, "refused: time"},
    {"signed after the end of time", signed_at_the_end, 1, TRIAL_ANY, "error: VALUE nitro.timestamp"},
    {"clock before all time", long_ago, 0, TRIAL_ANY, "refused: validity time"},
    {"judged at its own time", at_document, 0, TRIAL_ANY, "accepted, archival"},
    {"its own time is before its certificates", early_at_document, 0, TRIAL_ANY, "refused: validity"},

    {"debug mode", debug, 0, TRIAL_ANY, "refused: debug"},
    {"debug mode, allowed", debug, 0, TRIAL_ANY "--allow debug", "accepted, allowed"},
    {"debug allowed and not found", NULL, 0, TRIAL_ANY "--allow debug", "accepted"},
    {"another finding allowed", debug, 0, TRIAL_ANY "--allow migrate_ma --allow trailing", "refused: debug"},
    {"any debug is not debug allowed", debug, 0, TRIAL_ANY "--any debug", "refused: debug"},
    {"debug expected is not debug allowed", debug, 0, TRIAL_ANY "--expect debug=true", "refused: debug"},
    {"debug allowed and expected not to be", debug, 0, TRIAL_ANY "--allow debug --expect debug=false", "refused: claim"},
    {"PCR0 alone is zero", zero_register, 0, TRIAL_ANY, "refused: debug"},
    {"PCR1 alone is zero", zero_register, 1, TRIAL_ANY, "refused: debug"},
    {"PCR2 alone is zero", zero_register, 2, TRIAL_ANY, "refused: debug"},
    {"PCR3 is zero", zero_register, 3, TRIAL_ANY, "accepted"},
    {"PCR0 is missing", no_register, 0, TRIAL_ANY, "refused: debug"},
    {"PCR1 is missing", no_register, 1, TRIAL_ANY, "refused: debug"},
    {"PCR2 is missing", no_register, 2, TRIAL_ANY, "refused: debug"},
    {"PCR3 is missing", no_register, 3, TRIAL_ANY, "accepted"},
};
/* clang-format on */

int main(void)
{
    nitro_attacks_run(rows, COUNT(rows));
    return test_finish();
}
