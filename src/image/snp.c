/* SPDX-License-Identifier: Apache-2.0 */
#include "image/snp.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/writer.h"
#include "image/snp_vmsa.h"

#define DIGEST_SIZE       48
#define PAGE_INFO_SIZE    112
#define GUID_SIZE         16
#define HASH_SIZE         32
#define HASHES_COUNT      3
#define HASH_ENTRY_SIZE   (GUID_SIZE + 2 + HASH_SIZE)
#define HASHES_TABLE_SIZE (GUID_SIZE + 2 + HASHES_COUNT * HASH_ENTRY_SIZE)

/* Save areas are entered in the reverse map as if they were at address -1, of which what
 * is no page number of 52 bits is cut off. */
#define VMSA_ADDRESS UINT64_C(0xfffffffff000)

/* [SNP-ABI] 8.17.2: how a page takes part. The contents of the last four do not. */
enum page_type {
    PAGE_NORMAL = 1,
    PAGE_VMSA = 2,
    PAGE_ZERO = 3,
    PAGE_UNMEASURED = 4,
    PAGE_SECRETS = 5,
    PAGE_CPUID = 6
};

static const uint8_t zeros[TROTH_OVMF_PAGE];

/* The digest so far; the first failure sticks. */
struct chain {
    const struct troth_crypto *crypto;
    enum troth_err err;
    uint8_t digest[DIGEST_SIZE];
};

static void hash(struct chain *chain, uint8_t out[static DIGEST_SIZE],
                 struct troth_parts message)
{
    if (!chain->err)
        chain->err = chain->crypto->ops->digest(chain->crypto->state, out, TROTH_SHA384,
                                                message);
}

/* One step: what was, what the page holds, and how it takes part. */
static void add_page(struct chain *chain, enum page_type type, uint64_t address,
                     const uint8_t contents[static DIGEST_SIZE])
{
    uint8_t info[PAGE_INFO_SIZE];
    struct troth_writer w = troth_writer_over(info, sizeof(info));

    troth_write_bytes(&w, (struct troth_span)TROTH_ARRAY_SPAN(chain->digest));
    troth_write_bytes(&w, (struct troth_span){contents, DIGEST_SIZE});
    troth_write_uint_le(&w, PAGE_INFO_SIZE, 2);
    troth_write_u8(&w, (uint8_t)type);
    /* No migration image; no rights for the levels 3, 2 and 1; reserved. */
    troth_write_uint_le(&w, 0, 5);
    troth_write_uint_le(&w, address, 8);
    const struct troth_span span = troth_writer_span(&w);

    hash(chain, chain->digest, (struct troth_parts){&span, 1});
}

static void add_contents(struct chain *chain, enum page_type type, uint64_t address,
                         struct troth_parts page)
{
    uint8_t contents[DIGEST_SIZE] = {0};

    hash(chain, contents, page);
    add_page(chain, type, address, contents);
}

static void add_firmware(struct chain *chain, const struct troth_ovmf *firmware)
{
    for (size_t at = 0; at < firmware->image.len && !chain->err; at += TROTH_OVMF_PAGE) {
        const struct troth_span page = {firmware->image.ptr + at, TROTH_OVMF_PAGE};

        add_contents(chain, PAGE_NORMAL, firmware->base + at,
                     (struct troth_parts){&page, 1});
    }
}

static void add_empty(struct chain *chain, enum page_type type,
                      const struct troth_snp_section *section)
{
    for (uint32_t at = 0; at < section->size && !chain->err; at += TROTH_OVMF_PAGE)
        add_page(chain, type, (uint64_t)section->address + at, zeros);
}

static void write_entry(struct troth_writer *w, const uint8_t guid[static GUID_SIZE],
                        size_t length)
{
    troth_write_bytes(w, (struct troth_span){guid, GUID_SIZE});
    troth_write_uint_le(w, length, 2);
}

/* As QEMU writes it: each length counts the GUID and itself. */
static struct troth_span hashes_table(uint8_t out[static HASHES_TABLE_SIZE],
                                      const struct troth_kernel_hashes *hashes)
{
    static const uint8_t table[GUID_SIZE] = {0x06, 0xd6, 0x38, 0x94, 0x22, 0x4f,
                                             0xc9, 0x4c, 0xb4, 0x79, 0xa7, 0x93,
                                             0xd4, 0x11, 0xfd, 0x21};
    static const uint8_t guids[HASHES_COUNT][GUID_SIZE] = {
        {0xd8, 0x2d, 0xd0, 0x97, 0x20, 0xbd, 0x94, 0x4c, 0xaa, 0x78, 0xe7, 0x71, 0x4d,
         0x36, 0xab, 0x2a},
        {0x31, 0xf7, 0xba, 0x44, 0x2f, 0x3a, 0xd7, 0x4b, 0x9a, 0xf1, 0x41, 0xe2, 0x91,
         0x69, 0x78, 0x1d},
        {0x37, 0x94, 0xe7, 0x4d, 0xd2, 0xab, 0x7f, 0x42, 0xb8, 0x35, 0xd5, 0xb1, 0x72,
         0xd2, 0x04, 0x5b},
    };
    const uint8_t *const values[HASHES_COUNT] = {hashes->cmdline, hashes->initrd,
                                                 hashes->kernel};
    struct troth_writer w = troth_writer_over(out, HASHES_TABLE_SIZE);

    write_entry(&w, table, HASHES_TABLE_SIZE);
    for (size_t i = 0; i < HASHES_COUNT; i++) {
        write_entry(&w, guids[i], HASH_ENTRY_SIZE);
        troth_write_bytes(&w, (struct troth_span){values[i], HASH_SIZE});
    }
    return troth_writer_span(&w);
}

static void add_hashes(struct chain *chain, const struct troth_snp_launch *launch,
                       const struct troth_snp_section *section)
{
    uint8_t table[HASHES_TABLE_SIZE];

    if (!launch->hashes) {
        add_empty(chain, PAGE_ZERO, section);
        return;
    }
    const size_t before = launch->firmware->hashes_table - section->address;
    const struct troth_span page[] = {
        {zeros, before},
        hashes_table(table, launch->hashes),
        {zeros, TROTH_OVMF_PAGE - before - HASHES_TABLE_SIZE},
    };

    add_contents(chain, PAGE_NORMAL, section->address, (struct troth_parts){page, 3});
}

static void add_section(struct chain *chain, const struct troth_snp_launch *launch,
                        const struct troth_snp_section *section)
{
    switch (section->kind) {
    case TROTH_SNP_SECTION_MEMORY:
        add_empty(chain, launch->vmm == TROTH_SNP_GCE ? PAGE_UNMEASURED : PAGE_ZERO,
                  section);
        return;
    case TROTH_SNP_SECTION_SECRETS:
        add_empty(chain, PAGE_SECRETS, section);
        return;
    case TROTH_SNP_SECTION_CPUID:
        if (launch->vmm != TROTH_SNP_EC2)
            add_empty(chain, PAGE_CPUID, section);
        return;
    case TROTH_SNP_SECTION_SVSM_CAA:
        add_empty(chain, PAGE_ZERO, section);
        return;
    case TROTH_SNP_SECTION_KERNEL_HASHES:
        add_hashes(chain, launch, section);
        return;
    }
}

static const struct troth_snp_section *find_section(const struct troth_ovmf *firmware,
                                                    enum troth_snp_section_kind kind)
{
    for (size_t i = 0; i < firmware->count; i++)
        if (firmware->sections[i].kind == kind)
            return &firmware->sections[i];
    return NULL;
}

static void add_sections(struct chain *chain, const struct troth_snp_launch *launch)
{
    const struct troth_ovmf *firmware = launch->firmware;
    const struct troth_snp_section *cpuid = find_section(firmware,
                                                         TROTH_SNP_SECTION_CPUID);

    for (size_t i = 0; i < firmware->count; i++)
        add_section(chain, launch, &firmware->sections[i]);
    /* EC2 adds this page behind all others. */
    if (cpuid && launch->vmm == TROTH_SNP_EC2)
        add_empty(chain, PAGE_CPUID, cpuid);
}

static void add_cpu(struct chain *chain, const struct troth_snp_launch *launch,
                    uint32_t start, uint32_t count)
{
    uint8_t area[TROTH_SNP_VMSA_SIZE], contents[DIGEST_SIZE] = {0};
    const struct troth_span page[] = {
        TROTH_ARRAY_SPAN(area),
        {zeros, TROTH_OVMF_PAGE - TROTH_SNP_VMSA_SIZE},
    };

    troth_snp_vmsa(area, launch, start);
    hash(chain, contents, (struct troth_parts){page, 2});
    for (uint32_t i = 0; i < count; i++)
        add_page(chain, PAGE_VMSA, VMSA_ADDRESS, contents);
}

/* With hashes: has the firmware a page for them, and is its table in that page? */
static enum troth_err check_hashes(const struct troth_ovmf *firmware,
                                   struct troth_fault *fault)
{
    const struct troth_snp_section *section = find_section(
        firmware, TROTH_SNP_SECTION_KERNEL_HASHES);

    if (!section || !firmware->hashes_table)
        return troth_fault_set(fault, TROTH_ERR_MISSING, "snp.firmware.kernel_hashes");
    if (firmware->hashes_table < section->address ||
        firmware->hashes_table - section->address > TROTH_OVMF_PAGE - HASHES_TABLE_SIZE)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "snp.firmware.kernel_hashes");
    return TROTH_OK;
}

static enum troth_err check_launch(const struct troth_snp_launch *launch,
                                   struct troth_fault *fault)
{
    if (!launch->cpus)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "snp.cpus");
    if (launch->cpus > TROTH_SNP_CPUS_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "snp.cpus");
    if (!(launch->features & 1))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "snp.features");
    if (launch->cpus > 1 && !launch->firmware->has_reset_address)
        return troth_fault_set(fault, TROTH_ERR_MISSING, "snp.firmware.reset_address");
    return launch->hashes ? check_hashes(launch->firmware, fault) : TROTH_OK;
}

enum troth_err troth_snp_launch_digest(uint8_t out[static 48], struct troth_fault *fault,
                                       const struct troth_crypto *crypto,
                                       const struct troth_snp_launch *launch)
{
    struct chain chain = {.crypto = crypto};

    memset(out, 0, DIGEST_SIZE);
    const enum troth_err err = check_launch(launch, fault);

    if (err)
        return err;
    if (launch->firmware_digest)
        memcpy(chain.digest, launch->firmware_digest, DIGEST_SIZE);
    else
        add_firmware(&chain, launch->firmware);
    add_sections(&chain, launch);
    add_cpu(&chain, launch, TROTH_SNP_RESET_VECTOR, 1);
    add_cpu(&chain, launch, launch->firmware->reset_address, launch->cpus - 1);
    if (chain.err)
        return troth_fault_set(fault, chain.err, "snp.measurement");
    memcpy(out, chain.digest, DIGEST_SIZE);
    return troth_fault_set(fault, TROTH_OK, NULL);
}

static const char *covered(const struct troth_snp_launch *launch)
{
    if (launch->hashes)
        return "firmware, processors, kernel, command line, initrd";
    if (find_section(launch->firmware, TROTH_SNP_SECTION_KERNEL_HASHES))
        return "firmware, processors; no kernel was given to it, so what boots is in no "
               "measurement";
    return "firmware, processors; it has no place for the hashes of a kernel, so kernel, "
           "command line and initrd are in no measurement";
}

enum troth_err troth_snp_measure(struct troth_measurements *out,
                                 struct troth_fault *fault,
                                 const struct troth_crypto *crypto,
                                 const struct troth_snp_launch *launch)
{
    uint8_t digest[DIGEST_SIZE];
    const enum troth_err err = troth_snp_launch_digest(digest, fault, crypto, launch);

    *out = (struct troth_measurements){.kind = err ? NULL : "snp"};
    if (!err)
        troth_measurements_add(out, "snp.measurement",
                               (struct troth_span)TROTH_ARRAY_SPAN(digest),
                               covered(launch));
    return err;
}
