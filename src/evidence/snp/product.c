/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/product.h"

#include "base/span.h"

/* clang-format off */
/* Short names, so that a row below is a row. */
enum {
    NONE = TROTH_SNP_PART_NONE, FMC = TROTH_SNP_PART_fmc, BL = TROTH_SNP_PART_bootloader,
    TEE = TROTH_SNP_PART_tee, SNP = TROTH_SNP_PART_snp, UC = TROTH_SNP_PART_microcode,
};

/* spec: [SNP-ABI] 2.2 "TCB_VERSION", [KDS] 3.1 tables of certificate extensions, and CPUID
 * family and model of each product. Arcs: 1 bootloader, 2 TEE, 3 SNP, 4 to 7 reserved
 * bytes, 8 microcode, 9 FMC. */
static const struct troth_snp_product products[] = {
    {"Milan", 0x19, 0x00, 0x0f, 1, 0,       {NULL}, 64,
     {BL, TEE, NONE, NONE, NONE, NONE, SNP, UC}, {1, 2, 4, 5, 6, 7, 3, 8}},
    {"Genoa", 0x19, 0x10, 0x1f, 0xa0, 0xaf, {"Bergamo", "Siena", NULL}, 64,
     {BL, TEE, NONE, NONE, NONE, NONE, SNP, UC}, {1, 2, 4, 5, 6, 7, 3, 8}},
    {"Turin", 0x1a, 0x00, 0x1f, 1, 0,       {NULL}, 8,
     {FMC, BL, TEE, SNP, NONE, NONE, NONE, UC},  {9, 1, 2, 3, 5, 6, 7, 8}},
};
/* clang-format on */

enum { PRODUCTS = sizeof products / sizeof products[0] };

const struct troth_snp_product *troth_snp_product_by_cpuid(uint8_t family, uint8_t model)
{
    for (size_t i = 0; i < PRODUCTS; i++) {
        const struct troth_snp_product *p = &products[i];
        bool first = model >= p->model_low && model <= p->model_high;
        bool second = model >= p->second_model_low && model <= p->second_model_high;

        if (family == p->cpuid_family && (first || second))
            return p;
    }
    return NULL;
}

static bool has_name(const struct troth_snp_product *p, struct troth_span name)
{
    if (troth_span_equal(name, troth_span_of_text(p->name)))
        return true;
    for (size_t i = 0; p->aliases[i]; i++)
        if (troth_span_equal(name, troth_span_of_text(p->aliases[i])))
            return true;
    return false;
}

const struct troth_snp_product *troth_snp_product_by_name(struct troth_span name)
{
    size_t len = 0;

    while (len < name.len && name.ptr[len] != '-')
        len++;
    name.len = len;
    for (size_t i = 0; i < PRODUCTS; i++)
        if (has_name(&products[i], name))
            return &products[i];
    return NULL;
}

const struct troth_snp_product *troth_snp_product_behind(struct troth_span name,
                                                         struct troth_span prefix)
{
    if (!troth_span_starts_with(name, prefix))
        return NULL;
    return troth_snp_product_by_name(troth_span_slice(name, prefix.len, name.len));
}
