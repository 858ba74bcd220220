/* SPDX-License-Identifier: Apache-2.0 */
/* What a report says of itself, byte by byte and bit by bit; nothing is signed here. */
#include <stdio.h>
#include <string.h>

#include "evidence/snp/snp.h"
#include "test/harness.h"
#include "test/support/trial.h"

enum { POLICY = 0x08, VMPL = 0x30, PLATFORM = 0x40, SIGNER = 0x48, ROOM = 1184 + 64 };

static struct trial t;
static uint8_t raw[ROOM];
static uint8_t memory[64 * 1024];

/* A good report of this version: every check of the plan below passes. */
static void write_good(uint8_t version)
{
    memset(raw, 0, sizeof raw);
    raw[0] = version;
    raw[POLICY + 2] = 0x03;
    raw[PLATFORM] = 0x20;
}

static const enum troth_check_id plan[] = {
    TROTH_CHECK_TRAILING,      TROTH_CHECK_RESERVED,  TROTH_CHECK_PROVISIONAL,
    TROTH_CHECK_DEBUG,         TROTH_CHECK_MIGRATION, TROTH_CHECK_POLICY_BITS,
    TROTH_CHECK_PLATFORM_BITS, TROTH_CHECK_REQUESTER, TROTH_CHECK_COUNT,
};

/* The line of the report's own checks; what the relying party owes is left out. */
static const char *judge(size_t len, const char *options)
{
    static struct troth_judgement j;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const struct troth_verify_input input = {.arena = &arena,
                                             .requirements = &t.requirements};
    struct troth_snp snp;

    trial_reset(&t);
    trial_require(&t, options);
    CHECK_ERR(troth_snp_parse(&snp, NULL, (struct troth_span){raw, len}), TROTH_OK);
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    j.verdict.count -= 2; /* measurement and nonce */
    troth_snp_judge_report(&j, &snp);
    CHECK_ERR(j.err, TROTH_OK);
    t.result.verdict = j.verdict;
    trial_describe(t.line, &j.verdict);
    return t.line;
}

/* clang-format off */
static const struct {
    const char *why;
    size_t at;
    const char *hex;
    const char *options;
    const char *line;
} rows[] = {
    {"good", 0, "03", "", "accepted"},

    {"debug", POLICY, "00 00 0b", "", "refused: debug"},
    {"debug, allowed", POLICY, "00 00 0b", "--allow debug", "accepted"},
    {"a migration agent", POLICY, "00 00 07", "", "refused: migration"},
    {"a migration agent, allowed", POLICY, "00 00 07", "--allow migrate_ma", "accepted"},
    {"both, one allowed", POLICY, "00 00 0f", "--allow debug", "refused: migration"},
    {"the bit that is always set is not", POLICY, "00 00 01", "", "refused: policy_bits"},
    {"and nothing allows that", POLICY, "00 00 01", "--allow snp.policy.bit17", "refused: policy_bits"},
    {"any version of the ABI", POLICY, "ff ff 03", "", "accepted"},
    {"every policy bit with a meaning but debug and migration", POLICY, "ff ff f3 03", "", "accepted"},
    {"policy bit 26 has none", POLICY, "00 00 03 04", "", "refused: policy_bits"},
    {"policy bit 26, allowed", POLICY, "00 00 03 04", "--allow snp.policy.bit26", "accepted"},
    {"policy bit 63", POLICY, "00 00 03 00 00 00 00 80", "", "refused: policy_bits"},
    {"bits 26 and 63, one allowed", POLICY, "00 00 03 04 00 00 00 80", "--allow snp.policy.bit26", "refused: policy_bits"},
    {"bits 26 and 63, both allowed", POLICY, "00 00 03 04 00 00 00 80", "--allow snp.policy.bit26 --allow snp.policy.bit63", "accepted"},

    {"every platform bit with a meaning", PLATFORM, "ff", "", "accepted"},
    {"memory not checked for aliases", PLATFORM, "00", "", "refused: platform_bits"},
    {"not checked, allowed", PLATFORM, "00", "--allow alias_check", "accepted"},
    {"platform bit 8 has no meaning", PLATFORM, "20 01", "", "refused: platform_bits"},
    {"platform bit 8, allowed", PLATFORM, "20 01", "--allow snp.platform.bit8", "accepted"},
    {"bit 8 allowed, and not checked for aliases", PLATFORM, "00 01", "--allow snp.platform.bit8", "refused: platform_bits"},
    {"platform bit 63", PLATFORM, "20 00 00 00 00 00 00 80", "", "refused: platform_bits"},
    {"the policy's bit 26 allowed, not the platform's", PLATFORM, "20 00 00 04", "--allow snp.policy.bit26", "refused: platform_bits"},

    {"VMPL 1", VMPL, "01", "", "refused: requester"},
    {"VMPL 1, any will do", VMPL, "01", "--any snp.vmpl", "accepted"},
    {"VMPL 1, asked for", VMPL, "01", "--expect snp.vmpl=1", "accepted"},
    {"VMPL 3, any will do", VMPL, "03", "--any snp.vmpl", "accepted"},
    {"VMPL 4 does not exist", VMPL, "04", "--any snp.vmpl", "refused: requester"},
    {"the host asked", VMPL, "ff ff ff ff", "--any snp.vmpl", "refused: requester"},
    {"a VMPL with a high byte", VMPL, "00 00 00 01", "--any snp.vmpl", "refused: requester"},

    {"a reserved bit of signer_info", SIGNER, "20", "", "refused: reserved"},
    {"the last of them", SIGNER, "00 00 00 80", "", "refused: reserved"},
    {"its known bits", SIGNER, "1f", "", "accepted"},

    {"running TCB newer than committed", 0x38, "01", "", "refused: provisional"},
    {"running build newer than committed", 0x1e8, "01", "", "refused: provisional"},
    {"running minor version newer", 0x1e9, "01", "", "refused: provisional"},
    {"running major version newer", 0x1ea, "01", "", "refused: provisional"},
    {"committed build newer than running", 0x1ec, "01", "", "refused: provisional"},
    {"and nothing allows that", 0x1ec, "01", "--allow provisional", "refused: provisional"},
    {"committed major version newer, running build newer", 0x1e8, "ff ff 00 00 00 00 01", "--allow provisional", "refused: provisional"},
    {"running build newer, allowed", 0x1e8, "01", "--allow provisional", "accepted"},
    {"running minor version newer, committed build newer, allowed", 0x1e8, "00 01 00 00 ff", "--allow provisional", "accepted"},
    {"running major version newer, the rest newer in committed, allowed", 0x1e8, "00 00 01 00 ff ff", "--allow provisional", "accepted"},
    {"build the same in both", 0x1e8, "07 00 00 00 07", "", "accepted"},
    {"reported and launch TCB do not matter here", 0x180, "01", "", "accepted"},
};

/* Where AMD's table has nothing, and since which version there is something. */
static const struct {
    size_t from, to;
    uint8_t until_version;
} zeros[] = {
    {0x04c, 0x050, 255}, {0x188, 0x18b, 3},   {0x18b, 0x1a0, 255}, {0x1eb, 0x1ec, 255},
    {0x1ef, 0x1f0, 255}, {0x1f8, 0x208, 5},   {0x208, 0x2a0, 255}, {0x2d0, 0x2e8, 255},
    {0x318, 0x4a0, 255},
};
/* clang-format on */

static bool must_be_zero(size_t at, uint8_t version)
{
    for (size_t i = 0; i < COUNT(zeros); i++)
        if (at >= zeros[i].from && at < zeros[i].to && version < zeros[i].until_version)
            return true;
    return false;
}

/* What was seen is what the report says, and what was wanted is something else. */
static void check_values(void)
{
    for (size_t i = 0; i < t.result.verdict.count; i++) {
        const struct troth_check *row = &t.result.verdict.checks[i];
        bool wanted_set = row->subject &&
                          (strcmp(row->subject, "alias_check") == 0 ||
                           strcmp(row->subject, "snp.policy.reserved_one") == 0);

        if (row->seen.type != TROTH_VALUE_BOOL)
            continue;
        CHECK_INT(row->wanted.type, TROTH_VALUE_BOOL);
        CHECK_INT(row->seen.boolean, !wanted_set);
        CHECK_INT(row->wanted.boolean, wanted_set);
    }
}

static void judge_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span bytes = test_hex(rows[i].hex);

        test_case("%s", rows[i].why);
        write_good(3);
        memcpy(raw + rows[i].at, bytes.ptr, bytes.len);
        CHECK_TEXT(judge(TROTH_SNP_REPORT_SIZE, rows[i].options), rows[i].line);
        check_values();
    }
}

/* Every byte of the report, one bit of it set. */
static void judge_every_byte(void)
{
    static const uint8_t versions[] = {2, 3, 5};

    for (size_t v = 0; v < COUNT(versions); v++) {
        test_case("reserved bytes of version %d", versions[v]);
        for (size_t at = 4; at < TROTH_SNP_REPORT_SIZE; at++) {
            const struct troth_check *row;
            bool failed;

            if (at >= SIGNER && at < SIGNER + 4)
                continue; /* reserved bit by bit: see above */
            write_good(versions[v]);
            raw[at] |= 0x80;
            (void)judge(TROTH_SNP_REPORT_SIZE, "");
            row = trial_find(&t, TROTH_CHECK_RESERVED, NULL);
            failed = row && row->outcome == TROTH_FAILED;
            if (!CHECK(row && failed == must_be_zero(at, versions[v])))
                printf("#   byte 0x%zx\n", at);
            if (failed)
                CHECK(row->subject != NULL);
        }
    }
}

static void judge_what_follows(void)
{
    static const struct {
        const char *why;
        size_t more;
        uint8_t last;
        const char *options;
        const char *line;
    } tails[] = {
        {"nothing", 0, 0, "", "accepted"},
        {"a zero", 1, 0, "", "accepted"},
        {"64 zeros", 64, 0, "", "accepted"},
        {"a byte", 1, 1, "", "refused: trailing"},
        {"zeros and a byte", 64, 1, "", "refused: trailing"},
        {"a byte, allowed", 1, 1, "--allow trailing", "accepted"},
    };

    for (size_t i = 0; i < COUNT(tails); i++) {
        size_t len = TROTH_SNP_REPORT_SIZE + tails[i].more;
        const struct troth_check *row;

        test_case("behind the report: %s", tails[i].why);
        write_good(3);
        if (tails[i].more)
            raw[len - 1] = tails[i].last;
        CHECK_TEXT(judge(len, tails[i].options), tails[i].line);
        row = trial_find(&t, TROTH_CHECK_TRAILING, NULL);
        CHECK(row && row->seen.number == tails[i].more);
        CHECK(row && (row->why != NULL) == (tails[i].more > 0));
    }
}

/* Why a requester is refused, and whether a flag would help. */
static void explain_requester(void)
{
    static const struct {
        const char *vmpl;
        const char *options;
        const char *why, *flag;
    } requesters[] = {
        {"00", "", NULL, NULL},
        {"02", "", "asked for at a lower privilege level than the default accepts",
         "--any"},
        {"02", "--any snp.vmpl", NULL, NULL},
        {"ffffffff", "", "the report was not asked for by the guest", NULL},
    };

    for (size_t i = 0; i < COUNT(requesters); i++) {
        struct troth_span bytes = test_hex(requesters[i].vmpl);
        const struct troth_check *row;

        test_case("VMPL %s %s", requesters[i].vmpl, requesters[i].options);
        write_good(3);
        memcpy(raw + VMPL, bytes.ptr, bytes.len);
        (void)judge(TROTH_SNP_REPORT_SIZE, requesters[i].options);
        row = trial_find(&t, TROTH_CHECK_REQUESTER, "snp.vmpl");
        CHECK_TEXT(row->why, requesters[i].why);
        CHECK_TEXT(row->flag, requesters[i].flag);
    }
}

/* All bits that are findings at once: there is a row for each, and an answer. */
static void judge_all_bits(void)
{
    size_t failed = 0;

    test_case("every bit set, every finding made");
    write_good(3);
    memset(raw + POLICY, 0xff, 8);
    memset(raw + PLATFORM, 0xff, 8);
    raw[PLATFORM] = 0xdf;
    memset(raw + VMPL, 0xff, 4);
    raw[0x1e8] = 1;
    raw[TROTH_SNP_REPORT_SIZE] = 1;
    CHECK_TEXT(judge(TROTH_SNP_REPORT_SIZE + 1, ""),
               "refused: trailing provisional debug migration policy_bits platform_bits "
               "requester");
    for (size_t i = 0; i < t.result.verdict.count; i++)
        failed += t.result.verdict.checks[i].outcome == TROTH_FAILED;
    /* 38 of the policy's 48, 56 of the platform's 64, and seven that have a name. */
    CHECK_INT(failed, 38 + 56 + 6);
}

/* Each finding can be allowed by the name it goes by, and the list ends. */
static void list_findings(void)
{
    size_t count = 0;
    char name[32];

    test_case("names of findings");
    while (troth_snp_findings[count])
        count++;
    CHECK_INT(count, 6 + 64 + 64);
    for (size_t i = 0; i < 64; i++) {
        (void)snprintf(name, sizeof name, "snp.policy.bit%zu", i);
        CHECK_TEXT(troth_snp_findings[6 + i], name);
        (void)snprintf(name, sizeof name, "snp.platform.bit%zu", i);
        CHECK_TEXT(troth_snp_findings[6 + 64 + i], name);
    }
}

int main(void)
{
    trial_begin(&t);
    judge_rows();
    judge_every_byte();
    judge_what_follows();
    explain_requester();
    judge_all_bits();
    list_findings();
    trial_end(&t);
    return test_finish();
}
