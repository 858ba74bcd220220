/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/reproduce.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

#define BASE        "kernel, command line or base ramdisk"
#define APPLICATION "application ramdisk"

/* A register each: "=" the same, "x" another, "?" not computed, "-" the evidence does not
 * say, "s" it is shorter. */
static const struct {
    const char *why, *kind, *registers;
    bool is_same;
    const char *differing[2];
} rows[] = {
    {"all of them", "nitro", "===", true, {NULL}},
    {"the application alone", "nitro", "x=x", false, {APPLICATION}},
    {"the base alone", "nitro", "xx=", false, {BASE}},
    {"both", "nitro", "xxx", false, {BASE, APPLICATION}},
    {"the first alone, which nothing explains", "nitro", "x==", false, {NULL}},
    {"the evidence says nothing", "nitro", "---", false, {BASE, APPLICATION}},
    {"the evidence says less", "nitro", "==s", false, {APPLICATION}},
    {"what could not be computed does not count", "tdx", "=?=", true, {NULL}},
    {"and hides nothing", "tdx", "=?x", false, {"covers 2"}},
    {"nothing could be computed", "tdx", "???", false, {NULL}},
};

static const char *const claims_of[][3] = {
    {"nitro.pcr0", "nitro.pcr1", "nitro.pcr2"},
    {"tdx.mr_td", "tdx.rtmr0", "tdx.rtmr1"},
};
static const char *const covers[] = {"covers 0", "covers 1", "covers 2"};
static const uint8_t built_value[48] = {1, 2, 3}, other_value[48] = {1, 2, 4};

static struct troth_span seen_of(char letter)
{
    switch (letter) {
    case '=':
        return (struct troth_span){built_value, sizeof built_value};
    case 's':
        return (struct troth_span){built_value, sizeof built_value - 1};
    case '-':
        return (struct troth_span){NULL, 0};
    default:
        return (struct troth_span){other_value, sizeof other_value};
    }
}

static void make(struct troth_measurements *built, struct troth_claim claims[static 3],
                 size_t row)
{
    const char *const *names = claims_of[strcmp(rows[row].kind, "tdx") == 0];

    *built = (struct troth_measurements){.kind = rows[row].kind};
    for (size_t i = 0; i < 3; i++) {
        const char letter = rows[row].registers[i];
        const struct troth_span value = {built_value,
                                         letter == '?' ? 0 : sizeof built_value};

        troth_measurements_add(built, names[i], value, covers[i]);
        claims[i] = (struct troth_claim){
            .name = names[i],
            .value = {.type = letter == '-' ? TROTH_VALUE_NONE : TROTH_VALUE_BYTES,
                      .bytes = seen_of(letter)}};
    }
}

static void test_rows(void)
{
    static struct troth_reproduction seen;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_measurements built;
        struct troth_claim claims[3];

        test_case("%s", rows[i].why);
        make(&built, claims, i);
        seen = (struct troth_reproduction){.measurements = &built};
        troth_reproduction_compare(&seen, &(struct troth_claims){claims, 3});
        CHECK_INT(seen.is_same, rows[i].is_same);
        CHECK(!seen.is_signed);
        for (size_t k = 0; k < 2; k++)
            CHECK_TEXT(seen.differing[k] ? seen.differing[k] : "",
                       rows[i].differing[k] ? rows[i].differing[k] : "");
    }
}

static void test_signed(void)
{
    static struct troth_reproduction seen;
    struct troth_measurements built;
    struct troth_claim claims[4];

    test_case("register 8 is told, and not compared");
    make(&built, claims, 0);
    claims[3] = (struct troth_claim){
        .name = "nitro.pcr8",
        .value = {.type = TROTH_VALUE_BYTES, .bytes = seen_of('x')}};
    seen = (struct troth_reproduction){.measurements = &built};
    troth_reproduction_compare(&seen, &(struct troth_claims){claims, 4});
    CHECK(seen.is_same);
    CHECK(seen.is_signed);
}

int main(void)
{
    test_rows();
    test_signed();
    return test_finish();
}
