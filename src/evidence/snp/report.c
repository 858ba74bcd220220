/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/span.h"
#include "base/value.h"
#include "evidence/bits.h"

/* clang-format off */
/* The names a finding about a bit without a meaning goes by. */
static const char *const policy_bits[64] = {TROTH_BIT_NAMES("snp.policy.bit")};
static const char *const platform_bits[64] = {TROTH_BIT_NAMES("snp.platform.bit")};

const char *const troth_snp_findings[] = {
    "debug", "migrate_ma", "provisional", "masked_chip", "trailing", "alias_check",
    TROTH_BIT_NAMES("snp.policy.bit"), TROTH_BIT_NAMES("snp.platform.bit"), NULL,
};

#define X(number, name, about) | UINT64_C(1) << (number)
static const uint64_t known_policy = 0 TROTH_SNP_POLICY_BITS(X);
#undef X
#define X(number, name, wanted, about) | UINT64_C(1) << (number)
static const uint64_t known_platform = 0 TROTH_SNP_PLATFORM_BITS(X);
#undef X
/* clang-format on */

static bool bit(uint64_t word, unsigned number)
{
    return word >> number & 1;
}

static void judge_trailing(struct troth_judgement *j, const struct troth_snp *s)
{
    struct troth_value length = troth_value_uint(s->trailing.len);

    /* Hosts hand out fixed buffers, so zeros behind a report are ordinary: they are
     * reported, and nothing more. */
    if (troth_span_is_zero(s->trailing)) {
        troth_judge(j, (struct troth_check){
                           .id = TROTH_CHECK_TRAILING,
                           .outcome = TROTH_PASSED,
                           .why = s->trailing.len ? "zero bytes follow the report" : NULL,
                           .seen = length,
                       });
        return;
    }
    troth_judge_finding(j, &(struct troth_finding){
                               .id = TROTH_CHECK_TRAILING,
                               .name = "trailing",
                               .why = "bytes that nothing signs follow the report",
                               .seen = length,
                               .wanted = troth_value_uint(0),
                           });
}

/* The first field that has to be zero in this version and is not, or NULL. */
static const char *first_not_zero(const struct troth_snp *s)
{
    uint64_t version = troth_snp_uint(s->version);

/* clang-format off */
#define MUST_BE_ZERO_ZERO   true
#define MUST_BE_ZERO_SINCE3 (version < 3)
#define MUST_BE_ZERO_SINCE5 (version < 5)
#define MUST_BE_ZERO_UINT   false
#define MUST_BE_ZERO_BYTES  false
#define MUST_BE_ZERO_TCB    false
#define MUST_BE_ZERO_OTHER  false
#define X(name, size, kind, about)                              \
    if (MUST_BE_ZERO_##kind && !troth_span_is_zero(s->name))    \
        return "snp." #name;
    TROTH_SNP_REPORT(X)
#undef X
    /* clang-format on */
    if (troth_snp_uint(s->signer_info) & TROTH_SNP_SIGNER_RESERVED)
        return "snp.signer_info";
    return NULL;
}

static void judge_reserved(struct troth_judgement *j, const struct troth_snp *s)
{
    const char *field = first_not_zero(s);

    troth_judge(j, (struct troth_check){
                       .id = TROTH_CHECK_RESERVED,
                       .outcome = field ? TROTH_FAILED : TROTH_PASSED,
                       .subject = field,
                       .why = field ? "a field without a meaning is not zero" : NULL,
                   });
}

static void judge_debug(struct troth_judgement *j, uint64_t policy)
{
    if (!bit(policy, 19)) {
        troth_judge_passed(j, TROTH_CHECK_DEBUG);
        return;
    }
    troth_judge_finding(j, &(struct troth_finding){
                               .id = TROTH_CHECK_DEBUG,
                               .name = "debug",
                               .why = "the guest policy lets the host debug the guest",
                               .seen = troth_value_bool(true),
                               .wanted = troth_value_bool(false),
                           });
}

static void judge_migration(struct troth_judgement *j, uint64_t policy)
{
    if (!bit(policy, 18)) {
        troth_judge_passed(j, TROTH_CHECK_MIGRATION);
        return;
    }
    troth_judge_finding(
        j, &(struct troth_finding){
               .id = TROTH_CHECK_MIGRATION,
               .name = "migrate_ma",
               .why = "a migration agent may move the guest to another machine",
               .seen = troth_value_bool(true),
               .wanted = troth_value_bool(false),
           });
}

static void judge_unknown_bits(struct troth_judgement *j, enum troth_check_id id,
                               uint64_t unknown, const char *const names[static 64])
{
    const struct troth_bit_rules rules = {.names = names, .clear = unknown};

    (void)troth_judge_bits(j, id, unknown, &rules);
}

static void judge_policy_bits(struct troth_judgement *j, uint64_t policy)
{
    uint64_t unknown = policy >> TROTH_SNP_POLICY_FIRST_BIT
                                     << TROTH_SNP_POLICY_FIRST_BIT &
                       ~known_policy;

    if (!bit(policy, 17))
        troth_judge(j, (struct troth_check){
                           .id = TROTH_CHECK_POLICY_BITS,
                           .outcome = TROTH_FAILED,
                           .subject = "snp.policy.reserved_one",
                           .why = "a bit that is always set is not",
                           .seen = troth_value_bool(false),
                           .wanted = troth_value_bool(true),
                       });
    else if (!unknown)
        troth_judge_passed(j, TROTH_CHECK_POLICY_BITS);
    judge_unknown_bits(j, TROTH_CHECK_POLICY_BITS, unknown, policy_bits);
}

static void judge_platform_bits(struct troth_judgement *j, uint64_t platform)
{
    uint64_t unknown = platform & ~known_platform;
    bool aliased = !bit(platform, 5);

    if (aliased)
        troth_judge_finding(
            j, &(struct troth_finding){
                   .id = TROTH_CHECK_PLATFORM_BITS,
                   .name = "alias_check",
                   .why = "the platform did not check its memory for aliases (BadRAM)",
                   .seen = troth_value_bool(false),
                   .wanted = troth_value_bool(true),
               });
    else if (!unknown)
        troth_judge_passed(j, TROTH_CHECK_PLATFORM_BITS);
    judge_unknown_bits(j, TROTH_CHECK_PLATFORM_BITS, unknown, platform_bits);
}

static void judge_requester(struct troth_judgement *j, const struct troth_snp *s)
{
    uint64_t vmpl = troth_snp_uint(s->vmpl);
    bool named = troth_judge_expects(j, "snp.vmpl") ||
                 troth_judge_takes_any(j, "snp.vmpl");
    bool by_guest = vmpl <= TROTH_SNP_VMPL_MAX;
    bool passed = by_guest && (vmpl == 0 || named);
    struct troth_check row = {
        .id = TROTH_CHECK_REQUESTER,
        .outcome = passed ? TROTH_PASSED : TROTH_FAILED,
        .subject = "snp.vmpl",
        .seen = troth_value_uint(vmpl),
        .wanted = troth_value_uint(0),
    };

    if (!by_guest)
        row.why = "the report was not asked for by the guest";
    else if (!passed)
        row.why = "asked for at a lower privilege level than the default accepts";
    if (by_guest && !passed) {
        row.flag = "--any";
        row.flag_argument = "snp.vmpl";
    }
    troth_judge(j, row);
}

/* A firmware version as one number that grows with it. */
static unsigned version_of(struct troth_span major, struct troth_span minor,
                           struct troth_span build)
{
    return (unsigned)major.ptr[0] << 16 | (unsigned)minor.ptr[0] << 8 | build.ptr[0];
}

static void judge_provisional(struct troth_judgement *j, const struct troth_snp *s)
{
    unsigned runs = version_of(s->current_major, s->current_minor, s->current_build);
    unsigned stays = version_of(s->committed_major, s->committed_minor,
                                s->committed_build);

    if (stays > runs) {
        troth_judge_failed(j, TROTH_CHECK_PROVISIONAL,
                           "committed firmware is newer than what runs");
        return;
    }
    if (stays == runs && troth_span_equal(s->committed_tcb, s->current_tcb)) {
        troth_judge_passed(j, TROTH_CHECK_PROVISIONAL);
        return;
    }
    troth_judge_finding(j, &(struct troth_finding){
                               .id = TROTH_CHECK_PROVISIONAL,
                               .name = "provisional",
                               .why = "the host can still roll the running firmware back",
                               .seen = troth_value_bytes(s->committed_tcb),
                               .wanted = troth_value_bytes(s->current_tcb),
                           });
}

void troth_snp_judge_report(struct troth_judgement *j, const struct troth_snp *snp)
{
    uint64_t policy = troth_snp_uint(snp->policy);

    judge_trailing(j, snp);
    judge_reserved(j, snp);
    judge_debug(j, policy);
    judge_migration(j, policy);
    judge_policy_bits(j, policy);
    judge_platform_bits(j, troth_snp_uint(snp->platform_info));
    judge_requester(j, snp);
    judge_provisional(j, snp);
}
