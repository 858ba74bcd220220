/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/product.h"

#include <string.h>

#include "test/harness.h"

/* Every family and model that AMD gives a server product with SNP; nothing else has one.
 */
static const char *expected(unsigned family, unsigned model)
{
    if (family == 0x19 && model <= 0x0f)
        return "Milan";
    if (family == 0x19 &&
        ((model >= 0x10 && model <= 0x1f) || (model >= 0xa0 && model <= 0xaf)))
        return "Genoa";
    if (family == 0x1a && model <= 0x1f)
        return "Turin";
    return NULL;
}

static void find_by_cpuid(void)
{
    test_case("every family and model");
    for (unsigned family = 0; family < 256; family++) {
        for (unsigned model = 0; model < 256; model++) {
            const struct troth_snp_product *p = troth_snp_product_by_cpuid(
                (uint8_t)family, (uint8_t)model);
            const char *wanted = expected(family, model);

            if ((p == NULL) != (wanted == NULL) || (p && strcmp(p->name, wanted) != 0))
                CHECK_TEXT(p ? p->name : NULL, wanted);
        }
    }
    CHECK_TEXT(troth_snp_product_by_cpuid(0x19, 0xa0)->name, "Genoa");
}

static void find_by_name(void)
{
    static const struct {
        const char *name;
        const char *product;
    } names[] = {
        {"Milan", "Milan"},      {"Milan-B0", "Milan"}, {"Genoa", "Genoa"},
        {"Genoa-B1", "Genoa"},   {"Bergamo", "Genoa"},  {"Siena", "Genoa"},
        {"Bergamo-A2", "Genoa"}, {"Turin", "Turin"},    {"Turin-C1", "Turin"},
        {"Milan-", "Milan"},     {"milan", NULL},       {"MILAN", NULL},
        {"Mila", NULL},          {"Milano", NULL},      {"", NULL},
        {"-Milan", NULL},        {"Venice", NULL},      {"Naples", NULL},
        {"Rome", NULL},          {" Milan", NULL},
    };

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct troth_snp_product *p = troth_snp_product_by_name(
            test_text(names[i].name));

        test_case("by name '%s'", names[i].name);
        CHECK_TEXT(p ? p->name : NULL, names[i].product);
    }
    test_case("by name with a zero byte in it");
    CHECK(
        !troth_snp_product_by_name((struct troth_span){(const uint8_t *)"Milan\0x", 7}));
}

/* TCB_VERSION by bytes: [SNP-ABI] 2.2, and where a certificate repeats each. */
static void lay_out_tcbs(void)
{
    static const struct {
        const char *product;
        size_t hwid_size;
        unsigned part[8];
        unsigned arc[8];
    } layouts[] = {
        {"Milan",
         64,
         {TROTH_SNP_PART_bootloader, TROTH_SNP_PART_tee, 0, 0, 0, 0, TROTH_SNP_PART_snp,
          TROTH_SNP_PART_microcode},
         {1, 2, 4, 5, 6, 7, 3, 8}},
        {"Genoa",
         64,
         {TROTH_SNP_PART_bootloader, TROTH_SNP_PART_tee, 0, 0, 0, 0, TROTH_SNP_PART_snp,
          TROTH_SNP_PART_microcode},
         {1, 2, 4, 5, 6, 7, 3, 8}},
        {"Turin",
         8,
         {TROTH_SNP_PART_fmc, TROTH_SNP_PART_bootloader, TROTH_SNP_PART_tee,
          TROTH_SNP_PART_snp, 0, 0, 0, TROTH_SNP_PART_microcode},
         {9, 1, 2, 3, 5, 6, 7, 8}},
    };

    for (size_t i = 0; i < COUNT(layouts); i++) {
        const struct troth_snp_product *p = troth_snp_product_by_name(
            test_text(layouts[i].product));

        test_case("the layout of %s", layouts[i].product);
        if (!CHECK(p != NULL))
            continue;
        CHECK_INT(p->hwid_size, layouts[i].hwid_size);
        for (size_t k = 0; k < 8; k++) {
            CHECK_INT(p->part[k], layouts[i].part[k]);
            CHECK_INT(p->certificate_arc[k], layouts[i].arc[k]);
        }
    }
}

int main(void)
{
    find_by_cpuid();
    find_by_name();
    lay_out_tcbs();
    return test_finish();
}
