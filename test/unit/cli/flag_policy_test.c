/* SPDX-License-Identifier: Apache-2.0 */
/* The policy that flags are short for says what the flags said: no combination of them is
 * accepted by the one and not by the other. */
#include "cli/flag_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/order.h"
#include "test/harness.h"
#include "test/support/minted.h"
#include "troth/cache.h"

enum { FLAGS_MAX = 64, LINE_MAX = 8192, CACHE_SIZE = 64 };

static struct trial t;
static struct sim_keyring *ring;

/* "$claim" is its value, "~claim" that value with another last digit, "^claim" in
 * capitals. */
static const char *const nitro_flags[] = {
    "--expect nitro.pcr0=$nitro.pcr0",
    "--expect nitro.pcr0=~nitro.pcr0",
    "--expect nitro.pcr0=^nitro.pcr0",
    "--expect nitro.pcr0=",
    "--expect nitro.pcr1=$nitro.pcr1",
    "--expect nitro.pcr1=",
    "--expect nitro.pcr2=$nitro.pcr2",
    "--expect nitro.pcr2=~nitro.pcr2",
    "--any nitro.pcr0",
    "--any nitro.pcr1",
    "--any nitro.pcr2",
    "--any measurement",
    "--expect measurement=$measurement",
    "--expect measurement=^measurement",
    "--expect measurement=~measurement",
    "--expect measurement=$measurement,pcr3=00",
    "--expect measurement=$measurement,",
    "--expect measurement=pcr0=00,$measurement",
    "--expect measurement=pcr2=$nitro.pcr2,pcr1=$nitro.pcr1,pcr0=$nitro.pcr0",
    "--expect measurement=",
    "--any nonce",
    "--any nitro.nonce",
    "--nonce 5e",
    "--nonce 5f",
    "--expect nonce=5e",
    "--expect nitro.nonce=5e",
    "--expect nitro.nonce=5f",
    "--expect nitro.nonce=",
    "--allow debug",
    "--allow masked_chip",
    "--allow nothing",
    "--any snp.vmpl",
    "--any time",
    "--expect debug=false",
    "--expect debug=true",
    "--expect debug=",
    "--expect kind=nitro",
    "--expect kind=tdx",
    "--expect nitro.module_id=$nitro.module_id",
    "--expect nitro.module_id=",
    "--expect nitro.pcr3=$nitro.pcr3",
    "--expect nitro.pcr4=~nitro.pcr4",
    "--expect tdx.mr_td=00",
};
static const char *const snp_flags[] = {
    "--expect snp.measurement=$snp.measurement",
    "--expect snp.measurement=^snp.measurement",
    "--expect snp.measurement=~snp.measurement",
    "--expect snp.measurement=",
    "--expect measurement=$measurement",
    "--expect measurement=~measurement",
    "--expect measurement=",
    "--any measurement",
    "--any snp.measurement",
    "--any nonce",
    "--any snp.report_data",
    "--nonce 5e",
    "--expect snp.report_data=$snp.report_data",
    "--expect snp.report_data=~snp.report_data",
    "--expect nonce=$nonce",
    "--expect hardware_id=$hardware_id",
    "--expect hardware_id=~hardware_id",
    "--expect snp.chip_id=$snp.chip_id",
    "--expect snp.chip_id=~snp.chip_id",
    "--expect snp.vmpl=0",
    "--expect snp.vmpl=0x0",
    "--expect snp.vmpl=1",
    "--any snp.vmpl",
    "--allow debug",
    "--allow OutOfDate",
    "--any snp.host_data",
    "--expect snp.guest_svn=~snp.guest_svn",
};

/* A family's flags and evidence, and which of the flags accept it together. */
struct family {
    const char *name;
    const char *const *flags;
    size_t count;
    const char *enough[2];
    struct troth_span (*mint)(void);
};

static struct troth_span mint_nitro(void)
{
    static const uint8_t nonce[] = {0x5e};
    struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    return minted_nitro(&t, &doc);
}

static struct troth_span mint_snp(void)
{
    struct sim_snp doc;

    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    return minted_snp(&t, &doc);
}

static const struct family families[] = {
    {"nitro",
     nitro_flags,
     COUNT(nitro_flags),
     {"--expect measurement=$measurement", "--any nonce"},
     mint_nitro},
    {"snp",
     snp_flags,
     COUNT(snp_flags),
     {"--expect snp.measurement=$snp.measurement", "--any nonce"},
     mint_snp},
};

static size_t value_of(char *out, size_t size, struct troth_span claim)
{
    const struct troth_claim *found = troth_claims_find(&t.result.claims, claim);
    size_t len = 0;

    if (!found ||
        troth_value_to_text((uint8_t *)out, size, &len, &found->value) != TROTH_OK)
        abort();
    return len;
}

static bool is_mark(char c)
{
    return c == '$' || c == '~' || c == '^';
}

/* The flag with its values written out. */
static char *spell(const char *flag)
{
    char *out = malloc(LINE_MAX);
    size_t len = 0;

    if (!out)
        abort();
    while (*flag) {
        const char mark = *flag++;
        const size_t name = strcspn(flag, ",");
        size_t size;

        if (!is_mark(mark)) {
            out[len++] = mark;
            continue;
        }
        size = value_of(out + len, LINE_MAX - len,
                        (struct troth_span){(const uint8_t *)flag, name});
        for (size_t i = 0; mark == '^' && i < size; i++)
            if (out[len + i] >= 'a' && out[len + i] <= 'z')
                out[len + i] = (char)(out[len + i] - 'a' + 'A');
        if (mark == '~')
            out[len + size - 1] = out[len + size - 1] == '0' ? '1' : '0';
        len += size;
        flag += name;
    }
    out[len] = '\0';
    return out;
}

static void require(const char *const *flags, unsigned long long chosen, size_t count)
{
    struct troth_requirements *r = &t.requirements;

    *r = (struct troth_requirements){
        .expect = t.expect, .any = {t.any, 0}, .allow = {t.allow, 0}};
    for (size_t i = 0; i < count; i++)
        if (chosen >> i & 1)
            trial_require(&t, flags[i]);
}

/* One bit for each thing that both have to agree upon. */
static unsigned left_open(void)
{
    static const char *const limits[] = {"code", "freshness", "machine", "allowed"};
    unsigned open = 0;

    for (size_t i = 0; i < COUNT(limits); i++)
        if (trial_leaves_open(&t, limits[i]))
            open |= 1U << i;
    return open;
}

static const struct troth_policy *shorthand(struct troth_order *order,
                                            struct troth_span evidence)
{
    struct troth_problem problem = {.name = NULL};
    const struct troth_policy *policy = NULL;

    *order = (struct troth_order){.clock = {TROTH_CLOCK_GIVEN, MINTED_AT_S}};
    order->inputs.evidence = evidence;
    order->requirements = t.requirements;
    CHECK(troth_flag_policy(&policy, order, &problem, &t.crypto));
    return policy;
}

/* Judged by the flags, and by the policy that stands for them. */
static bool compare(const char *const *flags, unsigned long long chosen, size_t count,
                    struct troth_span evidence)
{
    struct troth_order order;
    enum troth_answer answer;
    enum troth_err err;
    unsigned open;

    require(flags, chosen, count);
    const struct troth_policy *policy = shorthand(&order, evidence);

    if (policy) {
        (void)trial_judge(&t, evidence, MINTED_AT_S);
        err = t.err;
        answer = t.result.answer;
        open = err ? 0 : left_open();
        t.policy = policy;
        t.requirements.expect_count = t.requirements.any.count = 0;
        t.requirements.allow.count = 0;
        (void)trial_judge(&t, evidence, MINTED_AT_S);
        t.policy = NULL;
        CHECK_INT(err, TROTH_OK);
        CHECK_INT(t.err, TROTH_OK);
        CHECK_INT(t.result.answer, answer);
        if (answer == TROTH_ACCEPTED)
            CHECK_INT(left_open(), open);
    }
    troth_inputs_release(&order.inputs);
    return policy != NULL && t.result.answer == TROTH_ACCEPTED;
}

static void name_case(const char *family, const char *const *flags,
                      unsigned long long chosen, size_t count)
{
    char line[512];
    size_t len = 0;

    line[0] = '\0';
    for (size_t i = 0; i < count && len < sizeof line; i++)
        if (chosen >> i & 1)
            len += (size_t)snprintf(line + len, sizeof line - len, " %s", flags[i]);
    test_case("%s:%s", family, line);
}

/* Half of what is tried by chance has them, or hardly anything would be accepted. */
static unsigned long long enough(const struct family *family)
{
    unsigned long long chosen = 0;

    for (size_t i = 0; i < family->count; i++)
        for (size_t k = 0; k < COUNT(family->enough); k++)
            if (strcmp(family->flags[i], family->enough[k]) == 0)
                chosen |= 1ULL << i;
    return chosen;
}

static void compare_family(const struct family *family)
{
    static struct troth_cache_entry entries[CACHE_SIZE];
    static struct troth_cache cache;
    char *flags[FLAGS_MAX];
    size_t policies = 0;
    uint64_t random = 1;

    trial_reset(&t);
    troth_cache_init(&cache, entries, CACHE_SIZE);
    t.cache = &cache;
    struct troth_span evidence = family->mint();

    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
    for (size_t i = 0; i < family->count; i++)
        flags[i] = spell(family->flags[i]);
    const char *const *const all = (const char *const *)flags;

    for (size_t a = 0; a < family->count; a++)
        for (size_t b = 0; b <= a; b++) {
            const unsigned long long chosen = 1ULL << a | 1ULL << b;

            name_case(family->name, family->flags, chosen, family->count);
            policies += compare(all, chosen, family->count, evidence);
        }
    for (size_t i = 0; i < 1500; i++) {
        unsigned long long chosen = i % 2 ? enough(family) : 0;

        for (size_t k = 0; k < (i % 2 ? 3 : 6); k++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407U;
            chosen |= 1ULL << (random >> 33) % family->count;
        }
        name_case(family->name, family->flags, chosen, family->count);
        policies += compare(all, chosen, family->count, evidence);
    }
    test_case("%s: some are accepted as a policy", family->name);
    CHECK(policies > 10);
    t.cache = NULL;
    for (size_t i = 0; i < family->count; i++)
        free(flags[i]);
}

/* The same flag twice: each bit above stands for one. */
static void say_twice(void)
{
    static const char *const all[] = {"--any nonce", "--expect nitro.pcr0=$nitro.pcr0",
                                      "--expect nitro.pcr1=$nitro.pcr1",
                                      "--expect nitro.pcr2=$nitro.pcr2",
                                      "--expect nitro.pcr0=~nitro.pcr0"};
    struct troth_order order;
    char *flags[COUNT(all)];

    test_case("a register with two values is no policy");
    trial_reset(&t);
    struct troth_span evidence = mint_nitro();

    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
    for (size_t i = 0; i < COUNT(all); i++)
        flags[i] = spell(all[i]);
    require((const char *const *)flags, (1U << COUNT(all)) - 1, COUNT(all));
    CHECK(shorthand(&order, evidence) == NULL);
    troth_inputs_release(&order.inputs);
    for (size_t i = 0; i < COUNT(all); i++)
        free(flags[i]);
}

int main(void)
{
    ring = sim_keyring_create(0);
    trial_begin(&t);
    for (size_t i = 0; i < COUNT(families); i++)
        compare_family(&families[i]);
    say_twice();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
