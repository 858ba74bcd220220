/* SPDX-License-Identifier: Apache-2.0 */
#include "image/crc32.h"
#include "image/eif_layout.h"

static uint64_t number_at(struct troth_span bytes, size_t offset, size_t width)
{
    uint64_t value = 0;

    for (size_t i = 0; i < width; i++)
        value = value << 8 | bytes.ptr[offset + i];
    return value;
}

/* Everything in the header but the two tables. */
static enum troth_err read_fields(struct troth_eif *eif, struct troth_fault *fault,
                                  struct troth_span header)
{
    const uint64_t version = number_at(header, TROTH_EIF_AT_VERSION, 2);
    const uint64_t flags = number_at(header, TROTH_EIF_AT_FLAGS, 2);
    const uint64_t count = number_at(header, TROTH_EIF_AT_COUNT, 2);
    const struct {
        bool holds;
        enum troth_err err;
        const char *field;
        size_t offset;
    } checks[] = {
        {number_at(header, TROTH_EIF_AT_MAGIC, 4) == TROTH_EIF_MAGIC, TROTH_ERR_VALUE,
         "eif.magic", TROTH_EIF_AT_MAGIC},
        {version >= TROTH_EIF_VERSION_OLDEST && version <= TROTH_EIF_VERSION,
         TROTH_ERR_UNSUPPORTED, "eif.version", TROTH_EIF_AT_VERSION},
        {flags <= TROTH_EIF_FLAG_AARCH64, TROTH_ERR_VALUE, "eif.flags",
         TROTH_EIF_AT_FLAGS},
        {number_at(header, TROTH_EIF_AT_RESERVED, 2) == 0, TROTH_ERR_VALUE,
         "eif.reserved", TROTH_EIF_AT_RESERVED},
        {count >= TROTH_EIF_SECTIONS_MIN, TROTH_ERR_VALUE, "eif.section_count",
         TROTH_EIF_AT_COUNT},
        {count <= TROTH_EIF_SECTIONS_MAX, TROTH_ERR_LIMIT, "eif.section_count",
         TROTH_EIF_AT_COUNT},
        {number_at(header, TROTH_EIF_AT_UNUSED, 4) == 0, TROTH_ERR_VALUE, "eif.unused",
         TROTH_EIF_AT_UNUSED},
    };

    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i].holds)
            return troth_eif_refuse(fault, checks[i].err, checks[i].field,
                                    checks[i].offset);
    eif->version = (uint16_t)version;
    eif->aarch64 = flags & TROTH_EIF_FLAG_AARCH64;
    eif->default_memory = number_at(header, TROTH_EIF_AT_MEMORY, 8);
    eif->default_cpus = number_at(header, TROTH_EIF_AT_CPUS, 8);
    eif->count = (size_t)count;
    eif->crc = (uint32_t)number_at(header, TROTH_EIF_AT_CRC, 4);
    return TROTH_OK;
}

/* Where section `index` has to be: right behind what ends at `*end`. */
static enum troth_err read_slot(struct troth_eif *eif, struct troth_fault *fault,
                                struct troth_span header, size_t index, uint64_t *end)
{
    const uint64_t offset = number_at(header, troth_eif_slot(TROTH_EIF_AT_OFFSETS, index),
                                      8);
    const uint64_t size = number_at(header, troth_eif_slot(TROTH_EIF_AT_SIZES, index), 8);
    const uint64_t left = eif->size - *end; /* what was read so far lies in the file */

    if (offset != *end)
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section_offset",
                                troth_eif_slot(TROTH_EIF_AT_OFFSETS, index));
    if (left < TROTH_EIF_SECTION_HEADER_SIZE ||
        size > left - TROTH_EIF_SECTION_HEADER_SIZE)
        return troth_eif_refuse(fault, TROTH_ERR_SHORT, "eif.section_size",
                                troth_eif_slot(TROTH_EIF_AT_SIZES, index));
    eif->sections[index] = (struct troth_eif_section){
        .offset = offset + TROTH_EIF_SECTION_HEADER_SIZE, .size = size};
    *end = offset + TROTH_EIF_SECTION_HEADER_SIZE + size;
    return TROTH_OK;
}

static enum troth_err expect_unused(struct troth_fault *fault, struct troth_span header,
                                    size_t index)
{
    if (number_at(header, troth_eif_slot(TROTH_EIF_AT_OFFSETS, index), 8) != 0)
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section_offset",
                                troth_eif_slot(TROTH_EIF_AT_OFFSETS, index));
    if (number_at(header, troth_eif_slot(TROTH_EIF_AT_SIZES, index), 8) != 0)
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section_size",
                                troth_eif_slot(TROTH_EIF_AT_SIZES, index));
    return TROTH_OK;
}

static enum troth_err read_tables(struct troth_eif *eif, struct troth_fault *fault,
                                  struct troth_span header)
{
    uint64_t end = TROTH_EIF_HEADER_SIZE;
    enum troth_err err = TROTH_OK;

    for (size_t i = 0; i < eif->count && !err; i++)
        err = read_slot(eif, fault, header, i, &end);
    for (size_t i = eif->count; i < TROTH_EIF_SECTIONS_MAX && !err; i++)
        err = expect_unused(fault, header, i);
    if (!err && end != eif->size)
        err = troth_eif_refuse(fault, TROTH_ERR_TRAILING, "eif", end);
    return err;
}

/* A section's header, which lies at `start` of the file. */
static enum troth_err read_section(struct troth_eif *eif, struct troth_fault *fault,
                                   size_t index, struct troth_span header)
{
    struct troth_eif_section *section = &eif->sections[index];
    const uint64_t start = troth_eif_start(section);

    if (header.len < TROTH_EIF_SECTION_HEADER_SIZE)
        return troth_eif_refuse(fault, TROTH_ERR_SHORT, "eif.section",
                                start + header.len);

    if (number_at(header, TROTH_EIF_AT_SECTION_FLAGS, 2) != 0)
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section.flags",
                                start + TROTH_EIF_AT_SECTION_FLAGS);
    if (number_at(header, TROTH_EIF_AT_SIZE, 8) != section->size)
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section.size",
                                start + TROTH_EIF_AT_SIZE);
    section->kind = (enum troth_eif_kind)number_at(header, TROTH_EIF_AT_TYPE, 2);
    return troth_eif_check_section(eif, fault, index);
}

enum troth_err troth_eif_read_header(struct troth_eif *out, struct troth_fault *fault,
                                     struct troth_span header, uint64_t file_size)
{
    struct troth_eif eif = {.size = file_size};
    enum troth_err err;

    *out = (struct troth_eif){0};
    if (header.len < TROTH_EIF_HEADER_SIZE || file_size < TROTH_EIF_HEADER_SIZE)
        return troth_eif_refuse(fault, TROTH_ERR_SHORT, "eif.header",
                                header.len < file_size ? header.len : file_size);
    err = read_fields(&eif, fault, header);
    if (!err)
        err = read_tables(&eif, fault, header);
    if (err)
        return err;
    *out = eif;
    return troth_eif_accept(fault);
}

enum troth_err troth_eif_read_section(struct troth_eif *eif, struct troth_fault *fault,
                                      size_t index, struct troth_span header)
{
    enum troth_err err = index < eif->count ? read_section(eif, fault, index, header)
                                            : troth_eif_refuse(fault, TROTH_ERR_LIMIT,
                                                               "eif.section", eif->size);

    if (err)
        *eif = (struct troth_eif){0};
    return err;
}

static struct troth_span part(struct troth_span file, uint64_t start, uint64_t size)
{
    return (struct troth_span){file.ptr + start, (size_t)size};
}

static enum troth_err read_file(struct troth_eif *eif, struct troth_fault *fault,
                                struct troth_span file)
{
    const size_t behind = TROTH_EIF_CRC_OFFSET + 4;
    enum troth_err err = troth_eif_read_header(eif, fault, file, file.len);

    for (size_t i = 0; !err && i < eif->count; i++) {
        const uint64_t start = troth_eif_start(&eif->sections[i]);

        err = troth_eif_read_section(eif, fault, i,
                                     part(file, start, TROTH_EIF_SECTION_HEADER_SIZE));
    }
    if (!err)
        err = troth_eif_check_complete(eif, fault);
    if (err)
        return err;

    uint32_t crc = troth_crc32(0, part(file, 0, TROTH_EIF_CRC_OFFSET));

    crc = troth_crc32(crc, part(file, behind, file.len - behind));
    return crc == eif->crc ? troth_eif_accept(fault)
                           : troth_eif_refuse(fault, TROTH_ERR_MISMATCH, "eif.crc",
                                              TROTH_EIF_CRC_OFFSET);
}

enum troth_err troth_eif_read(struct troth_eif *out, struct troth_fault *fault,
                              struct troth_span file)
{
    enum troth_err err = read_file(out, fault, file);

    if (err)
        *out = (struct troth_eif){0};
    return err;
}
