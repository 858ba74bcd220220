/* SPDX-License-Identifier: Apache-2.0 */
#include "image/snp_vmsa.h"

#include "base/memory.h"

/* Where registers are in a save area. A segment is selector, attributes, limit, base. */
enum place {
    ES = 0x00,
    CS = 0x10,
    SS = 0x20,
    DS = 0x30,
    FS = 0x40,
    GS = 0x50,
    GDTR = 0x60,
    LDTR = 0x70,
    IDTR = 0x80,
    TR = 0x90,
    EFER = 0xd0,
    CR4 = 0x148,
    CR0 = 0x158,
    DR7 = 0x160,
    DR6 = 0x168,
    RFLAGS = 0x170,
    RIP = 0x178,
    PAT = 0x268,
    RDX = 0x310,
    SEV_FEATURES = 0x3b0,
    XCR0 = 0x3e8,
    MXCSR = 0x408,
    FCW = 0x410
};

#define SEGMENT_LIMIT   0xffff
#define PAT_AT_RESET    UINT64_C(0x0007040600070406)
#define RDX_AT_RESET    0x600
#define CS_SELECTOR     0xf000
#define LDTR_ATTRIBUTES 0x82
#define DATA_ATTRIBUTES 0x93

/* What hypervisors agree on, as KVM leaves it: SVM enabled, machine checks enabled. */
static const struct {
    enum place place;
    uint32_t value;
} common[] = {
    {EFER, 0x1000},    {CR4, 0x40},   {CR0, 0x10}, {DR7, 0x400},
    {DR6, 0xffff0ff0}, {RFLAGS, 0x2}, {XCR0, 0x1},
};

/* And what they do not. EC2 has not accessed the segment that the first processor starts
 * in. */
static const struct quirks {
    uint16_t first_cs, cs, ss, tr; /* attributes */
    uint64_t pat;
    bool tells_signature; /* RDX is CPUID's signature, else what it is after reset */
    uint32_t mxcsr;
    uint16_t fcw;
} quirks[] = {
    [TROTH_SNP_QEMU] = {0x9b, 0x9b, 0x93, 0x8b, PAT_AT_RESET, true, 0x1f80, 0x37f},
    [TROTH_SNP_EC2] = {0x9a, 0x9b, 0x92, 0x83, PAT_AT_RESET, false, 0, 0},
    [TROTH_SNP_GCE] = {0x9b, 0x9b, 0x93, 0x8b, UINT64_C(0x70106), false, 0, 0},
};

static void put(uint8_t *area, size_t place, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        area[place + i] = (uint8_t)(value >> 8 * i);
}

static void put_segment(uint8_t *area, enum place place, uint16_t attributes)
{
    put(area, (size_t)place + 2, attributes, 2);
    put(area, (size_t)place + 4, SEGMENT_LIMIT, 4);
}

void troth_snp_vmsa(uint8_t out[static TROTH_SNP_VMSA_SIZE],
                    const struct troth_snp_launch *launch, uint32_t start)
{
    const struct quirks *q = &quirks[launch->vmm];

    memset(out, 0, TROTH_SNP_VMSA_SIZE);
    put_segment(out, ES, DATA_ATTRIBUTES);
    put_segment(out, CS, start == TROTH_SNP_RESET_VECTOR ? q->first_cs : q->cs);
    put(out, CS, CS_SELECTOR, 2);
    put(out, CS + 8, start & 0xffff0000, 8);
    put_segment(out, SS, q->ss);
    put_segment(out, DS, DATA_ATTRIBUTES);
    put_segment(out, FS, DATA_ATTRIBUTES);
    put_segment(out, GS, DATA_ATTRIBUTES);
    put_segment(out, GDTR, 0);
    put_segment(out, LDTR, LDTR_ATTRIBUTES);
    put_segment(out, IDTR, 0);
    put_segment(out, TR, q->tr);
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        put(out, common[i].place, common[i].value, 8);
    put(out, RIP, start & 0xffff, 8);
    put(out, PAT, q->pat, 8);
    put(out, RDX, q->tells_signature ? launch->cpu_signature : RDX_AT_RESET, 8);
    put(out, SEV_FEATURES, launch->features, 8);
    put(out, MXCSR, q->mxcsr, 4);
    put(out, FCW, q->fcw, 2);
}
