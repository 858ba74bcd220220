/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure.h"

#include <string.h>

#include "base/span.h"
#include "cli/image/firmware.h"
#include "cli/image/machine_boot.h"

static const struct troth_not_measured beside[] = {
    {"disks", "what the machine is given beside these files"},
    {NULL, NULL},
};

/* Is a fault the kernel's, not the firmware's? */
static bool is_of_boot(const struct troth_fault *fault)
{
    static const char *const starts[] = {"pe.", "tdx.kernel", "tdx.cmdline", "tdx.initrd",
                                         "tdx.memory"};

    for (size_t i = 0; fault->field && i < sizeof(starts) / sizeof(*starts); i++)
        if (strncmp(fault->field, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static bool fail(struct troth_problem *problem, const struct troth_measure_order *order,
                 const struct troth_fault *fault)
{
    const struct troth_machine_order *machine = &order->machine;
    const char *kernel = machine->kernel ? machine->kernel : machine->eif;
    const char *name = is_of_boot(fault) && kernel ? kernel
                                                   : troth_inputs_name(order->file);

    return troth_firmware_fail(problem, name, fault);
}

static bool measure(struct troth_measure_finding *out, struct troth_problem *problem,
                    const struct troth_crypto *crypto,
                    const struct troth_measure_order *order,
                    const struct troth_tdx_launch *launch)
{
    struct troth_inputs memory = {0};
    struct troth_arena arena = {
        troth_inputs_allocate(&memory, problem, TROTH_TDX_ARENA_SIZE),
        TROTH_TDX_ARENA_SIZE, 0};
    struct troth_fault fault;
    const bool fits = arena.base != NULL;
    bool done = false;

    if (fits)
        done = !troth_tdx_measure(&out->measurements, &fault, crypto, launch, &arena);
    troth_inputs_release(&memory);
    return done || (fits && fail(problem, order, &fault));
}

static bool read_and_measure(struct troth_measure_finding *out,
                             struct troth_problem *problem,
                             const struct troth_crypto *crypto,
                             const struct troth_measure_order *order,
                             const struct troth_ovmf *firmware)
{
    const struct troth_machine_order *machine = &order->machine;
    struct troth_machine_boot read;
    bool done;

    if (!troth_machine_boot_read(&read, problem, machine, TROTH_SHA384))
        return false;
    const struct troth_tdx_boot boot = {
        .kernel = {read.kernel.bytes, read.kernel.len},
        .cmdline = {read.cmdline.bytes, read.cmdline.len},
        .initrd_digest = read.initrd_size ? read.initrd : NULL,
        .initrd_size = read.initrd_size,
        .memory = machine->memory,
        .plain_kernel = machine->plain_kernel,
        .initrd_first = machine->initrd_first,
    };
    const struct troth_tdx_launch launch = {.firmware = firmware,
                                            .boot = read.has_kernel ? &boot : NULL,
                                            .order = machine->order};

    *out = (struct troth_measure_finding){
        .title = "the firmware of a machine with Intel TDX",
        .not_measured = beside,
    };
    done = measure(out, problem, crypto, order, &launch);
    troth_machine_boot_release(&read);
    return done;
}

bool troth_measure_tdx(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order)
{
    struct troth_inputs inputs = {0};
    struct troth_ovmf firmware;
    const bool done = troth_firmware_read(&firmware, &inputs, problem, order->file) &&
                      read_and_measure(out, problem, crypto, order, &firmware);

    troth_inputs_release(&inputs);
    return done;
}
