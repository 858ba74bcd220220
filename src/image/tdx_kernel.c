/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tdx_kernel.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"

/* Linux's setup header. */
enum place {
    SETUP_SECTORS = 0x1f1,
    MAGIC = 0x202,
    PROTOCOL = 0x206,
    LOADER = 0x210,
    FLAGS = 0x211,
    INITRD = 0x218,
    INITRD_SIZE = 0x21c,
    HEAP_END = 0x224,
    CMDLINE = 0x228,
    INITRD_MAX = 0x22c,
    MORE_FLAGS = 0x236
};

#define SECTOR                512
#define SETUP_SECTORS_DEFAULT 4
#define LOADED_HIGH           0x01
#define CAN_USE_HEAP          0x80
#define ABOVE_4G              0x02
#define LOADER_IS_QEMU        0xb0
#define PROTOCOL_MIN          0x202
#define PROTOCOL_INITRD_MAX   0x203
#define PROTOCOL_ABOVE_4G     0x20c
#define REAL_MODE_CODE        0x10000
#define CMDLINE_PLACE         0x20000
#define INITRD_MAX_OLD        0x37ffffff

/* What QEMU keeps for ACPI tables, and what of memory is below 4 GiB on its q35. */
#define ACPI_SIZE        0x28000
#define LOW_MEMORY_SMALL UINT64_C(0xb0000000)
#define LOW_MEMORY_LARGE UINT64_C(0x80000000)

static void put(uint8_t *head, enum place place, uint32_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        head[(size_t)place + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *head, enum place place, size_t width)
{
    uint32_t value = 0;

    for (size_t i = width; i-- > 0;)
        value = value << 8 | head[(size_t)place + i];
    return value;
}

static uint64_t low_memory(uint64_t memory)
{
    const uint64_t most = memory < LOW_MEMORY_SMALL ? LOW_MEMORY_SMALL : LOW_MEMORY_LARGE;

    return memory < most ? memory : most;
}

/* As high as the kernel takes it and memory reaches. */
static enum troth_err put_initrd(uint8_t *head, struct troth_fault *fault,
                                 const struct troth_tdx_boot *boot)
{
    const uint32_t protocol = get(head, PROTOCOL, 2);
    const uint64_t low = low_memory(boot->memory);
    uint64_t max = INITRD_MAX_OLD;

    if (low <= ACPI_SIZE)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "tdx.memory");
    if (protocol >= PROTOCOL_INITRD_MAX)
        max = get(head, INITRD_MAX, 4);
    if (protocol >= PROTOCOL_ABOVE_4G && get(head, MORE_FLAGS, 2) & ABOVE_4G)
        max = UINT32_MAX;
    if (max >= low - ACPI_SIZE)
        max = low - ACPI_SIZE - 1;
    if (boot->initrd_size >= max)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "tdx.initrd");
    put(head, INITRD, (uint32_t)((max - boot->initrd_size) & ~UINT64_C(4095)), 4);
    put(head, INITRD_SIZE, (uint32_t)boot->initrd_size, 4);
    return TROTH_OK;
}

static bool has_video_mode(struct troth_span cmdline)
{
    const struct troth_span option = TROTH_LITERAL("vga=");

    for (; cmdline.len >= option.len; cmdline.ptr++, cmdline.len--)
        if (troth_span_starts_with(cmdline, option))
            return true;
    return false;
}

static enum troth_err check(const struct troth_tdx_boot *boot, struct troth_fault *fault)
{
    const uint8_t *head = boot->kernel.ptr;

    if (boot->kernel.len < TROTH_TDX_KERNEL_HEAD)
        return troth_fault_set(fault, TROTH_ERR_SHORT, "tdx.kernel");
    if (!troth_span_is_text((struct troth_span){head + MAGIC, 4}, "HdrS") ||
        get(head, PROTOCOL, 2) < PROTOCOL_MIN || !(head[FLAGS] & LOADED_HIGH))
        return troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "tdx.kernel.header");
    const size_t sectors = head[SETUP_SECTORS] ? head[SETUP_SECTORS]
                                               : SETUP_SECTORS_DEFAULT;

    if ((sectors + 1) * SECTOR > boot->kernel.len)
        return troth_fault_set(fault, TROTH_ERR_SHORT, "tdx.kernel.setup");
    if (has_video_mode(boot->cmdline))
        return troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "tdx.cmdline.vga");
    return TROTH_OK;
}

enum troth_err troth_tdx_kernel_head(uint8_t out[static TROTH_TDX_KERNEL_HEAD],
                                     struct troth_fault *fault,
                                     const struct troth_tdx_boot *boot)
{
    enum troth_err err = check(boot, fault);

    if (!err) {
        memcpy(out, boot->kernel.ptr, TROTH_TDX_KERNEL_HEAD);
        put(out, CMDLINE, CMDLINE_PLACE, 4);
        put(out, LOADER, LOADER_IS_QEMU, 1);
        put(out, FLAGS, out[FLAGS] | CAN_USE_HEAP, 1);
        put(out, HEAP_END, CMDLINE_PLACE - REAL_MODE_CODE - 0x200, 2);
        err = boot->initrd_digest ? put_initrd(out, fault, boot) : TROTH_OK;
    }
    if (err)
        memset(out, 0, TROTH_TDX_KERNEL_HEAD);
    return err;
}
