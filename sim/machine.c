/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/machine.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "sim/mint_set.h"

static void make_tdx(struct sim_machine *machine, const struct sim_order *order)
{
    sim_intel_default(&machine->intel, machine->ring, SIM_TDX_V4, order->machine,
                      order->mint.time_s);
    mint_set_intel(&machine->intel, &order->mint);
}

static void make_snp(struct sim_machine *machine, const struct sim_order *order)
{
    sim_snp_default(&machine->snp, machine->ring, SIM_GENOA, SIM_VCEK, order->machine,
                    order->mint.time_s);
    mint_set_snp(&machine->snp, &order->mint);
    machine->table = sim_snp_mint_table(&machine->snp);
}

static void make_nitro(struct sim_machine *machine, const struct sim_order *order)
{
    sim_nitro_default(&machine->nitro, machine->ring, order->machine, order->mint.time_s);
    mint_set_nitro(&machine->nitro, &order->mint);
}

static const struct {
    const char *name;
    void (*make)(struct sim_machine *machine, const struct sim_order *order);
} kinds[] = {
    [SIM_MACHINE_TDX] = {"tdx", make_tdx},
    [SIM_MACHINE_SNP] = {"snp", make_snp},
    [SIM_MACHINE_NITRO] = {"nitro", make_nitro},
};

struct sim_machine *sim_machine_create(const struct sim_order *order)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, order->mint.kind) != 0)
            continue;
        struct sim_machine *machine = calloc(1, sizeof *machine);

        if (!machine)
            sim_die("out of memory");
        machine->kind = (enum sim_machine_kind)i;
        machine->ring = sim_keyring_create(order->mint.seed);
        kinds[i].make(machine, order);
        return machine;
    }
    sim_refuse("no such kind of machine", order->mint.kind);
}

void sim_machine_destroy(struct sim_machine *machine)
{
    if (!machine)
        return;
    sim_keyring_destroy(machine->ring);
    sim_bytes_free(&machine->table);
    free(machine);
}

const struct sim_cert *sim_machine_root(const struct sim_machine *machine)
{
    switch (machine->kind) {
    case SIM_MACHINE_TDX:
        return &machine->intel.certs[SIM_INTEL_ROOT];
    case SIM_MACHINE_SNP:
        return &machine->snp.certs[SIM_SNP_ARK];
    case SIM_MACHINE_NITRO:
        return &machine->nitro.certs[SIM_NITRO_ROOT];
    }
    sim_die("no such kind of machine");
}

struct sim_bytes sim_machine_quote(struct sim_machine *machine,
                                   const uint8_t report_data[static 64])
{
    if (machine->kind == SIM_MACHINE_TDX) {
        memcpy(machine->intel.quote.td.report_data, report_data, 64);
        return sim_intel_mint(&machine->intel);
    }
    memcpy(machine->snp.report.report_data, report_data, 64);
    return sim_snp_mint(&machine->snp);
}

uint8_t *sim_machine_rtmr(struct sim_machine *machine, unsigned number)
{
    struct sim_td_report *td = &machine->intel.quote.td;
    uint8_t *const registers[] = {td->rtmr0, td->rtmr1, td->rtmr2, td->rtmr3};

    return registers[number];
}

void sim_machine_extend(struct sim_machine *machine, unsigned number,
                        const uint8_t digest[static 48])
{
    uint8_t *value = sim_machine_rtmr(machine, number);
    struct sha384_ctx hash;

    sha384_init(&hash);
    sha384_update(&hash, 48, value);
    sha384_update(&hash, 48, digest);
    sha384_digest(&hash, 48, value);
}
