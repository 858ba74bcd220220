/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/span.h"
#include "builder/building.h"
#include "image/snp.h"
#include "image/tdx.h"

/* ---- firmware, which is read whole ---- */

static bool is_listed(const struct troth_building *b, const char *name)
{
    for (size_t i = 0; i < b->out->inputs.count; i++)
        if (b->out->inputs.rows[i].kind == TROTH_INPUT_FIRMWARE &&
            strcmp(b->out->inputs.rows[i].name, name) == 0)
            return true;
    return false;
}

static bool read_firmware(struct troth_building *b, struct troth_file *out,
                          const struct troth_build_firmware *firmware)
{
    struct troth_input input = {.kind = TROTH_INPUT_FIRMWARE, .name = firmware->file};
    int file, failed;

    if (!firmware->file)
        return true;
    if (!troth_building_open_any(b, &file, firmware->file))
        return false;
    failed = troth_file_read_open(out, file, TROTH_OVMF_SIZE_MAX);
    if (failed)
        return troth_build_fail_errno(b->problem, firmware->file, "cannot be read",
                                      failed);
    input.size = out->len;
    if (troth_digest(b->crypto, input.sha256, TROTH_SHA256,
                     (struct troth_span){out->bytes, out->len}))
        return troth_build_fail(b->problem, firmware->file, "the digest failed");
    return is_listed(b, firmware->file) ||
           troth_inputs_add(&b->out->inputs, b->problem, &input);
}

bool troth_building_list_firmware(struct troth_building *b)
{
    return read_firmware(b, &b->snp_firmware, &b->file->snp) &&
           read_firmware(b, &b->tdx_firmware, &b->file->tdx);
}

/* ---- what it will measure ---- */

static bool fail(struct troth_building *b, const char *subject, struct troth_fault fault)
{
    return troth_build_fail(b->problem, subject, "%s%s%s", fault.field ? fault.field : "",
                            fault.field ? ": " : "", troth_err_text(fault.err));
}

/* SHA-256 of the command line as the machine gets it, with its end. */
static enum troth_err digest_cmdline(struct troth_building *b, uint8_t out[static 32])
{
    const char *cmdline = b->file->cmdline;

    return troth_digest(
        b->crypto, out, TROTH_SHA256,
        (struct troth_span){(const uint8_t *)cmdline, strlen(cmdline) + 1});
}

static bool find_vmm(enum troth_snp_vmm *out, const char *name)
{
    static const char *const names[] = {
        [TROTH_SNP_QEMU] = "qemu", [TROTH_SNP_EC2] = "ec2", [TROTH_SNP_GCE] = "gce"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum troth_snp_vmm)i;
            return true;
        }
    }
    return false;
}

static bool measure_snp(struct troth_building *b)
{
    const struct troth_build_firmware *asked = &b->file->snp;
    const struct troth_image_written *written = &b->out->image;
    struct troth_kernel_hashes hashes;
    struct troth_ovmf ovmf;
    struct troth_snp_launch launch = {.firmware = &ovmf,
                                      .hashes = &hashes,
                                      .cpus = asked->vcpus,
                                      .features = asked->features};
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!asked->file)
        return true;
    if (!troth_snp_cpu_signature(&launch.cpu_signature,
                                 troth_span_of_text(asked->vcpu)) ||
        !find_vmm(&launch.vmm, asked->vmm))
        return troth_build_fail(b->problem, asked->vcpu, "is no processor that is known");
    memcpy(hashes.kernel, written->kernel_sha256, sizeof hashes.kernel);
    memcpy(hashes.initrd, written->initrd_sha256, sizeof hashes.initrd);
    fault.err = digest_cmdline(b, hashes.cmdline);
    if (fault.err ||
        troth_ovmf_read(
            &ovmf, &fault,
            (struct troth_span){b->snp_firmware.bytes, b->snp_firmware.len}) ||
        troth_snp_measure(&b->out->snp, &fault, b->crypto, &launch))
        return fail(b, asked->file, fault);
    return true;
}

static bool measure_tdx_with(struct troth_building *b, struct troth_span kernel,
                             struct troth_arena *arena)
{
    const struct troth_build_firmware *asked = &b->file->tdx;
    const struct troth_image_written *written = &b->out->image;
    const struct troth_tdx_boot boot = {.kernel = kernel,
                                        .cmdline = troth_span_of_text(b->file->cmdline),
                                        .initrd_digest = written->initrd_sha384,
                                        .initrd_size = written->initrd_size,
                                        .memory = asked->memory};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_ovmf ovmf;
    const struct troth_tdx_launch launch = {
        .firmware = &ovmf,
        .boot = &boot,
        .order = asked->two_pass ? TROTH_TDX_TWO_PASS : TROTH_TDX_SINGLE_PASS};

    if (troth_ovmf_read(
            &ovmf, &fault,
            (struct troth_span){b->tdx_firmware.bytes, b->tdx_firmware.len}) ||
        troth_tdx_measure(&b->out->tdx, &fault, b->crypto, &launch, arena))
        return fail(b, asked->file, fault);
    return true;
}

static bool measure_tdx(struct troth_building *b)
{
    struct troth_arena arena = {NULL, TROTH_TDX_ARENA_SIZE, 0};
    const size_t size = (size_t)b->out->image.kernel_size;
    void *kernel;
    bool fine;

    if (!b->file->tdx.file)
        return true;
    arena.base = malloc(arena.size);
    kernel = mmap(NULL, size, PROT_READ, MAP_PRIVATE, b->kernel, 0);
    fine = arena.base && kernel != MAP_FAILED
               ? measure_tdx_with(b, (struct troth_span){kernel, size}, &arena)
               : troth_building_fail_memory(b);
    if (kernel != MAP_FAILED)
        (void)munmap(kernel, size);
    free(arena.base);
    return fine;
}

bool troth_building_measure(struct troth_building *b)
{
    troth_image_measurements(&b->out->nitro, &b->out->image.facts);
    return measure_snp(b) && measure_tdx(b);
}
