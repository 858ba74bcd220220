/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "evidence/format.h"
#include "evidence/limits.h"
#include "test/harness.h"
#include "test/support/minted.h"
#include "troth/verify.h"
#include "troth/vocabulary.h"

#define AT_S 1755506509

/* A page as a zero-terminated text, from `from` on; "" if it cannot be read. */
static const char *page(const char *name, const char *from)
{
    static char text[64 * 1024];
    char path[512];
    struct troth_span file;
    const char *start;

    (void)snprintf(path, sizeof path, "%s/docs/%s", TROTH_SOURCE_DIR, name);
    file = test_file(path);
    if (!CHECK(file.ptr && file.len < sizeof text))
        return "";
    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    start = strstr(text, from);
    return CHECK(start != NULL) ? start : "";
}

static bool has(const char *text, const char *line)
{
    if (strstr(text, line))
        return true;
    printf("# missing: %s\n", line);
    return false;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

static const char *type_name(enum troth_value_type type)
{
    static const char *const names[] = {
        [TROTH_VALUE_BOOL] = "yes or no",  [TROTH_VALUE_UINT] = "number",
        [TROTH_VALUE_INSTANT] = "instant", [TROTH_VALUE_TEXT] = "text",
        [TROTH_VALUE_BYTES] = "bytes",
    };

    return names[type];
}

/* The word for this claim, whose type its value has wherever this evidence has one. */
static const struct troth_word *word_of(const struct troth_claim *claim)
{
    const struct troth_word *word = troth_word_find(troth_span_of_text(claim->name));

    if (!CHECK(word != NULL) || claim->value.type == TROTH_VALUE_NONE)
        return word;
    CHECK_INT(claim->value.type, word->type);
    if (word->size)
        CHECK_INT(claim->value.bytes.len, word->size);
    return word;
}

/* A row for this claim, with the type of its word. */
static void check_row(const char *section, const struct troth_claim *claim)
{
    const struct troth_word *word = word_of(claim);
    char size[16] = "", row[256];

    if (!word)
        return;
    if (word->size)
        (void)snprintf(size, sizeof size, "%u ", word->size);
    (void)snprintf(row, sizeof row, "\n| `%s` | %s%s | %s |\n", claim->name, size,
                   type_name(word->type), claim->about);
    CHECK(has(section, row));
}

/* The page from one heading to the next, or to its end. */
static char *section_of(const char *heading, const char *next)
{
    char *section = (char *)page("claims.md", heading);
    char *end = next ? strstr(section, next) : NULL;

    CHECK(!next || end);
    if (end)
        *end = '\0';
    return section;
}

static void test_claims(const char *heading, const char *next, struct sim_bytes evidence,
                        size_t rows_of_other_evidence)
{
    static uint8_t memory[TROTH_VERIFY_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_showing showing;
    const char *section;

    test_case("claims.md: %s", heading);
    CHECK_ERR(troth_show_unverified(&showing, NULL, sim_bytes_span(evidence), &arena),
              TROTH_OK);
    section = section_of(heading, next);
    for (size_t i = 0; i < showing.claims.count; i++)
        check_row(section, &showing.claims.rows[i]);
    CHECK_INT(count(section, "\n| `"), showing.claims.count + rows_of_other_evidence);
    sim_bytes_free(&evidence);
}

/* What both of Intel's families say of the platform stands in a section of its own. */
static bool is_of_platform(const char *name)
{
    return strcmp(name, "hardware_id") == 0 || strncmp(name, "tcb.", 4) == 0 ||
           strncmp(name, "dcap.", 5) == 0;
}

/* Verified, so that every claim which collateral makes has a value. */
static void test_intel_claims(const char *heading, const char *next,
                              const struct sim_intel *doc)
{
    static struct trial t;
    const struct troth_claims *claims = &t.result.claims;
    struct troth_span quote;

    trial_begin(&t);
    quote = minted_intel(&t, doc);
    trial_require(&t, TRIAL_ANY);
    for (int of_platform = 0; of_platform < 2; of_platform++) {
        const char *section = of_platform ? section_of("## dcap", NULL)
                                          : section_of(heading, next);
        size_t rows = 0;

        test_case("claims.md: %s of %s", of_platform ? "## dcap" : heading, heading);
        CHECK_TEXT(trial_judge(&t, quote, AT_S), "accepted");
        for (size_t i = 0; i < claims->count; i++)
            if (is_of_platform(claims->rows[i].name) == of_platform) {
                check_row(section, &claims->rows[i]);
                rows++;
            }
        CHECK_INT(count(section, "\n| `"), rows);
    }
    trial_end(&t);
}

static void test_checks(void)
{
    const char *text = page("checks.md", "# Checks");
    char line[512];

    for (int id = 0; id < TROTH_CHECK_COUNT; id++) {
        enum troth_check_id check = (enum troth_check_id)id;

        test_case("checks.md: %s", troth_check_name(check));
        (void)snprintf(line, sizeof line, "\n### %s\n\nPasses if %s.\n",
                       troth_check_name(check), troth_check_meaning(check));
        CHECK(has(text, line));
    }
    test_case("checks.md: no check that is none");
    CHECK_INT(count(text, "\n### "), TROTH_CHECK_COUNT);
}

static void test_findings(void)
{
    const struct troth_format *const *formats = troth_formats();
    const char *text = page("checks.md", "## Findings");

    test_case("checks.md: findings");
    for (size_t f = 0; formats[f]; f++)
        for (size_t i = 0; formats[f]->findings[i]; i++) {
            const char *finding = formats[f]->findings[i];
            const char *bit = strstr(finding, ".bit");
            char row[96];

            (void)snprintf(row, sizeof row, "\n| `%s` | ", finding);
            if (bit) /* one row for all bits of a word */
                (void)snprintf(row, sizeof row, "\n| `%.*s.bit0` to `%.*s.bit63` | ",
                               (int)(bit - finding), finding, (int)(bit - finding),
                               finding);
            CHECK(has(text, row));
        }
}

static void test_limits(void)
{
    const char *text = page("checks.md", "## What an acceptance does not prove");
    const struct troth_limit *rows[TROTH_LIMIT_COUNT];
    struct troth_limits all = {0};
    char row[512];

    test_case("checks.md: what is not proven");
    for (int id = 0; id < TROTH_LIMIT_COUNT; id++)
        troth_limits_add(&all, (enum troth_limit_id)id);
    CHECK_INT(troth_limits_list(rows, all), TROTH_LIMIT_COUNT);
    for (size_t i = 0; i < TROTH_LIMIT_COUNT; i++) {
        (void)snprintf(row, sizeof row, "\n| `%s` | %s |\n", rows[i]->name,
                       rows[i]->text);
        CHECK(has(text, row));
    }
    CHECK_INT(count(text, "\n| `"), TROTH_LIMIT_COUNT);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);
    struct sim_nitro nitro;
    struct sim_snp snp;
    struct sim_intel sgx, tdx;

    sim_nitro_default(&nitro, ring, 0, AT_S);
    sim_snp_default(&snp, ring, SIM_GENOA, SIM_VCEK, 0, AT_S);
    /* Registers 16 to 31 are in no document of the simulator's. */
    test_claims("## nitro", "## snp", sim_nitro_mint(&nitro), 16);
    test_claims("## snp", "## sgx", sim_snp_mint(&snp), 0);
    sim_intel_default(&sgx, ring, SIM_SGX_V4, 0, AT_S);
    sim_intel_default(&tdx, ring, SIM_TDX_V5_TD15_EX, 0, AT_S);
    test_intel_claims("## sgx", "## tdx", &sgx);
    test_intel_claims("## tdx", "## dcap", &tdx);
    test_checks();
    test_findings();
    test_limits();
    sim_keyring_destroy(ring);
    return test_finish();
}
