/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"
#include "image/eif_layout.h"

/* Place section `index` at `*end`, and move that behind it. */
static enum troth_err place(struct troth_eif *eif, struct troth_fault *fault,
                            size_t index, uint64_t *end)
{
    struct troth_eif_section *section = &eif->sections[index];
    const uint64_t start = *end;

    if (start > UINT64_MAX - TROTH_EIF_SECTION_HEADER_SIZE ||
        section->size > UINT64_MAX - TROTH_EIF_SECTION_HEADER_SIZE - start)
        return troth_eif_refuse(fault, TROTH_ERR_LIMIT, "eif.section_size",
                                troth_eif_slot(TROTH_EIF_AT_SIZES, index));
    section->offset = start + TROTH_EIF_SECTION_HEADER_SIZE;
    *end = section->offset + section->size;
    return troth_eif_check_section(eif, fault, index);
}

static enum troth_err lay_out(struct troth_eif *eif, struct troth_fault *fault)
{
    uint64_t end = TROTH_EIF_HEADER_SIZE;
    enum troth_err err = TROTH_OK;

    if (eif->version < TROTH_EIF_VERSION_OLDEST || eif->version > TROTH_EIF_VERSION)
        return troth_eif_refuse(fault, TROTH_ERR_UNSUPPORTED, "eif.version",
                                TROTH_EIF_AT_VERSION);
    if (eif->count > TROTH_EIF_SECTIONS_MAX)
        return troth_eif_refuse(fault, TROTH_ERR_LIMIT, "eif.section_count",
                                TROTH_EIF_AT_COUNT);
    for (size_t i = 0; i < eif->count && !err; i++)
        err = place(eif, fault, i, &end);
    eif->size = end;
    return err ? err : troth_eif_check_complete(eif, fault);
}

enum troth_err troth_eif_lay_out(struct troth_eif *eif, struct troth_fault *fault)
{
    enum troth_err err = lay_out(eif, fault);

    if (err)
        *eif = (struct troth_eif){0};
    return err;
}

void troth_eif_write_header(uint8_t out[static TROTH_EIF_HEADER_SIZE],
                            const struct troth_eif *eif)
{
    struct troth_writer w = troth_writer_over(out, TROTH_EIF_HEADER_SIZE);

    troth_write_uint_be(&w, TROTH_EIF_MAGIC, 4);
    troth_write_uint_be(&w, eif->version, 2);
    troth_write_uint_be(&w, eif->aarch64 ? TROTH_EIF_FLAG_AARCH64 : 0, 2);
    troth_write_uint_be(&w, eif->default_memory, 8);
    troth_write_uint_be(&w, eif->default_cpus, 8);
    troth_write_uint_be(&w, 0, 2);
    troth_write_uint_be(&w, eif->count, 2);
    for (size_t i = 0; i < TROTH_EIF_SECTIONS_MAX; i++)
        troth_write_uint_be(&w, i < eif->count ? troth_eif_start(&eif->sections[i]) : 0,
                            8);
    for (size_t i = 0; i < TROTH_EIF_SECTIONS_MAX; i++)
        troth_write_uint_be(&w, i < eif->count ? eif->sections[i].size : 0, 8);
    troth_write_uint_be(&w, 0, 4);
    troth_write_uint_be(&w, eif->crc, 4);
}

void troth_eif_write_section(uint8_t out[static TROTH_EIF_SECTION_HEADER_SIZE],
                             const struct troth_eif_section *section)
{
    struct troth_writer w = troth_writer_over(out, TROTH_EIF_SECTION_HEADER_SIZE);

    troth_write_uint_be(&w, section->kind, 2);
    troth_write_uint_be(&w, 0, 2);
    troth_write_uint_be(&w, section->size, 8);
}
