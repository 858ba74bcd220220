/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb.h"

#include <string.h>

#include "test/harness.h"

#define NONE   TROTH_TCB_NONE
#define UTD    TROTH_TCB_UP_TO_DATE
#define SWH    TROTH_TCB_SW_HARDENING
#define CONF   TROTH_TCB_CONFIGURATION
#define BOTH   TROTH_TCB_CONFIGURATION_SW_HARDENING
#define OLD    TROTH_TCB_OUT_OF_DATE
#define OLDC   TROTH_TCB_OUT_OF_DATE_CONFIGURATION
#define REV    TROTH_TCB_REVOKED
#define AGAIN  TROTH_TCB_RELAUNCH
#define AGAINC TROTH_TCB_RELAUNCH_CONFIGURATION

static void test_words(void)
{
    static const struct {
        const char *text;
        enum troth_tcb_status status;
    } words[] = {
        {"UpToDate", UTD},
        {"SWHardeningNeeded", SWH},
        {"ConfigurationNeeded", CONF},
        {"ConfigurationAndSWHardeningNeeded", BOTH},
        {"OutOfDate", OLD},
        {"OutOfDateConfigurationNeeded", OLDC},
        {"Revoked", REV},
    };
    static const char *const others[] = {
        "",
        "uptodate",
        "UpToDate ",
        "UpToDat",
        "Unknown",
        "TDRelaunchAdvised",
        "TDRelaunchAdvisedConfigurationNeeded",
        "revoked",
    };

    test_case("words Intel states");
    for (size_t i = 0; i < COUNT(words); i++) {
        CHECK_INT(troth_tcb_status_parse(test_text(words[i].text)), words[i].status);
        CHECK_TEXT(troth_tcb_status_text(words[i].status), words[i].text);
    }
    test_case("words it does not");
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(troth_tcb_status_parse(test_text(others[i])), NONE);
    CHECK_INT(troth_tcb_status_parse((struct troth_span){NULL, 0}), NONE);
    CHECK(!troth_tcb_status_text(NONE));
    CHECK(!troth_tcb_status_text(TROTH_TCB_STATUS_COUNT));
    CHECK_TEXT(troth_tcb_status_text(AGAIN), "TDRelaunchAdvised");
    CHECK_TEXT(troth_tcb_status_text(AGAINC), "TDRelaunchAdvisedConfigurationNeeded");
}

/* A status as what it says, for a second opinion on the table. */
struct meaning {
    bool is_old, needs_configuration, needs_hardening;
};

static struct meaning meaning_of(enum troth_tcb_status s)
{
    return (struct meaning){s == OLD || s == OLDC, s == CONF || s == BOTH || s == OLDC,
                            s == SWH || s == BOTH};
}

static enum troth_tcb_status word_for(struct meaning m)
{
    if (m.is_old)
        return m.needs_configuration ? OLDC : OLD;
    if (m.needs_configuration)
        return m.needs_hardening ? BOTH : CONF;
    return m.needs_hardening ? SWH : UTD;
}

static enum troth_tcb_status second_opinion(enum troth_tcb_status a,
                                            enum troth_tcb_status b)
{
    const struct meaning x = meaning_of(a), y = meaning_of(b);

    if (a == REV || b == REV)
        return REV;
    return word_for((struct meaning){x.is_old || y.is_old,
                                     x.needs_configuration || y.needs_configuration,
                                     x.needs_hardening || y.needs_hardening});
}

static void test_convergence(void)
{
    /* Intel's own table: platform; with a part UpToDate, OutOfDate, Revoked. */
    static const enum troth_tcb_status intel[][4] = {
        {UTD, UTD, OLD, REV},    {SWH, SWH, OLD, REV}, {CONF, CONF, OLDC, REV},
        {BOTH, BOTH, OLDC, REV}, {OLD, OLD, OLD, REV}, {OLDC, OLDC, OLDC, REV},
        {REV, REV, REV, REV},
    };

    test_case("converged as Intel does");
    for (size_t i = 0; i < COUNT(intel); i++) {
        CHECK_INT(troth_tcb_converge(intel[i][0], UTD), intel[i][1]);
        CHECK_INT(troth_tcb_converge(intel[i][0], OLD), intel[i][2]);
        CHECK_INT(troth_tcb_converge(intel[i][0], REV), intel[i][3]);
    }
    test_case("a part that needs configuration or hardening counts");
    CHECK_INT(troth_tcb_converge(UTD, CONF), CONF);
    CHECK_INT(troth_tcb_converge(UTD, OLDC), OLDC);
    CHECK_INT(troth_tcb_converge(UTD, SWH), SWH);
    CHECK_INT(troth_tcb_converge(SWH, CONF), BOTH);
    CHECK_INT(troth_tcb_converge(CONF, SWH), BOTH);
    CHECK_INT(troth_tcb_converge(OLD, BOTH), OLDC);
    for (int p = UTD; p <= REV; p++)
        for (int c = UTD; c <= REV; c++)
            CHECK_INT(
                troth_tcb_converge((enum troth_tcb_status)p, (enum troth_tcb_status)c),
                second_opinion((enum troth_tcb_status)p, (enum troth_tcb_status)c));
    test_case("nothing known of one is nothing known of both");
    for (int s = NONE; s <= TROTH_TCB_STATUS_COUNT; s++)
        for (int none = 0; none < 4; none++) {
            static const enum troth_tcb_status unstated[] = {NONE, AGAIN, AGAINC,
                                                             TROTH_TCB_STATUS_COUNT};

            CHECK_INT(troth_tcb_converge((enum troth_tcb_status)s, unstated[none]), NONE);
            CHECK_INT(troth_tcb_converge(unstated[none], (enum troth_tcb_status)s), NONE);
        }
}

static void test_relaunch(void)
{
    /* Launch in rows, now in columns from NONE to Revoked. */
    static const enum troth_tcb_status wanted[][8] = {
        {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
        {UTD, UTD, UTD, UTD, UTD, UTD, UTD, UTD},
        {SWH, SWH, SWH, SWH, SWH, SWH, SWH, SWH},
        {CONF, CONF, CONF, CONF, CONF, CONF, CONF, CONF},
        {BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH},
        {OLD, AGAIN, AGAIN, AGAINC, AGAINC, OLD, OLD, OLD},
        {OLDC, AGAINC, AGAINC, AGAINC, AGAINC, OLDC, OLDC, OLDC},
        {REV, REV, REV, REV, REV, REV, REV, REV},
    };

    test_case("relaunch advised");
    for (int launch = NONE; launch <= REV; launch++)
        for (int now = NONE; now <= REV; now++)
            CHECK_INT(troth_tcb_relaunch((enum troth_tcb_status)launch,
                                         (enum troth_tcb_status)now),
                      wanted[launch][now]);
}

/* Security versions by their first bytes; the others are 1. */
static struct troth_tcb_level level_of(const char *sgx, uint16_t pce_svn, const char *tdx,
                                       enum troth_tcb_status status)
{
    struct troth_tcb_level level = {
        .pce_svn = pce_svn, .status = status, .date_s = status};
    const struct troth_span s = test_hex(sgx), t = test_hex(tdx);

    memset(level.sgx, 1, sizeof level.sgx);
    memset(level.tdx, 1, sizeof level.tdx);
    memcpy(level.sgx, s.ptr, s.len);
    memcpy(level.tdx, t.ptr, t.len);
    return level;
}

/* clang-format off */
static const struct {
    const char *why;
    const char *sgx;
    uint16_t pce_svn;
    const char *tdx; /* NULL: an SGX platform */
    enum troth_tcb_status status;
} matches[] = {
    {"exactly the highest",                  "07 07", 11, "05 00 07", UTD},
    {"above the highest",                    "ff ff", 99, "ff ff ff", UTD},
    {"a component short of the highest",     "07 06", 11, "05 00 07", OLD},
    {"the last byte counts as the first",    "07 07 01 01 01 01 01 01 01 01 01 01 01 01 01 00", 11, "05 00 07", NONE},
    {"the PCE short of the highest",         "07 07", 10, "05 00 07", OLD},
    {"higher in one does not make up",       "09 06", 11, "05 00 07", OLD},
    {"microcode of TDX short",               "07 07", 11, "05 00 06", OLD},
    {"module short, its version zero",       "07 07", 11, "04 00 07", OLD},
    {"module below all, its version zero",   "07 07", 11, "02 00 07", NONE},
    {"module short, with a version of its own", "07 07", 11, "04 01 07", UTD},
    {"module zero, with a version of its own", "07 07", 11, "00 03 07", UTD},
    {"that does not excuse the rest",        "07 07", 11, "00 03 06", OLD},
    {"nor the last byte",                    "07 07", 11, "05 01 07 01 01 01 01 01 01 01 01 01 01 01 01 00", NONE},
    {"below every level",                    "04 07", 11, "05 00 07", NONE},
    {"SGX looks at no TDX component",        "07 07", 11, NULL, UTD},
    {"SGX between two levels",               "06 06", 11, NULL, OLD},
};
/* clang-format on */

static void test_match(void)
{
    const struct troth_tcb_level levels[] = {
        level_of("07 07", 11, "05 00 07", UTD),
        level_of("06 06", 10, "03 00 06", OLD),
        level_of("05 05", 5, "03 00 05", OLDC),
    };

    for (size_t i = 0; i < COUNT(matches); i++) {
        struct troth_tcb_level sgx = level_of(matches[i].sgx, 0, "", NONE);
        struct troth_tcb_level tdx = level_of("", 0, matches[i].tdx ? matches[i].tdx : "",
                                              NONE);
        struct troth_pck pck = {.pce_svn = matches[i].pce_svn};

        test_case("%s", matches[i].why);
        memcpy(pck.components, sgx.sgx, sizeof pck.components);

        struct troth_tcb_standing seen = troth_tcb_match(levels, COUNT(levels), &pck,
                                                         matches[i].tdx ? tdx.tdx : NULL);
        CHECK_INT(seen.status, matches[i].status);
        CHECK_INT(seen.date_s, matches[i].status);
        CHECK_INT(troth_tcb_match(levels, 0, &pck, NULL).status, NONE);
    }
}

static void test_module_with_a_version(void)
{
    const struct troth_tcb_level level = level_of("01", 1, "05 00 02", UTD);
    const struct troth_tcb_level platform = level_of("01", 1, "04 01 02", NONE);
    struct troth_pck pck = {.pce_svn = 1};

    test_case("SVN 04 01 02 reaches level 05 00 02: the module is its identity's matter");
    memcpy(pck.components, platform.sgx, sizeof pck.components);
    CHECK_INT(troth_tcb_match(&level, 1, &pck, platform.tdx).status, UTD);
}

static void test_isv_match(void)
{
    static const struct troth_isv_level levels[] = {
        {8, UTD, 80, {NULL, 0}}, {6, OLD, 60, {NULL, 0}}, {2, REV, 20, {NULL, 0}}};
    static const struct {
        unsigned isv_svn;
        enum troth_tcb_status status;
        int64_t date_s;
    } rows[] = {{65535, UTD, 80}, {8, UTD, 80}, {7, OLD, 60}, {6, OLD, 60},
                {5, REV, 20},     {2, REV, 20}, {1, NONE, 0}, {0, NONE, 0}};

    test_case("levels of an enclave or a module");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_tcb_standing seen = troth_isv_match(levels, COUNT(levels),
                                                         rows[i].isv_svn);

        CHECK_INT(seen.status, rows[i].status);
        CHECK_INT(seen.date_s, rows[i].date_s);
    }
    CHECK_INT(troth_isv_match(levels, 0, 9).status, NONE);
}

static void test_compare(void)
{
    /* From the highest down. */
    const struct troth_tcb_level order[] = {
        level_of("02 00", 0, "00", UTD),    level_of("01 ff", 0, "00", UTD),
        level_of("01 7f", 9, "00", UTD),    level_of("01 7f", 8, "ff", UTD),
        level_of("01 7f", 8, "7f ff", UTD), level_of("01 7f", 8, "7f 00", REV),
    };

    test_case("which level is higher");
    for (size_t i = 0; i < COUNT(order); i++)
        for (size_t k = 0; k < COUNT(order); k++) {
            int seen = troth_tcb_level_compare(&order[i], &order[k]);

            CHECK_INT((seen > 0) - (seen < 0), (i < k) - (i > k));
        }
    CHECK_INT(troth_tcb_level_compare(&(struct troth_tcb_level){.status = UTD},
                                      &(struct troth_tcb_level){.status = REV}),
              0);
}

static void test_advisories(void)
{
    static const struct {
        const char *list;
        const char *wanted[3];
    } rows[] = {
        {"", {NULL}},
        {"\"A-1\"", {"A-1", NULL}},
        {"\"A-1\" ,\n \"B\"", {"A-1", "B", NULL}},
        {"\"A-1\",\"B\"", {"A-1", "B", NULL}},
    };

    test_case("one advisory after another");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span list = test_text(rows[i].list);

        for (size_t k = 0; rows[i].wanted[k]; k++)
            CHECK_SPAN(troth_advisory_next(&list), test_text(rows[i].wanted[k]));
        CHECK(!troth_advisory_next(&list).ptr);
        CHECK(!troth_advisory_next(&list).ptr);
    }
}

int main(void)
{
    test_words();
    test_convergence();
    test_relaunch();
    test_match();
    test_module_with_a_version();
    test_isv_match();
    test_compare();
    test_advisories();
    return test_finish();
}
