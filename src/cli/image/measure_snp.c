/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure.h"

#include "cli/image/firmware.h"
#include "cli/image/machine_boot.h"

static const struct troth_not_measured beside[] = {
    {"disks", "what the machine is given beside these files"},
    {NULL, NULL},
};

static const struct troth_not_measured no_kernel[] = {
    {"kernel", "nor command line and initrd: whoever starts the machine chooses them"},
    {"disks", "what the machine is given beside this file"},
    {NULL, NULL},
};

static enum troth_err hash_boot(struct troth_kernel_hashes *out,
                                const struct troth_crypto *crypto,
                                const struct troth_machine_boot *boot)
{
    const struct troth_span kernel = {boot->kernel.bytes, boot->kernel.len};
    const struct troth_span cmdline = {boot->cmdline.bytes, boot->cmdline.len + 1};
    const enum troth_err err = troth_digest(crypto, out->kernel, TROTH_SHA256, kernel);

    for (size_t i = 0; i < sizeof(out->initrd); i++)
        out->initrd[i] = boot->initrd[i];
    return err ? err : troth_digest(crypto, out->cmdline, TROTH_SHA256, cmdline);
}

static bool measure(struct troth_measure_finding *out, struct troth_problem *problem,
                    const struct troth_crypto *crypto,
                    const struct troth_measure_order *order,
                    const struct troth_ovmf *firmware)
{
    struct troth_snp_launch launch = {
        .firmware = firmware,
        .cpus = order->machine.vcpus,
        .cpu_signature = order->machine.signature,
        .vmm = order->machine.vmm,
        .features = order->machine.features,
    };
    struct troth_machine_boot boot;
    struct troth_kernel_hashes hashes;
    struct troth_fault fault = {TROTH_OK, "snp.hashes", 0};

    if (!troth_machine_boot_read(&boot, problem, &order->machine, TROTH_SHA256))
        return false;
    if (boot.has_kernel) {
        fault.err = hash_boot(&hashes, crypto, &boot);
        launch.hashes = &hashes;
    }
    *out = (struct troth_measure_finding){
        .title = "the firmware of a machine with AMD SEV-SNP",
        .not_measured = boot.has_kernel ? beside : no_kernel,
        .uncovered = boot.has_kernel ? NULL : "kernel",
    };
    troth_machine_boot_release(&boot);
    if (fault.err || troth_snp_measure(&out->measurements, &fault, crypto, &launch))
        return troth_firmware_fail(problem, troth_inputs_name(order->file), &fault);
    return true;
}

bool troth_measure_snp(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order)
{
    struct troth_inputs inputs = {0};
    struct troth_ovmf firmware;
    const bool done = troth_firmware_read(&firmware, &inputs, problem, order->file) &&
                      measure(out, problem, crypto, order, &firmware);

    troth_inputs_release(&inputs);
    return done;
}
