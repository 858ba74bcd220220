/*
 * product.h - what differs between AMD's server processors.
 *
 * The layout of TCB_VERSION belongs to the product, not to the report's version.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_PRODUCT_H
#define TROTH_EVIDENCE_SNP_PRODUCT_H

#include <stdbool.h>

#include "troth/span.h"

/* Parts of a TCB_VERSION that have a name; PART_NONE bytes are reserved. */
/* clang-format off */
#define TROTH_SNP_TCB_PARTS(X) X(fmc) X(bootloader) X(tee) X(snp) X(microcode)
/* clang-format on */

enum troth_snp_tcb_part {
    TROTH_SNP_PART_NONE = 0,
#define X(name) TROTH_SNP_PART_##name,
    TROTH_SNP_TCB_PARTS(X)
#undef X
        TROTH_SNP_PART_COUNT
};

struct troth_snp_product {
    const char *name; /* "Milan"; also the CN suffix of its ARK, ASK and ASVK */
    uint8_t cpuid_family, model_low, model_high;
    uint8_t second_model_low,
        second_model_high;      /* another range; 1, 0 where there is none */
    const char *aliases[3];     /* other names its certificates use */
    size_t hwid_size;           /* bytes of chip_id that identify; the rest are zero */
    uint8_t part[8];            /* enum troth_snp_tcb_part of each TCB_VERSION byte */
    uint8_t certificate_arc[8]; /* last arc of the certificate extension for each byte */
};

/* NULL when no product fits. */
const struct troth_snp_product *troth_snp_product_by_cpuid(uint8_t family, uint8_t model);

/* A certificate's product name: "Milan", or with a stepping "Milan-B0". */
const struct troth_snp_product *troth_snp_product_by_name(struct troth_span name);

/* What stands behind the prefix of a name like "ARK-Milan"; NULL where it has another. */
const struct troth_snp_product *troth_snp_product_behind(struct troth_span name,
                                                         struct troth_span prefix);

#endif
