/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an enclave image; and images laid out as the input says, with some bytes
 * changed and the CRC made right: what is taken is written again to the same bytes. */
#include "image/eif.h"

#include <stdlib.h>
#include <string.h>

#include "image/crc32.h"
#include "image/pcr.h"

enum { FILE_MAX = 4096, SECTIONS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static uint32_t crc_of(const uint8_t *file, size_t len)
{
    const size_t behind = TROTH_EIF_CRC_OFFSET + 4;
    const uint32_t crc = troth_crc32(0, (struct troth_span){file, TROTH_EIF_CRC_OFFSET});

    return troth_crc32(crc, (struct troth_span){file + behind, len - behind});
}

/* Every byte is a header's that we would write, or a section's data. */
static void require_same(const struct troth_eif *eif, struct troth_span file)
{
    uint8_t header[TROTH_EIF_HEADER_SIZE];
    size_t end = TROTH_EIF_HEADER_SIZE;

    troth_eif_write_header(header, eif);
    require(memcmp(header, file.ptr, sizeof header) == 0);
    for (size_t i = 0; i < eif->count; i++) {
        const struct troth_span bytes = troth_eif_data(eif, file, i);

        troth_eif_write_section(header, &eif->sections[i]);
        require(memcmp(header, file.ptr + end, TROTH_EIF_SECTION_HEADER_SIZE) == 0);
        end += TROTH_EIF_SECTION_HEADER_SIZE;
        require(bytes.ptr == file.ptr + end);
        end += bytes.len;
    }
    require(end == file.len);
}

/* What counts in PCR0 counts in one of the other two, or in both if it is the kernel's.
 */
static void require_measured(const struct troth_eif *eif)
{
    for (size_t i = 0; i < eif->count; i++) {
        const bool all = troth_pcr_covers(TROTH_PCR0, eif, i);
        const bool base = troth_pcr_covers(TROTH_PCR1, eif, i);
        const bool rest = troth_pcr_covers(TROTH_PCR2, eif, i);

        require(all == (base || rest) && !(base && rest));
        require(all == (eif->sections[i].kind <= TROTH_EIF_RAMDISK));
    }
}

static void read(struct troth_span file)
{
    struct troth_eif eif, again;
    struct troth_fault fault;
    const enum troth_err err = troth_eif_read(&eif, &fault, file);

    require(fault.err == err && fault.offset <= file.len);
    if (err) {
        require(fault.field && eif.count == 0 && eif.size == 0 && eif.version == 0);
        return;
    }
    require_same(&eif, file);
    require_measured(&eif);
    again = eif;
    require(troth_eif_lay_out(&again, NULL) == TROTH_OK);
    require(again.size == eif.size);
    require_same(&again, file);
}

static void seal(uint8_t *file, size_t len)
{
    const uint32_t crc = crc_of(file, len);

    for (unsigned i = 0; i < 4; i++)
        file[TROTH_EIF_CRC_OFFSET + i] = (uint8_t)(crc >> (24 - 8 * i));
}

/* Sections of these kinds and sizes; empty if no image has them. */
static struct troth_span write(uint8_t *room, const uint8_t *plan)
{
    struct troth_eif eif = {.version = (uint16_t)(2 + plan[0] % 3),
                            .aarch64 = plan[0] & 0x80,
                            .count = plan[0] / 4 % (SECTIONS + 1)};

    for (size_t i = 0; i < eif.count; i++)
        eif.sections[i] = (struct troth_eif_section){
            .kind = (enum troth_eif_kind)(plan[i + 1] % 6), .size = plan[i + 1] / 6};
    if (troth_eif_lay_out(&eif, NULL) != TROTH_OK)
        return (struct troth_span){NULL, 0};
    memset(room, 0x5a, FILE_MAX);
    troth_eif_write_header(room, &eif);
    for (size_t i = 0; i < eif.count; i++)
        troth_eif_write_section(room + eif.sections[i].offset -
                                    TROTH_EIF_SECTION_HEADER_SIZE,
                                &eif.sections[i]);
    seal(room, eif.size);
    require(troth_eif_read(&eif, NULL, (struct troth_span){room, eif.size}) == TROTH_OK);
    return (struct troth_span){room, eif.size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[FILE_MAX];

    read((struct troth_span){data, size});
    if (size < SECTIONS + 1)
        return 0;

    const struct troth_span file = write(room, data);

    for (size_t i = SECTIONS + 1; file.len && i + 3 <= size; i += 3)
        room[(size_t)(data[i] << 8 | data[i + 1]) % file.len] = data[i + 2];
    if (file.len) {
        seal(room, file.len);
        read(file);
    }
    return 0;
}
