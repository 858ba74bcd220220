/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ovmf.h"

#include "base/cursor.h"
#include "base/span.h"

#define GUID_SIZE         16
#define ENTRY_SIZE        18 /* a length of two bytes, which counts itself, and a GUID */
#define BEHIND_TABLE      32 /* the reset vector */
#define METADATA_SIZE     16
#define SECTION_SIZE      12
#define HASHES_TABLE_SIZE 176 /* what QEMU writes there */
#define FOUR_GIB          (UINT64_C(1) << 32)

/* Each entry's data stand before its length and GUID, since the table is read from its
 * end. */
struct entry_kind {
    uint8_t guid[GUID_SIZE];
    uint16_t size; /* of the data */
    const char *field;
    void (*take)(struct troth_ovmf *ovmf, struct troth_cursor *c, const char *field);
};

static const uint8_t footer_guid[GUID_SIZE] = {0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f,
                                               0xf7, 0x45, 0xba, 0xea, 0xa3, 0x66,
                                               0xc5, 0x5a, 0x08, 0x2d};

/* The bytes from `start` up to `end`; faults still count from the image's start. */
static struct troth_cursor cursor_at(struct troth_span image, size_t start, size_t end)
{
    struct troth_cursor c = troth_cursor_over(image);

    c.next = image.ptr + start;
    c.end = image.ptr + end;
    return c;
}

static bool same(struct troth_span a, const char *text)
{
    return troth_span_is_text(a, text);
}

/* Descriptors are named by how far from the image's end they start. */
static size_t descriptor_offset(const struct troth_ovmf *ovmf, struct troth_cursor *c,
                                const char *field)
{
    const uint32_t distance = troth_cursor_u32le(c, field);

    troth_cursor_expect(c, distance <= ovmf->image.len, TROTH_ERR_SHORT, field);
    return c->fault.err ? 0 : ovmf->image.len - distance;
}

static void take_reset_address(struct troth_ovmf *ovmf, struct troth_cursor *c,
                               const char *field)
{
    ovmf->reset_address = troth_cursor_u32le(c, field);
    ovmf->has_reset_address = true;
}

static void take_hashes_table(struct troth_ovmf *ovmf, struct troth_cursor *c,
                              const char *field)
{
    ovmf->hashes_table = troth_cursor_u32le(c, field);
    const uint32_t size = troth_cursor_u32le(c, field);

    troth_cursor_expect(c, !ovmf->hashes_table || size >= HASHES_TABLE_SIZE,
                        TROTH_ERR_VALUE, field);
}

static void take_tdx(struct troth_ovmf *ovmf, struct troth_cursor *c, const char *field)
{
    const size_t offset = descriptor_offset(ovmf, c, field);

    if (c->fault.err)
        return;
    struct troth_cursor descriptor = cursor_at(ovmf->image, offset, ovmf->image.len);
    const struct troth_span magic = troth_cursor_bytes(&descriptor, 4, field);

    troth_cursor_expect(&descriptor, same(magic, "TDVF"), TROTH_ERR_MISSING, field);
    ovmf->tdx_descriptor = offset;
    ovmf->has_tdx = true;
    c->fault = descriptor.fault;
}

static bool known_section(uint32_t kind)
{
    return (kind >= TROTH_SNP_SECTION_MEMORY && kind <= TROTH_SNP_SECTION_SVSM_CAA) ||
           kind == TROTH_SNP_SECTION_KERNEL_HASHES;
}

static bool overlaps(const struct troth_snp_section *a, const struct troth_snp_section *b)
{
    return a->address < (uint64_t)b->address + b->size &&
           b->address < (uint64_t)a->address + a->size;
}

static void check_place(const struct troth_ovmf *ovmf, struct troth_cursor *c,
                        const struct troth_snp_section *section)
{
    const bool whole = section->size && section->size % TROTH_OVMF_PAGE == 0 &&
                       section->address % TROTH_OVMF_PAGE == 0;
    /* Secrets, CPUID and hashes are a page each, and each is there once. */
    const bool single = section->kind != TROTH_SNP_SECTION_MEMORY &&
                        section->kind != TROTH_SNP_SECTION_SVSM_CAA;

    troth_cursor_expect(c, whole, TROTH_ERR_VALUE, "ovmf.snp.section");
    troth_cursor_expect(c, !single || section->size == TROTH_OVMF_PAGE, TROTH_ERR_VALUE,
                        "ovmf.snp.section.size");
    troth_cursor_expect(c, (uint64_t)section->address + section->size <= ovmf->base,
                        TROTH_ERR_VALUE, "ovmf.snp.section.address");
    for (size_t i = 0; i < ovmf->count; i++) {
        const struct troth_snp_section *other = &ovmf->sections[i];

        troth_cursor_expect(c, !overlaps(section, other), TROTH_ERR_VALUE,
                            "ovmf.snp.section.address");
        troth_cursor_expect(c, !single || section->kind != other->kind,
                            TROTH_ERR_DUPLICATE, "ovmf.snp.section.kind");
    }
}

/* Its size as well, which was bounded by the caller's `left`. */
static uint32_t take_section(struct troth_ovmf *ovmf, struct troth_cursor *c,
                             uint32_t left)
{
    struct troth_snp_section section = {0};

    section.address = troth_cursor_u32le(c, "ovmf.snp.section.address");
    section.size = troth_cursor_u32le(c, "ovmf.snp.section.size");
    troth_cursor_expect(c, section.size <= left, TROTH_ERR_LIMIT,
                        "ovmf.snp.section.size");
    const uint32_t kind = troth_cursor_u32le(c, "ovmf.snp.section.kind");

    troth_cursor_expect(c, known_section(kind), TROTH_ERR_UNSUPPORTED,
                        "ovmf.snp.section.kind");
    if (c->fault.err)
        return 0;
    section.kind = (enum troth_snp_section_kind)kind;
    check_place(ovmf, c, &section);
    ovmf->sections[ovmf->count++] = section;
    return section.size;
}

static void take_snp(struct troth_ovmf *ovmf, struct troth_cursor *c, const char *field)
{
    const size_t offset = descriptor_offset(ovmf, c, field);

    if (c->fault.err)
        return;
    struct troth_cursor d = cursor_at(ovmf->image, offset, ovmf->image.len);
    const struct troth_span magic = troth_cursor_bytes(&d, 4, field);
    const uint32_t size = troth_cursor_u32le(&d, field);
    const uint32_t version = troth_cursor_u32le(&d, field);
    const uint32_t count = troth_cursor_u32le(&d, field);
    uint32_t left = TROTH_OVMF_SECTIONS_SIZE;

    troth_cursor_expect(&d, same(magic, "ASEV"), TROTH_ERR_MISSING, field);
    troth_cursor_expect(&d, version == 1, TROTH_ERR_VERSION, "ovmf.snp.version");
    troth_cursor_expect(&d, count <= TROTH_OVMF_SECTIONS_MAX, TROTH_ERR_LIMIT,
                        "ovmf.snp.count");
    troth_cursor_expect(&d, size == METADATA_SIZE + (uint64_t)count * SECTION_SIZE,
                        TROTH_ERR_VALUE, "ovmf.snp.size");
    for (uint32_t i = 0; i < count && !d.fault.err; i++)
        left -= take_section(ovmf, &d, left);
    c->fault = d.fault;
}

/* clang-format off */
static const struct entry_kind entries[] = {
    {{0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f, 0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e},
     4, "ovmf.reset_address", take_reset_address},
    {{0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04, 0x4b, 0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54},
     8, "ovmf.hashes_table", take_hashes_table},
    {{0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47, 0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc},
     4, "ovmf.snp", take_snp},
    {{0x35, 0x65, 0x7a, 0xe4, 0x4a, 0x98, 0x98, 0x47, 0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2},
     4, "ovmf.tdx", take_tdx},
};
/* clang-format on */

#define KINDS (sizeof(entries) / sizeof(entries[0]))

static bool is_guid(struct troth_span seen, const uint8_t guid[static GUID_SIZE])
{
    return troth_span_equal(seen, (struct troth_span){guid, GUID_SIZE});
}

/* The entry whose data are between `start` and `end`; entries of others are skipped. */
static void take_entry(struct troth_ovmf *ovmf, struct troth_cursor *c,
                       struct troth_span guid, unsigned *seen)
{
    for (size_t i = 0; i < KINDS; i++) {
        const struct entry_kind *kind = &entries[i];

        if (!is_guid(guid, kind->guid))
            continue;
        troth_cursor_expect(c, !(*seen & 1U << i), TROTH_ERR_DUPLICATE, kind->field);
        troth_cursor_expect(c, troth_cursor_left(c) == kind->size, TROTH_ERR_VALUE,
                            kind->field);
        *seen |= 1U << i;
        if (!c->fault.err)
            kind->take(ovmf, c, kind->field);
    }
}

/* The length and GUID that end at `end`: 0 if they are not plausible between `start` and
 * there. */
static size_t entry_length(struct troth_cursor *c, struct troth_span *out_guid,
                           size_t left)
{
    const uint16_t length = troth_cursor_u16le(c, "ovmf.table.length");

    *out_guid = troth_cursor_bytes(c, GUID_SIZE, "ovmf.table.guid");
    troth_cursor_expect(c, length >= ENTRY_SIZE && length <= left, TROTH_ERR_VALUE,
                        "ovmf.table.length");
    return c->fault.err ? 0 : length;
}

/* From the footer, which is an entry whose length is that of the table, backwards. */
static struct troth_fault read_table(struct troth_ovmf *ovmf)
{
    const struct troth_span image = ovmf->image;
    size_t end = image.len - BEHIND_TABLE;
    struct troth_cursor c = cursor_at(image, end - ENTRY_SIZE, end);
    struct troth_span guid;
    unsigned seen = 0;

    const size_t table = entry_length(&c, &guid, end);

    if (!is_guid(guid, footer_guid))
        return (struct troth_fault){TROTH_ERR_MISSING, "ovmf.table", end - ENTRY_SIZE};
    const size_t start = end - table;

    end -= ENTRY_SIZE;
    while (!c.fault.err && end > start) {
        if (end - start < ENTRY_SIZE)
            return (struct troth_fault){TROTH_ERR_SHORT, "ovmf.table", start};
        c = cursor_at(image, end - ENTRY_SIZE, end);
        const size_t length = entry_length(&c, &guid, end - start);

        if (c.fault.err)
            break;
        c = cursor_at(image, end - length, end - ENTRY_SIZE);
        take_entry(ovmf, &c, guid, &seen);
        end -= length;
    }
    return c.fault;
}

enum troth_err troth_ovmf_read(struct troth_ovmf *out, struct troth_fault *fault,
                               struct troth_span image)
{
    struct troth_fault why = {0};

    *out = (struct troth_ovmf){.image = image, .base = FOUR_GIB - image.len};
    if (image.len < TROTH_OVMF_PAGE)
        why = (struct troth_fault){TROTH_ERR_SHORT, "ovmf.size", image.len};
    else if (image.len > TROTH_OVMF_SIZE_MAX)
        why = (struct troth_fault){TROTH_ERR_LIMIT, "ovmf.size", 0};
    else if (image.len % TROTH_OVMF_PAGE)
        why = (struct troth_fault){TROTH_ERR_VALUE, "ovmf.size", 0};
    else
        why = read_table(out);
    if (why.err)
        *out = (struct troth_ovmf){0};
    if (fault)
        *fault = why;
    return why.err;
}
