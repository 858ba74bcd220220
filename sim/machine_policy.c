/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/machine_policy.h"

#include "sim/json.h"

static void say(struct sim_bytes *out, const char *text)
{
    sim_bytes_append(out, sim_text(text));
}

static void say_bytes(struct sim_bytes *out, const char *before, const uint8_t *bytes,
                      size_t len)
{
    say(out, before);
    sim_hex_lower(out, (struct troth_span){bytes, len});
    say(out, "\n");
}

static void say_tdx(struct sim_bytes *out, const struct sim_machine *machine,
                    const uint8_t *rtmr3)
{
    const struct sim_td_report *td = &machine->intel.quote.td;
    const struct {
        const char *claim;
        const uint8_t *bytes;
    } rows[] = {
        {"      mr_td: ", td->mr_td},
        {"      rtmr0: ", td->rtmr0},
        {"      rtmr1: ", td->rtmr1},
        {"      rtmr2: ", td->rtmr2},
        {"      # the run file and the program: troth run --measure says what it is\n"
         "      rtmr3: ",
         rtmr3},
        {"      mr_config_id: ", td->mr_config_id},
    };

    say(out, "accept: [tdx]\n\nimages:\n  this-image:\n    tdx:\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        say_bytes(out, rows[i].claim, rows[i].bytes, 48);
    say_bytes(out, "\nmachines:\n  tdx:\n    - ", machine->intel.pck.ppid,
              sizeof machine->intel.pck.ppid);
}

static void say_snp(struct sim_bytes *out, const struct sim_machine *machine)
{
    const struct sim_snp_report *report = &machine->snp.report;

    say(out, "accept: [snp]\n\nimages:\n  this-image:\n    snp:\n");
    say_bytes(out, "      measurement: ", report->measurement,
              sizeof report->measurement);
    say_bytes(out, "      host_data: ", report->host_data, sizeof report->host_data);
    say_bytes(out, "\nmachines:\n  snp:\n    - ", report->chip_id,
              sim_snp_product_facts(machine->snp.product)->hardware_id_len);
}

/* Evidence of an enclave does not tell machines apart. PCR8 is of who signed the image.
 */
static void say_nitro(struct sim_bytes *out, const struct sim_machine *machine)
{
    const struct sim_pcr *pcrs = machine->nitro.pcrs;

    say(out, "accept: [nitro]\n\nimages:\n  this-image:\n    nitro:\n");
    say_bytes(out, "      pcr0: ", pcrs[0].value, pcrs[0].len);
    say_bytes(out, "      pcr1: ", pcrs[1].value, pcrs[1].len);
    say_bytes(out, "      pcr2: ", pcrs[2].value, pcrs[2].len);
    say(out, "\nmachines: {nitro: any}\n");
    say_bytes(out, "expect:\n  nitro.pcr4: ", pcrs[4].value, pcrs[4].len);
    say_bytes(out, "  nitro.pcr8: ", pcrs[8].value, pcrs[8].len);
}

struct sim_bytes sim_machine_policy(const struct sim_machine *machine,
                                    const uint8_t *rtmr3)
{
    struct sim_bytes out = {0};

    say(&out,
        "# This image, on this machine, and nothing else: written by troth-sim.\n"
        "# The machine is simulated. Evidence of it is believed by who names its root,\n"
        "# --root, and proves nothing. docs/policy.md says what a policy may say.\n"
        "policy: simulated-machine\n");
    switch (machine->kind) {
    case SIM_MACHINE_TDX:
        say_tdx(&out, machine, rtmr3);
        return out;
    case SIM_MACHINE_SNP:
        say_snp(&out, machine);
        return out;
    case SIM_MACHINE_NITRO:
        say_nitro(&out, machine);
        return out;
    }
    sim_die("no such kind of machine");
}
