/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes at the end of firmware: sections stay where they may be, and what machines
 * measure of it is an answer. */
#include "image/ovmf.h"

#include <stdlib.h>
#include <string.h>

#include "image/snp.h"
#include "image/tdx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* No digest: what is hashed is read, so that sanitizers see it. */
static enum troth_err touch(void *state, uint8_t *out, enum troth_hash hash,
                            struct troth_parts message)
{
    uint8_t sum = 0;

    (void)state;
    for (size_t i = 0; i < message.count; i++)
        for (size_t k = 0; k < message.spans[i].len; k += 64)
            sum ^= message.spans[i].ptr[k];
    memset(out, sum, troth_hash_size(hash));
    return TROTH_OK;
}

static void require_sections(const struct troth_ovmf *ovmf)
{
    uint64_t sum = 0;

    require(ovmf->count <= TROTH_OVMF_SECTIONS_MAX);
    for (size_t i = 0; i < ovmf->count; i++) {
        const struct troth_snp_section *a = &ovmf->sections[i];

        require(a->size && (a->size | a->address) % TROTH_OVMF_PAGE == 0);
        require((uint64_t)a->address + a->size <= ovmf->base);
        sum += a->size;
        for (size_t k = 0; k < i; k++) {
            const struct troth_snp_section *b = &ovmf->sections[k];

            require((uint64_t)a->address + a->size <= b->address ||
                    (uint64_t)b->address + b->size <= a->address);
        }
    }
    require(sum <= TROTH_OVMF_SECTIONS_SIZE);
}

static void measure(const struct troth_ovmf *ovmf, const struct troth_crypto *crypto)
{
    static const struct troth_kernel_hashes hashes;
    static uint8_t memory[1 << 20];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_snp_launch launch = {.firmware = ovmf, .cpus = 2, .features = 1};
    const struct troth_tdx_launch tdx = {.firmware = ovmf};
    struct troth_measurements rows;
    struct troth_fault fault;

    for (int vmm = TROTH_SNP_QEMU; vmm <= TROTH_SNP_GCE; vmm++) {
        launch.vmm = (enum troth_snp_vmm)vmm;
        launch.hashes = vmm == TROTH_SNP_QEMU ? &hashes : NULL;
        const enum troth_err err = troth_snp_measure(&rows, &fault, crypto, &launch);

        require(err == fault.err && rows.count == !err);
    }
    const enum troth_err err = troth_tdx_measure(&rows, &fault, crypto, &tdx, &arena);

    require(err == fault.err && (rows.count == 0) == (err != TROTH_OK));
    require(ovmf->has_tdx || err == TROTH_ERR_MISSING);
    require(arena.used == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct troth_crypto_ops ops = {.name = "touch", .digest = touch};
    static uint8_t image[16384];
    const struct troth_crypto crypto = {&ops, NULL};
    const size_t len = size < sizeof(image) ? size : sizeof(image);
    struct troth_fault fault;
    struct troth_ovmf ovmf;

    memset(image, 0, sizeof(image));
    if (len > 0)
        memcpy(image + sizeof(image) - len, data + size - len, len);
    const enum troth_err err = troth_ovmf_read(&ovmf, &fault,
                                               (struct troth_span){image, sizeof(image)});

    require(err == fault.err && fault.offset <= sizeof(image));
    if (err) {
        require(!ovmf.image.ptr && ovmf.count == 0 && !ovmf.has_tdx);
        return 0;
    }
    require_sections(&ovmf);
    measure(&ovmf, &crypto);
    return 0;
}
