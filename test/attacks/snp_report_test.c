/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "stage.h"

/* What a report may say of itself, and what may stand around it. */

/* Version, algorithm, requester. */

static void version(struct snp_stage *s, int number)
{
    sim_snp_set_version(&s->doc, (uint64_t)number);
}

static void version_alone(struct snp_stage *s, int number)
{
    s->doc.report.version = (uint64_t)number;
}

static void cpuid_in_2(struct snp_stage *s, int byte)
{
    sim_snp_set_version(&s->doc, 2);
    s->doc.report.cpuid_family = byte == 0;
    s->doc.report.cpuid_model = byte == 1;
    s->doc.report.cpuid_stepping = byte == 2;
}

static void vectors_before_5(struct snp_stage *s, int number)
{
    s->doc.report.launch_mit_vector = number == 0;
    s->doc.report.current_mit_vector = number == 1;
}

static void algorithm(struct snp_stage *s, int number)
{
    s->doc.report.signature_algo = (uint64_t)(unsigned)number;
}

static void vmpl(struct snp_stage *s, int number)
{
    s->doc.report.vmpl = (uint32_t)number;
}

/* Reserved bytes, by their place in the report. */

static void set_byte(struct sim_bytes *bytes, const void *context)
{
    const size_t *offset = context;

    bytes->ptr[*offset] |= 0x80;
}

static void reserved(struct snp_stage *s, int at)
{
    static size_t offset;

    offset = (size_t)at;
    s->doc.edit_report = (struct sim_edit){set_byte, &offset};
}

static void reserved_signer_bit(struct snp_stage *s, int bit)
{
    s->doc.report.signer_info |= UINT64_C(1) << bit;
}

/* Bytes of the signature field: r, its upper bytes, s, its upper bytes, the tail. */
static void unsigned_byte(struct snp_stage *s, int at)
{
    static size_t offset;

    offset = (size_t)at;
    s->doc.edit_signature = (struct sim_edit){set_byte, &offset};
}

static void author_key(struct snp_stage *s, int number)
{
    s->doc.report.signer_info |= 1;
    memset(s->doc.report.author_key_digest, 0xa7, 48);
    (void)number;
}

/* Signatures. The edits of the stage are for 2 × 48 bytes big-endian. */

static void reverse(uint8_t *out, const uint8_t *in)
{
    for (size_t i = 0; i < 48; i++)
        out[i] = in[47 - i];
}

static void edit_numbers(struct sim_bytes *field, const void *context)
{
    const struct sim_edit *edit = context;
    struct sim_bytes numbers = {0};

    sim_bytes_append_zeros(&numbers, 96);
    reverse(numbers.ptr, field->ptr);
    reverse(numbers.ptr + 48, field->ptr + 72);
    edit->apply(&numbers, NULL);
    reverse(field->ptr, numbers.ptr);
    reverse(field->ptr + 72, numbers.ptr + 48);
    sim_bytes_free(&numbers);
}

enum { R_ZERO, S_ZERO, R_ORDER, S_ORDER, SWAPPED, BIG_ENDIAN, LAST_BIT, NEGATED };

static void spoil(struct snp_stage *s, int number)
{
    static const struct sim_edit edits[] = {
        [R_ZERO] = {stage_r_zero, NULL},
        [S_ZERO] = {stage_s_zero, NULL},
        [R_ORDER] = {stage_r_order, NULL},
        [S_ORDER] = {stage_s_order, NULL},
        [SWAPPED] = {stage_swap_halves, NULL},
        [BIG_ENDIAN] = {stage_reverse_halves, NULL},
        [LAST_BIT] = {sim_flip_last_bit, NULL},
        [NEGATED] = {stage_negate_s, NULL},
    };

    s->doc.edit_signature = (struct sim_edit){edit_numbers, &edits[number]};
}

static void sign_by_stranger(struct snp_stage *s, int number)
{
    (void)number;
    s->doc.key = sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

static void flip_byte(struct sim_bytes *bytes, const void *context)
{
    const size_t *offset = context;

    bytes->ptr[*offset] ^= 1;
}

static void after_signing(struct snp_stage *s, int at)
{
    static size_t offset;

    offset = (size_t)at;
    s->edit_whole = (struct sim_edit){flip_byte, &offset};
}

/* What follows. */

static void pad(struct sim_bytes *bytes, const void *context)
{
    const size_t *count = context;

    sim_bytes_append_zeros(bytes, *count);
}

static void padded(struct snp_stage *s, int number)
{
    static size_t count;

    count = (size_t)number;
    s->edit_whole = (struct sim_edit){pad, &count};
}

static void trailed(struct snp_stage *s, int number)
{
    (void)number;
    s->edit_whole = (struct sim_edit){stage_append_one, NULL};
}

static void pad_and_trail(struct sim_bytes *bytes, const void *context)
{
    sim_bytes_append_zeros(bytes, 2000);
    stage_append_one(bytes, context);
}

static void trailed_far(struct snp_stage *s, int number)
{
    (void)number;
    s->edit_whole = (struct sim_edit){pad_and_trail, NULL};
}

enum { RESPONSE, RESPONSE_FAILED, RESPONSE_OTHER_SIZE, RESPONSE_RESERVED };

static void in_response(struct snp_stage *s, int number)
{
#define ZEROS "000000000000000000000000000000000000000000000000"
    static const struct stage_swap heads[] = {
        [RESPONSE] = {"", "00000000 a0040000" ZEROS},
        [RESPONSE_FAILED] = {"", "16000000 a0040000" ZEROS},
        [RESPONSE_OTHER_SIZE] = {"", "00000000 a1040000" ZEROS},
        [RESPONSE_RESERVED] = {"", "00000000 a0040000"
                                   "010000000000000000000000000000000000000000000000"},
    };
#undef ZEROS

    s->edit_whole = stage_swap_edit(&heads[number]);
}

/* Firmware that is not committed yet. */

enum { BUILD, MINOR, MAJOR, ONE_TCB, BUILD_ABOVE, MINOR_ABOVE, MAJOR_ABOVE };

static void provisional(struct snp_stage *s, int number)
{
    struct sim_snp_report *report = &s->doc.report;

    report->current_build += number == BUILD;
    report->current_minor += number == MINOR;
    report->current_major += number == MAJOR;
    report->current_tcb[7] = (uint8_t)(report->current_tcb[7] + (number == ONE_TCB));
    report->committed_build += number == BUILD_ABOVE;
    report->committed_minor += number == MINOR_ABOVE;
    report->committed_major += number == MAJOR_ABOVE;
}

static void policy_bit(struct snp_stage *s, int bit)
{
    s->doc.report.policy ^= UINT64_C(1) << bit;
}

static void platform_bit(struct snp_stage *s, int bit)
{
    s->doc.report.platform_info ^= UINT64_C(1) << bit;
}

static void every_bit(struct snp_stage *s, int number)
{
    s->doc.report.policy = UINT64_MAX;
    s->doc.report.platform_info = UINT64_MAX;
    if (number)
        s->doc.report.policy -= 1 << 17;
    if (number)
        s->doc.report.platform_info -= 1 << 5;
}

/* clang-format off */
static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"untouched", ON_MILAN, NULL, 0, TRIAL_ANY, "accepted"},
    {"untouched", ON_GENOA, NULL, 0, TRIAL_ANY, "accepted"},
    {"untouched", ON_TURIN, NULL, 0, TRIAL_ANY, "accepted"},
    {"untouched", ON_MILAN_BY_VLEK, NULL, 0, TRIAL_ANY, "accepted"},
    {"untouched", ON_GENOA_BY_VLEK, NULL, 0, TRIAL_ANY, "accepted"},
    {"untouched", ON_TURIN_BY_VLEK, NULL, 0, TRIAL_ANY, "accepted"},

    {"version", ON_MILAN, version_alone, 0, TRIAL_ANY, "error: VERSION snp.version"},
    {"version", ON_MILAN, version_alone, 1, TRIAL_ANY, "error: VERSION snp.version"},
    {"version", ON_MILAN, version, 2, TRIAL_ANY, "accepted"},
    {"version", ON_MILAN, version, 3, TRIAL_ANY, "accepted"},
    {"version", ON_MILAN, version_alone, 4, TRIAL_ANY, "error: VERSION snp.version"},
    {"version", ON_MILAN, version, 5, TRIAL_ANY, "accepted"},
    {"version", ON_MILAN, version_alone, 6, TRIAL_ANY, "error: VERSION snp.version"},
    {"version", ON_MILAN, version_alone, 255, TRIAL_ANY, "error: VERSION snp.version"},
    {"version", ON_MILAN, version_alone, 256, TRIAL_ANY, "error: KIND evidence"},
    {"version 2 on Genoa", ON_GENOA, version, 2, TRIAL_ANY, "accepted"},
    {"version 2 on Turin", ON_TURIN, version, 2, TRIAL_ANY, "accepted"},
    {"CPUID before there was one", ON_MILAN, cpuid_in_2, 0, TRIAL_ANY, "refused: reserved"},
    {"CPUID before there was one", ON_MILAN, cpuid_in_2, 1, TRIAL_ANY, "refused: reserved"},
    {"CPUID before there was one", ON_MILAN, cpuid_in_2, 2, TRIAL_ANY, "refused: reserved"},
    {"Turin's report said to be of version 3", ON_TURIN, version_alone, 3, TRIAL_ANY, "refused: reserved"},
    {"Milan's report said to be of version 2", ON_MILAN, version_alone, 2, TRIAL_ANY, "refused: reserved"},
    {"mitigations before there were any", ON_MILAN, vectors_before_5, 0, TRIAL_ANY, "refused: reserved"},
    {"mitigations before there were any", ON_MILAN, vectors_before_5, 1, TRIAL_ANY, "refused: reserved"},

    {"VMPL", ON_MILAN, vmpl, 1, TRIAL_ANY, "refused: requester"},
    {"VMPL", ON_MILAN, vmpl, 2, TRIAL_ANY, "refused: requester"},
    {"VMPL", ON_MILAN, vmpl, 3, TRIAL_ANY, "refused: requester"},
    {"VMPL any", ON_MILAN, vmpl, 1, TRIAL_ANY "--any snp.vmpl", "accepted"},
    {"VMPL any", ON_MILAN, vmpl, 3, TRIAL_ANY "--any snp.vmpl", "accepted"},
    {"VMPL expected", ON_MILAN, vmpl, 2, TRIAL_ANY "--expect snp.vmpl=2", "accepted"},
    {"VMPL expected in hex", ON_MILAN, vmpl, 2, TRIAL_ANY "--expect snp.vmpl=0x2", "accepted"},
    {"another VMPL expected", ON_MILAN, vmpl, 2, TRIAL_ANY "--expect snp.vmpl=1", "refused: claim"},
    {"VMPL 0 expected", ON_MILAN, vmpl, 1, TRIAL_ANY "--expect snp.vmpl=0", "refused: claim"},
    {"VMPL allowed, which is no finding", ON_MILAN, vmpl, 1, TRIAL_ANY "--allow snp.vmpl", "error: CLAIM requirements.allow"},
    {"VMPL there is not", ON_MILAN, vmpl, 4, TRIAL_ANY, "refused: requester"},
    {"VMPL there is not, any", ON_MILAN, vmpl, 4, TRIAL_ANY "--any snp.vmpl", "refused: requester"},
    {"the host asked", ON_MILAN, vmpl, -1, TRIAL_ANY, "refused: requester"},
    {"the host asked, any", ON_MILAN, vmpl, -1, TRIAL_ANY "--any snp.vmpl", "refused: requester"},
    {"the host asked, as expected", ON_MILAN, vmpl, -1, TRIAL_ANY "--expect snp.vmpl=4294967295", "refused: requester"},

    {"reserved_4c, first byte", ON_MILAN, reserved, 0x4c, TRIAL_ANY, "refused: reserved"},
    {"reserved_4c, last byte", ON_MILAN, reserved, 0x4f, TRIAL_ANY, "refused: reserved"},
    {"reserved_18b, first byte", ON_MILAN, reserved, 0x18b, TRIAL_ANY, "refused: reserved"},
    {"reserved_18b, last byte", ON_MILAN, reserved, 0x19f, TRIAL_ANY, "refused: reserved"},
    {"reserved_1eb", ON_MILAN, reserved, 0x1eb, TRIAL_ANY, "refused: reserved"},
    {"reserved_1ef", ON_MILAN, reserved, 0x1ef, TRIAL_ANY, "refused: reserved"},
    {"reserved_208, first byte", ON_MILAN, reserved, 0x208, TRIAL_ANY, "refused: reserved"},
    {"reserved_208, last byte", ON_MILAN, reserved, 0x29f, TRIAL_ANY, "refused: reserved"},
    {"reserved bytes of Turin", ON_TURIN, reserved, 0x208, TRIAL_ANY, "refused: reserved"},
    {"signer_info's first reserved bit", ON_MILAN, reserved_signer_bit, 5, TRIAL_ANY, "refused: reserved"},
    {"signer_info's eighth bit", ON_MILAN, reserved_signer_bit, 8, TRIAL_ANY, "refused: reserved"},
    {"signer_info's last reserved bit", ON_MILAN, reserved_signer_bit, 31, TRIAL_ANY, "refused: reserved"},
    {"author key", ON_MILAN, author_key, 0, TRIAL_ANY, "accepted"},
    {"author key wanted", ON_MILAN, author_key, 0, TRIAL_ANY "--expect snp.author_key_en=true", "accepted"},
    {"author key wanted, there is none", ON_MILAN, NULL, 0, TRIAL_ANY "--expect snp.author_key_en=true", "refused: claim"},
    {"another author key wanted", ON_MILAN, author_key, 0, TRIAL_ANY "--expect snp.author_key_digest=a7", "refused: claim"},

    {"upper bytes of r, first", ON_MILAN, unsigned_byte, 48, TRIAL_ANY, "refused: reserved"},
    {"upper bytes of r, last", ON_MILAN, unsigned_byte, 71, TRIAL_ANY, "refused: reserved"},
    {"upper bytes of s, first", ON_MILAN, unsigned_byte, 72 + 48, TRIAL_ANY, "refused: reserved"},
    {"upper bytes of s, last", ON_MILAN, unsigned_byte, 72 + 71, TRIAL_ANY, "refused: reserved"},
    {"unsigned tail, first byte", ON_MILAN, unsigned_byte, 144, TRIAL_ANY, "refused: reserved"},
    {"unsigned tail, last byte", ON_MILAN, unsigned_byte, 511, TRIAL_ANY, "refused: reserved"},

    {"signature algorithm", ON_MILAN, algorithm, 0, TRIAL_ANY, "refused: signature"},
    {"signature algorithm", ON_MILAN, algorithm, 2, TRIAL_ANY, "refused: signature"},
    {"signature algorithm", ON_MILAN, algorithm, 257, TRIAL_ANY, "refused: signature"},
    {"signature algorithm", ON_MILAN, algorithm, 0x10001, TRIAL_ANY, "refused: signature"},
    {"r is zero", ON_MILAN, spoil, R_ZERO, TRIAL_ANY, "refused: signature"},
    {"s is zero", ON_MILAN, spoil, S_ZERO, TRIAL_ANY, "refused: signature"},
    {"r is the order", ON_MILAN, spoil, R_ORDER, TRIAL_ANY, "refused: signature"},
    {"s is the order", ON_MILAN, spoil, S_ORDER, TRIAL_ANY, "refused: signature"},
    {"r and s swapped", ON_MILAN, spoil, SWAPPED, TRIAL_ANY, "refused: signature"},
    {"r and s big-endian", ON_MILAN, spoil, BIG_ENDIAN, TRIAL_ANY, "refused: signature"},
    {"a bit of s", ON_MILAN, spoil, LAST_BIT, TRIAL_ANY, "refused: signature"},
    {"n - s for s: as good by ECDSA, so signatures identify nothing", ON_MILAN, spoil, NEGATED, TRIAL_ANY, "accepted"},
    {"signed by a stranger", ON_MILAN, sign_by_stranger, 0, TRIAL_ANY, "refused: signature"},
    {"signed by a stranger", ON_TURIN_BY_VLEK, sign_by_stranger, 0, TRIAL_ANY, "refused: signature"},
    {"measurement changed after signing", ON_MILAN, after_signing, 0x90, TRIAL_ANY, "refused: signature"},
    {"report_data changed after signing", ON_MILAN, after_signing, 0x50, TRIAL_ANY, "refused: signature"},
    {"guest_svn changed after signing", ON_MILAN, after_signing, 0x04, TRIAL_ANY, "refused: signature"},
    {"host_data changed after signing", ON_MILAN, after_signing, 0xc0, TRIAL_ANY, "refused: signature"},

    {"a zero follows", ON_MILAN, padded, 1, TRIAL_ANY, "accepted"},
    {"a buffer's rest of zeros follows", ON_MILAN, padded, 4000 - 1184, TRIAL_ANY, "accepted"},
    {"a byte follows", ON_MILAN, trailed, 0, TRIAL_ANY, "refused: trailing"},
    {"a byte follows far behind", ON_MILAN, trailed_far, 0, TRIAL_ANY, "refused: trailing"},
    {"a byte follows, allowed", ON_MILAN, trailed, 0, TRIAL_ANY "--allow trailing", "accepted, allowed"},
    {"trailing allowed, nothing follows", ON_MILAN, NULL, 0, TRIAL_ANY "--allow trailing", "accepted"},
    {"inside the device's response", ON_MILAN, in_response, RESPONSE, TRIAL_ANY, "accepted"},
    {"response of a failure", ON_MILAN, in_response, RESPONSE_FAILED, TRIAL_ANY, "error: VERSION snp.version"},
    {"response of another size", ON_MILAN, in_response, RESPONSE_OTHER_SIZE, TRIAL_ANY, "error: KIND evidence"},
    {"response with a reserved byte", ON_MILAN, in_response, RESPONSE_RESERVED, TRIAL_ANY, "error: VERSION snp.version"},

    {"build not committed", ON_MILAN, provisional, BUILD, TRIAL_ANY, "refused: provisional"},
    {"minor version not committed", ON_MILAN, provisional, MINOR, TRIAL_ANY, "refused: provisional"},
    {"major version not committed", ON_MILAN, provisional, MAJOR, TRIAL_ANY, "refused: provisional"},
    {"microcode not committed", ON_MILAN, provisional, ONE_TCB, TRIAL_ANY, "refused: provisional"},
    {"microcode not committed, allowed", ON_MILAN, provisional, ONE_TCB, TRIAL_ANY "--allow provisional", "accepted, allowed"},
    {"build committed above what runs, allowed", ON_MILAN, provisional, BUILD_ABOVE, TRIAL_ANY "--allow provisional", "refused: provisional"},
    {"minor version committed above what runs, allowed", ON_MILAN, provisional, MINOR_ABOVE, TRIAL_ANY "--allow provisional", "refused: provisional"},
    {"major version committed above what runs, allowed", ON_MILAN, provisional, MAJOR_ABOVE, TRIAL_ANY "--allow provisional", "refused: provisional"},
    {"provisional allowed and not found", ON_MILAN, NULL, 0, TRIAL_ANY "--allow provisional", "accepted"},

    {"debug", ON_MILAN, policy_bit, 19, TRIAL_ANY, "refused: debug"},
    {"debug allowed", ON_MILAN, policy_bit, 19, TRIAL_ANY "--allow debug", "accepted, allowed"},
    {"debug, migration allowed", ON_MILAN, policy_bit, 19, TRIAL_ANY "--allow migrate_ma", "refused: debug"},
    {"debug allowed by number", ON_MILAN, policy_bit, 19, TRIAL_ANY "--allow snp.policy.bit19", "refused: debug"},
    {"migration agent", ON_MILAN, policy_bit, 18, TRIAL_ANY, "refused: migration"},
    {"migration agent allowed", ON_MILAN, policy_bit, 18, TRIAL_ANY "--allow migrate_ma", "accepted, allowed"},
    {"bit that is always set is not", ON_MILAN, policy_bit, 17, TRIAL_ANY, "refused: policy_bits"},
    {"… and allowed by number", ON_MILAN, policy_bit, 17, TRIAL_ANY "--allow snp.policy.bit17", "refused: policy_bits"},
    {"another unknown bit allowed", ON_MILAN, policy_bit, 26, TRIAL_ANY "--allow snp.policy.bit27", "refused: policy_bits"},
    {"the platform's bit allowed", ON_MILAN, policy_bit, 26, TRIAL_ANY "--allow snp.platform.bit26", "refused: policy_bits"},
    {"memory not checked for aliases", ON_MILAN, platform_bit, 5, TRIAL_ANY, "refused: platform_bits"},
    {"… and allowed", ON_MILAN, platform_bit, 5, TRIAL_ANY "--allow alias_check", "accepted, allowed"},
    {"alias check allowed, and made", ON_MILAN, NULL, 0, TRIAL_ANY "--allow alias_check", "accepted"},
    {"every bit set", ON_MILAN, every_bit, 0, TRIAL_ANY, "refused: debug migration policy_bits platform_bits"},
    {"every bit a finding", ON_MILAN, every_bit, 1, TRIAL_ANY, "refused: debug migration policy_bits platform_bits"},
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
