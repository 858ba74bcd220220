/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/variables.h"

#include <string.h>

#include "base/value.h"
#include "test/harness.h"

static uint8_t memory[64 * 1024];

/* The index of a word of the vocabulary. */
static uint32_t word(const char *name)
{
    const struct troth_vocabulary all = troth_vocabulary();

    for (uint32_t i = 0; i < all.count; i++)
        if (strcmp(all.words[i].name, name) == 0)
            return i;
    FAIL(name);
    return 0;
}

static void declare(void)
{
    static const struct {
        const char *name;
        enum troth_cel_kind kind;
    } rows[] = {
        {"kind", TROTH_CEL_STRING},
        {"debug", TROTH_CEL_BOOL},
        {"tdx.mr_td", TROTH_CEL_BYTES},
        {"snp.vmpl", TROTH_CEL_INT},
        {"tcb.date", TROTH_CEL_TIMESTAMP},
        {"tcb.advisories", TROTH_CEL_LIST},
        {"nitro.module_id", TROTH_CEL_STRING},
    };
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const size_t words = troth_vocabulary().count;
    struct troth_cel_env env;

    test_case("every word is a variable, and now");
    CHECK_ERR(troth_policy_env(&env, &arena), TROTH_OK);
    CHECK_INT(env.variable_count, words + TROTH_POLICY_VARIABLES);
    CHECK(env.libraries == troth_cel_all_libraries);
    CHECK_INT(env.library_count, TROTH_CEL_LIBRARIES);
    CHECK_INT(env.result->kind, TROTH_CEL_BOOL);
    CHECK(!env.is_unchecked && !env.container);
    for (size_t i = 0; i < words; i++)
        CHECK_TEXT(env.variables[i].name, troth_vocabulary().words[i].name);
    CHECK_TEXT(env.variables[words].name, "now");
    CHECK_INT(env.variables[words].type->kind, TROTH_CEL_TIMESTAMP);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the type of %s", rows[i].name);
        CHECK_INT(env.variables[word(rows[i].name)].type->kind, rows[i].kind);
    }
    test_case("advisories are texts");
    CHECK_INT(env.variables[word("tcb.advisories")].type->arguments[0]->kind,
              TROTH_CEL_STRING);

    test_case("no room for the variables");
    arena = (struct troth_arena){memory, 64, 0};
    CHECK_ERR(troth_policy_env(&env, &arena), TROTH_ERR_MEMORY);
    CHECK(!env.variables && !env.variable_count);
}

/* One claim, bound for one rule that uses it. */
static struct troth_cel_value bind_one(const char *name, struct troth_value value)
{
    static struct troth_arena arena;
    static struct troth_claim rows[2];
    const uint32_t used[] = {word(name)};
    const struct troth_rule rule = {.program = {.used = used, .used_count = 1}};
    const struct troth_rules rules = {&rule, 1};
    const struct troth_claims claims = {rows, COUNT(rows)};
    struct troth_cel_value *values;

    arena = TROTH_ARENA_OVER(memory);
    rows[0] = (struct troth_claim){"hardware_id", "", troth_value_none()};
    rows[1] = (struct troth_claim){name, "", value};
    CHECK_ERR(troth_policy_bind(&values, &rules, &claims, 5, &arena), TROTH_OK);
    CHECK_INT(values[troth_vocabulary().count].as.integer, 5);
    return values[used[0]];
}

static void bind_scalars(void)
{
    struct troth_cel_value v;

    test_case("yes or no");
    v = bind_one("debug", troth_value_bool(true));
    CHECK(v.kind == TROTH_CEL_BOOL && v.as.boolean);
    test_case("a number");
    v = bind_one("snp.vmpl", troth_value_uint(INT64_MAX));
    CHECK(v.kind == TROTH_CEL_INT && v.as.integer == INT64_MAX);
    test_case("a number that is no int has no value");
    v = bind_one("snp.vmpl", troth_value_uint((uint64_t)INT64_MAX + 1));
    CHECK_INT(v.kind, TROTH_CEL_NONE);
    test_case("text");
    v = bind_one("snp.product", troth_value_text("Genoa"));
    CHECK_INT(v.kind, TROTH_CEL_STRING);
    CHECK_SPAN(v.as.text, test_text("Genoa"));
    test_case("bytes");
    v = bind_one("tdx.mr_td", troth_value_bytes(test_hex("00ff")));
    CHECK_INT(v.kind, TROTH_CEL_BYTES);
    CHECK_SPAN(v.as.text, test_hex("00ff"));
    test_case("what the evidence does not say has no value");
    CHECK_INT(bind_one("tdx.mr_td", troth_value_none()).kind, TROTH_CEL_NONE);
    test_case("what is not of the word's type has no value");
    CHECK_INT(bind_one("tdx.mr_td", troth_value_text("00ff")).kind, TROTH_CEL_NONE);
    CHECK_INT(bind_one("snp.vmpl", troth_value_instant(1)).kind, TROTH_CEL_NONE);
}

static void bind_instants(void)
{
    static const struct {
        const char *why;
        int64_t instant_s;
        bool has_value;
    } rows[] = {
        {"1970", 0, true},
        {"the first there is", INT64_C(-62135596800), true},
        {"before it", INT64_C(-62135596801), false},
        {"the last there is", INT64_C(253402300799), true},
        {"behind it", INT64_C(253402300800), false},
        {"never", INT64_MAX, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_cel_value v = bind_one("tcb.date",
                                                  troth_value_instant(rows[i].instant_s));

        test_case("an instant: %s", rows[i].why);
        CHECK_INT(v.kind, rows[i].has_value ? TROTH_CEL_TIMESTAMP : TROTH_CEL_NONE);
        if (rows[i].has_value)
            CHECK_INT(v.as.integer, rows[i].instant_s);
        CHECK_INT(v.nanos, 0);
    }
}

static void bind_lists(void)
{
    static const struct {
        const char *text;
        size_t count;
        const char *items[3];
    } rows[] = {
        {"", 0, {NULL}},
        {"INTEL-SA-1", 1, {"INTEL-SA-1"}},
        {"a,b,cd", 3, {"a", "b", "cd"}},
        {",", 2, {"", ""}},
        {"a,,b", 3, {"a", "", "b"}},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_cel_value v = bind_one("tcb.advisories",
                                                  troth_value_text(rows[i].text));

        test_case("a list: '%s'", rows[i].text);
        CHECK_INT(v.kind, TROTH_CEL_LIST);
        CHECK_INT(v.as.list->count, rows[i].count);
        for (size_t k = 0; k < v.as.list->count; k++) {
            CHECK_INT(v.as.list->items[k].kind, TROTH_CEL_STRING);
            CHECK_SPAN(v.as.list->items[k].as.text, test_text(rows[i].items[k]));
        }
    }
}

/* Texts that the vocabulary has at another address. */
static const char kind_name[] = "kind", guest_svn_name[] = "snp.guest_svn",
                  vmpl_name[] = "snp.vmpl", mr_td_name[] = "tdx.mr_td";

static void bind_several(void)
{
    const uint32_t first[] = {word("kind"), word("snp.vmpl")};
    const uint32_t second[] = {word("snp.vmpl"), word("tdx.mr_td"),
                               (uint32_t)troth_vocabulary().count};
    const struct troth_rule rows[] = {{.program = {.used = first, .used_count = 2}},
                                      {.program = {.used = second, .used_count = 3}}};
    const struct troth_rules rules = {rows, COUNT(rows)};
    const struct troth_claim all[] = {
        {kind_name, "", troth_value_text("snp")},
        {guest_svn_name, "", troth_value_uint(7)},
        {vmpl_name, "", troth_value_uint(2)},
        {mr_td_name, "", troth_value_bytes(test_hex("00"))},
    };
    const struct troth_claims claims = {all, COUNT(all)};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_value *values;

    test_case("what several rules use, and nothing else");
    CHECK_ERR(troth_policy_bind(&values, &rules, &claims, INT64_MIN, &arena), TROTH_OK);
    CHECK_INT(values[word("kind")].kind, TROTH_CEL_STRING);
    CHECK_INT(values[word("snp.vmpl")].as.integer, 2);
    CHECK_INT(values[word("snp.guest_svn")].kind, TROTH_CEL_NONE);
    test_case("a claim of another family than the evidence's is none");
    CHECK_INT(values[word("tdx.mr_td")].kind, TROTH_CEL_NONE);
    test_case("a clock that CEL does not have");
    CHECK_INT(values[troth_vocabulary().count].kind, TROTH_CEL_NONE);

    test_case("no room");
    for (size_t size = 0; size < 8192; size += 512) {
        arena = (struct troth_arena){memory, size, 0};
        enum troth_err err = troth_policy_bind(&values, &rules, &claims, 0, &arena);

        CHECK(err == TROTH_OK || (err == TROTH_ERR_MEMORY && !values));
    }
    arena = (struct troth_arena){memory, 512, 0};
    CHECK_ERR(troth_policy_bind(&values, &rules, &claims, 0, &arena), TROTH_ERR_MEMORY);
}

static void bind_unknown(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_value *values;

    test_case("before there is evidence");
    CHECK_ERR(troth_policy_bind_unknown(&values, TROTH_KIND_SNP, &arena), TROTH_OK);
    CHECK_SPAN(values[word("kind")].as.text, test_text("snp"));
    CHECK_INT(values[word("snp.vmpl")].kind, TROTH_CEL_UNKNOWN);
    CHECK_INT(values[word("debug")].kind, TROTH_CEL_UNKNOWN);
    CHECK_INT(values[word("tdx.mr_td")].kind, TROTH_CEL_NONE);
    CHECK_INT(values[word("tcb.date")].kind, TROTH_CEL_NONE);
    CHECK_INT(values[troth_vocabulary().count].kind, TROTH_CEL_UNKNOWN);

    arena = (struct troth_arena){memory, 512, 0};
    CHECK_ERR(troth_policy_bind_unknown(&values, TROTH_KIND_SNP, &arena),
              TROTH_ERR_MEMORY);
    CHECK(!values);
}

int main(void)
{
    declare();
    bind_scalars();
    bind_instants();
    bind_lists();
    bind_several();
    bind_unknown();
    return test_finish();
}
