/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/image/firmware.h"

#include <string.h>

#include "test/harness.h"

static const struct firmware_snp usual_snp[] = {
    {0x800000, 0x9000, 1}, {0x80a000, 0x3000, 1}, {0x80d000, 0x1000, 2},
    {0x80e000, 0x1000, 3}, {0x80f000, 0x1000, 4}, {0x810000, 0x1000, 0x10},
    {0x811000, 0xf000, 1},
};

static const struct firmware_tdx usual_tdx[] = {
    {0x2000, 0xe000, 0xffff2000, 0xe000, 0, 1},
    {0, 0x2000, 0xffff0000, 0x2000, 1, 0},
    {0, 0, 0x810000, 0x10000, 3, 0},
    {0, 0, 0x80b000, 0x2000, 3, 0},
    {0, 0, 0x809000, 0x2000, 2, 0},
    {0, 0, 0x1000000, 0x4000, 4, 2},
};

const struct firmware_plan firmware_usual = {
    .size = 0x10000,
    .reset_address = 0x80b004,
    .hashes_table = 0x810c00,
    .snp = usual_snp,
    .snp_count = COUNT(usual_snp),
    .tdx = usual_tdx,
    .tdx_count = COUNT(usual_tdx),
};

void firmware_put(uint8_t *at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* Data are there already; their length and GUID follow. */
static void put_entry(uint8_t *at, size_t data, const char *guid)
{
    const struct troth_span bytes = test_hex(guid);

    firmware_put(at + data, data + 18, 2);
    memcpy(at + data + 2, bytes.ptr, 16);
}

static void put_descriptor(uint8_t *at, const char *magic, size_t count, size_t each)
{
    memcpy(at, magic, 4);
    firmware_put(at + 4, 16 + count * each, 4);
    firmware_put(at + 8, 1, 4);
    firmware_put(at + 12, count, 4);
}

static void put_snp(uint8_t *at, const struct firmware_plan *plan)
{
    put_descriptor(at, "ASEV", plan->snp_count, 12);
    for (size_t i = 0; i < plan->snp_count; i++) {
        uint8_t *row = at + 16 + 12 * i;

        firmware_put(row, plan->snp[i].address, 4);
        firmware_put(row + 4, plan->snp[i].size, 4);
        firmware_put(row + 8, plan->snp[i].kind, 4);
    }
}

static void put_tdx(uint8_t *at, const struct firmware_plan *plan)
{
    put_descriptor(at, "TDVF", plan->tdx_count, 32);
    for (size_t i = 0; i < plan->tdx_count; i++) {
        uint8_t *row = at + 16 + 32 * i;

        firmware_put(row, plan->tdx[i].raw_offset, 4);
        firmware_put(row + 4, plan->tdx[i].raw_size, 4);
        firmware_put(row + 8, plan->tdx[i].address, 8);
        firmware_put(row + 16, plan->tdx[i].size, 8);
        firmware_put(row + 24, plan->tdx[i].kind, 4);
        firmware_put(row + 28, plan->tdx[i].attributes, 4);
    }
}

struct troth_span firmware_make(uint8_t *out, const struct firmware_plan *plan)
{
    uint8_t *end = out + plan->size;

    for (size_t i = 0; i < plan->size; i++)
        out[i] = (uint8_t)(i * 7 + i / 251);
    put_entry(end - FIRMWARE_FOOTER, 0, "de82b596b21ff745baeaa366c55a082d");
    firmware_put(end - FIRMWARE_FOOTER, FIRMWARE_TDX_ENTRY - 32, 2);
    firmware_put(end - FIRMWARE_RESET, plan->reset_address, 4);
    put_entry(end - FIRMWARE_RESET, 4, "de71f7007e1acb4f890e68c77e2fb44e");
    firmware_put(end - FIRMWARE_HASHES, plan->hashes_table, 4);
    firmware_put(end - FIRMWARE_HASHES + 4, 0x400, 4);
    put_entry(end - FIRMWARE_HASHES, 8, "1f3755723b3a044b927b1da6efa8d454");
    firmware_put(end - FIRMWARE_SNP_ENTRY, FIRMWARE_SNP, 4);
    put_entry(end - FIRMWARE_SNP_ENTRY, 4, "666588dc4a989847a75e5585a7bf67cc");
    firmware_put(end - FIRMWARE_TDX_ENTRY, FIRMWARE_TDX, 4);
    put_entry(end - FIRMWARE_TDX_ENTRY, 4, "35657ae44a989847865e4685a7bf8ec2");
    put_snp(end - FIRMWARE_SNP, plan);
    put_tdx(end - FIRMWARE_TDX, plan);
    return (struct troth_span){out, plan->size};
}
