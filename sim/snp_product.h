/* snp_product.h - what differs between AMD's products, as genuine machines have it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_SNP_PRODUCT_H
#define TROTH_SIM_SNP_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_snp_product { SIM_MILAN, SIM_GENOA, SIM_TURIN };

/* The firmware parts that have a security version of their own. */
enum sim_tcb_part {
    SIM_TCB_FMC,
    SIM_TCB_BOOTLOADER,
    SIM_TCB_TEE,
    SIM_TCB_SNP,
    SIM_TCB_MICROCODE,
    SIM_TCB_PARTS
};

/* One extension of a chip's certificate and the byte of a TCB_VERSION it repeats. */
struct sim_spl {
    const char *oid;
    size_t tcb_byte;
};

#define SIM_SPLS 8

/* Validity of a genuine CA certificate; seconds since 1970. */
struct sim_ca_life {
    int64_t not_before_s, not_after_s;
};

struct sim_snp_product_facts {
    const char *name;      /* in the names of CAs and in addresses */
    const char *vcek_name; /* productName in a VCEK */
    uint8_t family, model, stepping;
    uint8_t version;        /* of reports */
    uint8_t struct_version; /* of the chip certificate's extensions */
    size_t hardware_id_len;
    uint8_t tcb[8];
    uint8_t build, minor, major; /* of the SNP firmware */
    uint64_t mit_vector;
    uint8_t ark_serial[3], ask_serial[3], asvk_serial[3];
    struct sim_ca_life ark, ask, asvk;
    struct sim_spl spls[SIM_SPLS]; /* in the order of the certificate */
    int tcb_byte[SIM_TCB_PARTS];   /* -1 where the product has no such part */
};

const struct sim_snp_product_facts *sim_snp_product_facts(enum sim_snp_product product);

#endif
