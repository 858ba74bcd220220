/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "image/snp.h"

/* QEMU's models of AMD processors that know SEV-SNP's family, by what CPUID says. */
/* clang-format off */
#define CPUS(X)                               \
    /* name            family model stepping */ \
    X("EPYC",          23,    1,    2)        \
    X("EPYC-v1",       23,    1,    2)        \
    X("EPYC-v2",       23,    1,    2)        \
    X("EPYC-v3",       23,    1,    2)        \
    X("EPYC-v4",       23,    1,    2)        \
    X("EPYC-IBPB",     23,    1,    2)        \
    X("EPYC-Rome",     23,    49,   0)        \
    X("EPYC-Rome-v1",  23,    49,   0)        \
    X("EPYC-Rome-v2",  23,    49,   0)        \
    X("EPYC-Rome-v3",  23,    49,   0)        \
    X("EPYC-Milan",    25,    1,    1)        \
    X("EPYC-Milan-v1", 25,    1,    1)        \
    X("EPYC-Milan-v2", 25,    1,    1)        \
    X("EPYC-Genoa",    25,    17,   0)        \
    X("EPYC-Genoa-v1", 25,    17,   0)        \
    X("EPYC-Turin",    26,    0,    0)
/* clang-format on */

/* Families from 15 on are 15 and what is above it; the model's upper half stands apart.
 */
#define SIGNATURE(family, model, stepping)                                               \
    ((uint32_t)((family)-15) << 20 | (uint32_t)(model) >> 4 << 16 | UINT32_C(15) << 8 |  \
     ((uint32_t)(model)&15) << 4 | (uint32_t)(stepping))

static const struct cpu {
    char name[16];
    uint32_t signature;
} cpus[] = {
#define X(name, family, model, stepping) {name, SIGNATURE(family, model, stepping)},
    CPUS(X)
#undef X
};

#define CPU_COUNT (sizeof(cpus) / sizeof(cpus[0]))

bool troth_snp_cpu_signature(uint32_t *out, struct troth_span name)
{
    *out = 0;
    for (size_t i = 0; i < CPU_COUNT; i++)
        if (troth_span_is_text(name, cpus[i].name)) {
            *out = cpus[i].signature;
            return true;
        }
    return false;
}

const char *troth_snp_cpu_name(size_t i)
{
    return i < CPU_COUNT ? cpus[i].name : NULL;
}
