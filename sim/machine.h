/*
 * machine.h - a machine that vouches for its guest: its keys, and what it says now.
 *
 * Machines of one seed have one root and run one image; each has an identity and a key of
 * its own.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MACHINE_H
#define TROTH_SIM_MACHINE_H

#include "sim/command.h"
#include "sim/intel.h"
#include "sim/nitro.h"
#include "sim/snp.h"

enum sim_machine_kind { SIM_MACHINE_TDX, SIM_MACHINE_SNP, SIM_MACHINE_NITRO };

struct sim_machine {
    enum sim_machine_kind kind;
    struct sim_keyring *ring;
    /* That of its kind is filled in. */
    struct sim_intel intel;
    struct sim_snp snp;
    struct sim_nitro nitro;
    struct sim_bytes table; /* of certificates, that comes with SNP's reports; or empty */
};

/* An unknown kind, or a claim that cannot be set, ends the program. */
struct sim_machine *sim_machine_create(const struct sim_order *order);
void sim_machine_destroy(struct sim_machine *machine);

const struct sim_cert *sim_machine_root(const struct sim_machine *machine);

/* TDX and SNP: what a report interface gives for these bytes; the caller frees it. */
struct sim_bytes sim_machine_quote(struct sim_machine *machine,
                                   const uint8_t report_data[static 64]);

/* The value of one of the RTMRs, 0 to 3: 48 bytes, the machine's own. */
uint8_t *sim_machine_rtmr(struct sim_machine *machine, unsigned number);

/* Its new value is SHA-384 of the old one and the digest. */
void sim_machine_extend(struct sim_machine *machine, unsigned number,
                        const uint8_t digest[static 48]);

#endif
