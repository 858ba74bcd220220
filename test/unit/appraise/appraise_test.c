/* SPDX-License-Identifier: Apache-2.0 */
/* One good document and one good report, and everything that may be asked of them. */
#include "appraise/appraise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/minted.h"
#include "troth/binding.h"

#define X48(byte)                                                                        \
    byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte \
        byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte  \
            byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define P0 X48("1a")
#define P1 X48("2b")
#define P2 X48("3c")

#define ANY_CODE  "--any measurement "
#define ANY_NONCE "--any nonce "
#define WHOLE     "pcr0=" P0 ",pcr1=" P1 ",pcr2=" P2

static struct trial t;
static struct sim_keyring *ring;

/* clang-format off */
struct row {
    const char *why;
    const char *options;
    const char *line;
};

static const struct row nitro_rows[] = {
    {"nothing asked for is not everything accepted", "", "refused: measurement nonce"},
    {"any code, no word on the nonce", ANY_CODE, "refused: nonce"},
    {"any nonce, no word on the code", ANY_NONCE, "refused: measurement"},
    {"both waved through", ANY_CODE ANY_NONCE, "accepted"},

    {"the whole identity in one", ANY_NONCE "--expect measurement=" WHOLE, "accepted"},
    {"in capitals", ANY_NONCE "--expect measurement=pcr0=" X48("1A") ",pcr1=" X48("2B") ",pcr2=" X48("3C"), "accepted"},
    {"one digit of it", ANY_NONCE "--expect measurement=" "pcr0=" P0 ",pcr1=" P1 ",pcr2=" X48("3d"), "refused: measurement"},
    {"a register of it left out", ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1, "refused: measurement"},
    {"its registers in another order", ANY_NONCE "--expect measurement=pcr1=" P1 ",pcr0=" P0 ",pcr2=" P2, "refused: measurement"},
    {"one register's value for all of it", ANY_NONCE "--expect measurement=" P0, "refused: measurement"},
    {"an empty one", ANY_NONCE "--expect measurement=", "refused: measurement"},

    {"register by register", ANY_NONCE "--expect nitro.pcr0=" P0 " --expect nitro.pcr1=" P1 " --expect nitro.pcr2=" P2, "accepted"},
    {"only the first register", ANY_NONCE "--expect nitro.pcr0=" P0, "refused: measurement"},
    {"two of three", ANY_NONCE "--expect nitro.pcr0=" P0 " --expect nitro.pcr2=" P2, "refused: measurement"},
    {"the first, any of the others", ANY_NONCE "--expect nitro.pcr0=" P0 " --any nitro.pcr1 --any nitro.pcr2", "accepted"},
    {"the first, any of the rest", ANY_NONCE ANY_CODE "--expect nitro.pcr0=" P0, "accepted"},
    {"any, but the first is wrong", ANY_NONCE ANY_CODE "--expect nitro.pcr0=" P1, "refused: measurement"},
    {"any of two, not a word on the third", ANY_NONCE "--any nitro.pcr0 --any nitro.pcr1", "refused: measurement"},
    {"any of each", ANY_NONCE "--any nitro.pcr0 --any nitro.pcr1 --any nitro.pcr2", "accepted"},
    {"a register outside the table names no code", ANY_NONCE "--expect nitro.pcr3=" X48("4d"), "refused: measurement"},
    {"the whole is right, a register beside it wrong", ANY_NONCE "--expect measurement=" WHOLE " --expect nitro.pcr1=" P0, "refused: measurement"},
    {"the whole is right, and a register beside it", ANY_NONCE "--expect measurement=" WHOLE " --expect nitro.pcr1=" P1, "accepted"},
    {"the whole is wrong, and any will do", ANY_NONCE ANY_CODE "--expect measurement=pcr0=00", "refused: measurement"},

    {"the nonce", ANY_CODE "--nonce 00010203", "accepted"},
    {"another nonce", ANY_CODE "--nonce 00010204", "refused: nonce"},
    {"a prefix of it", ANY_CODE "--nonce 000102", "refused: nonce"},
    {"a zero behind it", ANY_CODE "--nonce 0001020300", "refused: nonce"},
    {"a zero before it", ANY_CODE "--nonce 0000010203", "refused: nonce"},
    {"an empty nonce", ANY_CODE "--nonce ", "refused: nonce"},
    {"the nonce is wrong, and any will do", ANY_CODE ANY_NONCE "--nonce 00", "refused: nonce"},
    {"any of the family's claim", ANY_CODE "--any nitro.nonce", "accepted"},
    {"the nonce as a claim", ANY_CODE "--expect nonce=00010203", "accepted"},
    {"the nonce as the family's claim", ANY_CODE "--expect nitro.nonce=00010203", "accepted"},
    {"another as a claim", ANY_CODE "--expect nonce=00010204", "refused: nonce"},
    {"right by flag, wrong as a claim", ANY_CODE "--nonce 00010203 --expect nonce=00", "refused: nonce"},
    {"right by flag, wrong as the family's claim", ANY_CODE "--nonce 00010203 --expect nitro.nonce=00", "refused: nonce"},
    {"right by one name, wrong by the other", ANY_CODE "--expect nonce=00010203 --expect nitro.nonce=00", "refused: nonce"},
    {"wrong by one name, right by the other", ANY_CODE "--expect nonce=00 --expect nitro.nonce=00010203", "refused: nonce"},

    {"the binding sits in user_data", ANY_CODE "--binding app:nonce=aa,user_data=bb", "accepted"},
    {"its fields in another order", ANY_CODE "--binding app:user_data=bb,nonce=aa", "accepted"},
    {"another value", ANY_CODE "--binding app:nonce=ab,user_data=bb", "refused: nonce"},
    {"a byte moved from one field to the next", ANY_CODE "--binding app:nonce=,user_data=aabb", "refused: nonce"},
    {"binding right, nonce wrong", ANY_CODE "--nonce 00 --binding app:nonce=aa,user_data=bb", "refused: nonce"},
    {"binding wrong, nonce right", ANY_CODE "--nonce 00010203 --binding app:nonce=aa,user_data=cc", "refused: nonce"},
    {"binding and nonce right", ANY_CODE "--nonce 00010203 --binding app:nonce=aa,user_data=bb", "accepted"},
    {"no such domain", ANY_CODE "--binding apps:nonce=aa,user_data=bb", "error: KIND binding.domain"},
    {"a field left out", ANY_CODE "--binding app:nonce=aa", "error: MISSING user_data"},

    {"a claim of text", TRIAL_ANY "--expect kind=nitro", "accepted"},
    {"another text", TRIAL_ANY "--expect kind=snp", "refused: claim"},
    {"a claim of yes or no", TRIAL_ANY "--expect debug=false", "accepted"},
    {"the other", TRIAL_ANY "--expect debug=true", "refused: claim"},
    {"neither", TRIAL_ANY "--expect debug=no", "error: VALUE requirements.expect"},
    {"a claim of bytes", TRIAL_ANY "--expect nitro.pcr3=" X48("4d"), "accepted"},
    {"in capitals", TRIAL_ANY "--expect nitro.pcr3=" X48("4D"), "accepted"},
    {"half a byte", TRIAL_ANY "--expect nitro.pcr3=4d4", "error: VALUE requirements.expect"},
    {"no hex", TRIAL_ANY "--expect nitro.pcr3=4g", "error: VALUE requirements.expect"},
    {"bytes with 0x before them", TRIAL_ANY "--expect nitro.pcr3=0x4d", "error: VALUE requirements.expect"},
    {"fewer bytes", TRIAL_ANY "--expect nitro.pcr3=4d", "refused: claim"},
    {"a claim of a time", TRIAL_ANY "--expect time=2026-01-01T00:00:00Z", "accepted"},
    {"the same time elsewhere", TRIAL_ANY "--expect time=2026-01-01T01:30:00+01:30", "accepted"},
    {"another time", TRIAL_ANY "--expect time=2026-01-01T00:00:01Z", "refused: claim"},
    {"no time", TRIAL_ANY "--expect time=yesterday", "error: VALUE requirements.expect"},
    {"a claim of a number", TRIAL_ANY "--expect nitro.timestamp_ms=1767225600491", "accepted"},
    {"the same in hex", TRIAL_ANY "--expect nitro.timestamp_ms=0x19b76daa9eb", "accepted"},
    {"another number", TRIAL_ANY "--expect nitro.timestamp_ms=1767225600490", "refused: claim"},
    {"not a number", TRIAL_ANY "--expect nitro.timestamp_ms=NaN", "error: VALUE requirements.expect"},
    {"no finite number", TRIAL_ANY "--expect nitro.timestamp_ms=inf", "error: VALUE requirements.expect"},
    {"a claim that a document may lack", TRIAL_ANY "--expect nitro.pcr31=00", "refused: claim"},
    {"a claim that nobody knows", TRIAL_ANY "--expect nitro.pcr99=00", "refused: claim"},
    {"a field that is null", TRIAL_ANY "--expect nitro.public_key=", "refused: claim"},
    {"what no document says", TRIAL_ANY "--expect hardware_id=00", "refused: claim"},
    {"one right, one wrong", TRIAL_ANY "--expect kind=nitro --expect debug=true", "refused: claim"},
    {"the same claim twice", TRIAL_ANY "--expect kind=nitro --expect kind=nitro", "error: DUPLICATE requirements.expect"},

    {"any of a claim that nobody knows", TRIAL_ANY "--any nitro.pcr99", "error: CLAIM requirements.any"},
    {"any of another family's claim", TRIAL_ANY "--any snp.vmpl", "error: CLAIM requirements.any"},
    {"allowing what is no finding", TRIAL_ANY "--allow everything", "error: CLAIM requirements.allow"},
    {"allowing a check by its name", TRIAL_ANY "--allow signature", "error: CLAIM requirements.allow"},
    {"allowing another family's finding", TRIAL_ANY "--allow alias_check", "accepted"},
};

static const struct row snp_rows[] = {
    {"nothing asked for", "", "refused: measurement nonce"},
    {"the identity is one register", ANY_NONCE "--expect measurement=" P0, "accepted"},
    {"by the family's name", ANY_NONCE "--expect snp.measurement=" P0, "accepted"},
    {"by both names", ANY_NONCE "--expect measurement=" P0 " --expect snp.measurement=" P0, "accepted"},
    {"wrong by one of them", ANY_NONCE "--expect measurement=" P0 " --expect snp.measurement=" P1, "refused: measurement"},
    {"any by the family's name", ANY_NONCE "--any snp.measurement", "accepted"},
    {"the nonce is all 64 bytes", ANY_CODE "--nonce aabb", "refused: nonce"},
    {"the binding sits in report_data", ANY_CODE "--binding app:nonce=aa,user_data=bb", "accepted"},
    {"another binding", ANY_CODE "--binding app:nonce=aa,user_data=bc", "refused: nonce"},
    {"a number", TRIAL_ANY "--expect snp.guest_svn=2", "accepted"},
    {"a number in hex", TRIAL_ANY "--expect snp.policy=0x30000", "accepted"},
    {"the same in decimal", TRIAL_ANY "--expect snp.policy=196608", "accepted"},
    {"a bit", TRIAL_ANY "--expect snp.policy.smt=true", "accepted"},
    {"a part of a TCB", TRIAL_ANY "--expect snp.reported_tcb.fmc=1", "refused: claim"},
};
/* clang-format on */

/* The application binding of nonce aa and user data bb. */
static void compute_binding(uint8_t out[static TROTH_BINDING_SIZE])
{
    CHECK_ERR(
        troth_binding_parse(out, NULL, &t.crypto, test_text("app:nonce=aa,user_data=bb")),
        TROTH_OK);
}

static void judge(const struct row *row, struct troth_span evidence)
{
    test_case("%s", row->why);
    t.requirements = (struct troth_requirements){
        .expect = t.expect, .any = {t.any, 0}, .allow = {t.allow, 0}};
    trial_require(&t, row->options);
    CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), row->line);
}

static void judge_nitro_rows(void)
{
    static const uint8_t nonce[] = {0, 1, 2, 3};
    static struct sim_nitro doc;
    uint8_t binding[TROTH_BINDING_SIZE];
    struct troth_span document;

    compute_binding(binding);
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    memset(doc.pcrs[0].value, 0x1a, 48);
    memset(doc.pcrs[1].value, 0x2b, 48);
    memset(doc.pcrs[2].value, 0x3c, 48);
    memset(doc.pcrs[3].value, 0x4d, 48);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    sim_nitro_set_optional(&doc.user_data, (struct troth_span)TROTH_ARRAY_SPAN(binding));
    document = minted_nitro(&t, &doc);
    for (size_t i = 0; i < COUNT(nitro_rows); i++)
        judge(&nitro_rows[i], document);
}

static void judge_snp_rows(void)
{
    static struct sim_snp doc;
    struct troth_span report;

    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    memset(doc.report.measurement, 0x1a, 48);
    compute_binding(doc.report.report_data);
    report = minted_snp(&t, &doc);
    for (size_t i = 0; i < COUNT(snp_rows); i++)
        judge(&snp_rows[i], report);
}

/* Null, empty and missing are three things in the evidence, and no nonce but the second.
 */
static void judge_lack_of_nonce(void)
{
    static const struct {
        const char *why;
        bool is_bytes, is_omitted;
        const char *nonce;
        const char *line;
    } lacks[] = {
        {"null, any asked for", false, false, "00", "refused: nonce"},
        {"null, empty asked for", false, false, "", "refused: nonce"},
        {"left out, empty asked for", false, true, "", "refused: nonce"},
        {"empty, empty asked for", true, false, "", "accepted"},
        {"empty, a zero asked for", true, false, "00", "refused: nonce"},
    };
    static struct sim_nitro doc;

    for (size_t i = 0; i < COUNT(lacks); i++) {
        char options[64];

        test_case("nonce %s", lacks[i].why);
        sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
        doc.nonce = (struct sim_optional){.is_bytes = lacks[i].is_bytes};
        if (lacks[i].is_omitted)
            doc.omitted = 1U << SIM_NITRO_NONCE;
        trial_reset(&t);
        (void)snprintf(options, sizeof options, ANY_CODE "--nonce %s", lacks[i].nonce);
        trial_require(&t, options);
        CHECK_TEXT(trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S), lacks[i].line);
    }
}

/* What a refusal tells the caller to do about it. */
static void read_hints(void)
{
    static struct sim_nitro doc;
    const struct troth_check *row;
    struct troth_span document;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    trial_reset(&t);
    document = minted_nitro(&t, &doc);

    test_case("a refusal for want of a name says which flag is missing");
    (void)trial_judge(&t, document, MINTED_AT_S);
    row = trial_find(&t, TROTH_CHECK_MEASUREMENT, "measurement");
    CHECK(row && strcmp(row->flag, "--any") == 0);
    CHECK_TEXT(row ? row->flag_argument : NULL, "measurement");
    row = trial_find(&t, TROTH_CHECK_NONCE, "nonce");
    CHECK_TEXT(row ? row->flag_argument : NULL, "nonce");
    CHECK(trial_leaves_open(&t, "freshness"));

    test_case("of a partial identity it says which row is missing");
    trial_require(&t, "--any nonce --any nitro.pcr0 --any nitro.pcr2");
    (void)trial_judge(&t, document, MINTED_AT_S);
    row = trial_find(&t, TROTH_CHECK_MEASUREMENT, "nitro.pcr1");
    CHECK(row && row->outcome == TROTH_FAILED);
    CHECK_TEXT(row ? row->flag_argument : NULL, "nitro.pcr1");
    row = trial_find(&t, TROTH_CHECK_MEASUREMENT, "nitro.pcr0");
    CHECK(row && row->outcome == TROTH_NOT_APPLICABLE);
    CHECK(trial_leaves_open(&t, "code"));

    test_case("what holds is passed, not merely harmless");
    trial_require(&t, "--expect debug=false --expect kind=nitro");
    (void)trial_judge(&t, document, MINTED_AT_S);
    row = trial_find(&t, TROTH_CHECK_CLAIM, "debug");
    CHECK(row && row->outcome == TROTH_PASSED && !row->why);
    row = trial_find(&t, TROTH_CHECK_CLAIM, "kind");
    CHECK(row && row->outcome == TROTH_PASSED);

    test_case("a wrong value is shown beside the one asked for");
    trial_reset(&t);
    document = minted_nitro(&t, &doc);
    trial_require(&t, TRIAL_ANY "--expect debug=true --expect nitro.pcr77=00");
    (void)trial_judge(&t, document, MINTED_AT_S);
    row = trial_find(&t, TROTH_CHECK_CLAIM, "debug");
    CHECK(row && row->seen.type == TROTH_VALUE_BOOL && !row->seen.boolean);
    CHECK_SPAN(row->wanted.bytes, test_text("true"));
    row = trial_find(&t, TROTH_CHECK_CLAIM, "nitro.pcr77");
    CHECK(row && row->seen.type == TROTH_VALUE_NONE);
}

/* Three ways of not being the nonce. */
static void explain_nonces(void)
{
    static const struct {
        bool has_nonce;
        const char *options;
        const char *why;
    } nonces[] = {
        {true, ANY_CODE "--nonce 00010204", "the evidence answers another nonce"},
        {true, ANY_CODE "--nonce 000102", "the field has another length"},
        {false, ANY_CODE "--nonce 00010203", "the evidence answers no nonce"},
        {true, ANY_CODE "--nonce 00010203", NULL},
    };
    static const uint8_t nonce[] = {0, 1, 2, 3};
    static struct sim_nitro doc;

    for (size_t i = 0; i < COUNT(nonces); i++) {
        const struct troth_check *row;

        test_case("why it is refused: %s", nonces[i].why ? nonces[i].why : "it is not");
        sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
        if (nonces[i].has_nonce)
            sim_nitro_set_optional(&doc.nonce,
                                   (struct troth_span)TROTH_ARRAY_SPAN(nonce));
        trial_reset(&t);
        trial_require(&t, nonces[i].options);
        (void)trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S);
        row = trial_find(&t, TROTH_CHECK_NONCE, "nonce");
        CHECK_TEXT(row ? row->why : "(no row)", nonces[i].why);
        CHECK_SPAN(row->wanted.bytes, t.requirements.nonce);
    }
}

/* A machine that is named leaves none open, whichever claim names it. */
static void name_the_machine(void)
{
    static const struct {
        const char *options;
        bool open;
    } machines[] = {
        {TRIAL_ANY, true},
        {TRIAL_ANY "--expect nitro.module_id=x", false},
        {TRIAL_ANY "--expect nitro.pcr4=00", false},
        {TRIAL_ANY "--expect nitro.pcr3=00", true},
        {TRIAL_ANY "--any nitro.module_id", true},
    };
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    for (size_t i = 0; i < COUNT(machines); i++) {
        test_case("the machine, %s", machines[i].options);
        trial_reset(&t);
        trial_require(&t, machines[i].options);
        (void)trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S);
        CHECK(trial_leaves_open(&t, "machine") == machines[i].open);
    }
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    judge_nitro_rows();
    trial_reset(&t);
    judge_snp_rows();
    judge_lack_of_nonce();
    read_hints();
    explain_nonces();
    name_the_machine();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
