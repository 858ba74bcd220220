/* SPDX-License-Identifier: Apache-2.0 */
#include "image/snp.h"
#include "test/harness.h"

/* What CPUID says of them, by hand. */
static const struct {
    const char *name;
    uint32_t signature;
} cpus[] = {
    {"EPYC", 0x800f12},          {"EPYC-v1", 0x800f12},      {"EPYC-v2", 0x800f12},
    {"EPYC-v3", 0x800f12},       {"EPYC-v4", 0x800f12},      {"EPYC-IBPB", 0x800f12},
    {"EPYC-Rome", 0x830f10},     {"EPYC-Rome-v1", 0x830f10}, {"EPYC-Rome-v2", 0x830f10},
    {"EPYC-Rome-v3", 0x830f10},  {"EPYC-Milan", 0xa00f11},   {"EPYC-Milan-v1", 0xa00f11},
    {"EPYC-Milan-v2", 0xa00f11}, {"EPYC-Genoa", 0xa10f10},   {"EPYC-Genoa-v1", 0xa10f10},
    {"EPYC-Turin", 0xb00f00},
};

static void known(void)
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(cpus); i++) {
        uint32_t seen;

        test_case("%s", cpus[i].name);
        CHECK(troth_snp_cpu_signature(&seen, test_text(cpus[i].name)));
        CHECK_INT(seen, cpus[i].signature);
    }
    test_case("every name is in the list, and no other");
    while (troth_snp_cpu_name(count)) {
        uint32_t seen;

        CHECK(troth_snp_cpu_signature(&seen, test_text(troth_snp_cpu_name(count))));
        count++;
    }
    CHECK_INT(count, COUNT(cpus));
    CHECK(troth_snp_cpu_name((size_t)-1) == NULL);
}

static void unknown(void)
{
    static const char *const names[] = {"",       "epyc",       "EPYC-v5",
                                        "EPYC-",  "EPYC ",      "host",
                                        "EPYC-v", "Opteron_G5", "EPYC-v44"};

    for (size_t i = 0; i < COUNT(names); i++) {
        uint32_t seen = 1;

        test_case("no such processor: '%s'", names[i]);
        CHECK(!troth_snp_cpu_signature(&seen, test_text(names[i])));
        CHECK_INT(seen, 0);
    }
}

int main(void)
{
    known();
    unknown();
    return test_finish();
}
