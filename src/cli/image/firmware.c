/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/firmware.h"

#include <string.h>

/* What to do about a fault, by its field. */
static const struct {
    const char *field, *hint;
} hints[] = {
    {"ovmf.size", "firmware is of whole pages of 4096 bytes, and of 64 MiB at most"},
    {"ovmf.table", "firmware that QEMU starts with -bios: OVMF.fd, not OVMF_VARS.fd"},
    {"snp.firmware.kernel_hashes",
     "this firmware has no place for a kernel's hash, so nobody would see which kernel "
     "runs: OVMF's AmdSev has one. Without --kernel the firmware alone is measured"},
    {"tdx.descriptor", "this firmware says nothing of TDX"},
    {"tdx.kernel.header", "QEMU patches bzImages: is it one? Or --kernel-header plain"},
    {"tdx.cmdline", "ASCII without control characters, 4096 bytes at most"},
    {"tdx.cmdline.vga", "QEMU takes vga= out of the command line and into the kernel: "
                        "--kernel-header plain, or leave it out"},
    {"tdx.initrd", "it does not fit into --memory with what is below 4 GiB"},
};

bool troth_firmware_fail(struct troth_problem *problem, const char *path,
                         const struct troth_fault *fault)
{
    (void)troth_problem_fault(problem, path, fault);
    for (size_t i = 0; fault->field && i < sizeof(hints) / sizeof(*hints); i++)
        if (strcmp(fault->field, hints[i].field) == 0)
            troth_problem_hint(problem, "%s", hints[i].hint);
    return false;
}

bool troth_firmware_read(struct troth_ovmf *out, struct troth_inputs *inputs,
                         struct troth_problem *problem, const char *path)
{
    struct troth_fault fault;
    struct troth_span bytes;

    if (!troth_inputs_read(inputs, problem, &bytes, path, TROTH_OVMF_SIZE_MAX))
        return false;
    if (troth_ovmf_read(out, &fault, bytes))
        return troth_firmware_fail(problem, troth_inputs_name(path), &fault);
    return true;
}
