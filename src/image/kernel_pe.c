/* SPDX-License-Identifier: Apache-2.0 */
#include "image/kernel_pe.h"

#include <stdbool.h>

#include "base/memory.h"

/* From the start of the file, of "PE\0\0", of the optional header, of a section's row. */
enum place {
    DOS_PE = 0x3c,
    PE_MACHINE = 4,
    PE_SECTIONS = 6,
    PE_OPTIONAL_SIZE = 20,
    PE_OPTIONAL = 24,
    OPTIONAL_HEADERS_SIZE = 60,
    OPTIONAL_CHECKSUM = 64,
    OPTIONAL_CHECKSUM_END = 68,
    SECTION_RAW_SIZE = 16,
    SECTION_RAW = 20,
    SECTION_ROW = 40
};

#define MZ                         0x5a4d
#define PE                         0x4550
#define MACHINE_X86_64             0x8664
#define PE32_PLUS                  0x20b
/* In an optional header of PE32+, which is all that x86-64 has. */
#define OPTIONAL_DIRECTORIES_COUNT 108
#define OPTIONAL_DIRECTORIES       112
#define DIRECTORIES_MAX            16
#define SIGNATURES                 UINT64_C(4) /* which of the directories they are */
#define DIRECTORY_SIZE             8

/* Three of the headers, the sections, what follows; each may straddle the head's end. */
#define RANGES_MAX (3 + TROTH_PE_SECTIONS_MAX + 1)

struct range {
    uint32_t start, size;
};

struct pe {
    const struct troth_kernel_image *image;
    struct troth_fault fault;
    uint64_t optional;     /* where the optional header is */
    uint64_t sections;     /* where the rows are */
    uint32_t headers_size; /* what of the file counts as headers */
    uint32_t signatures_size;
    uint64_t directory; /* where that of the signatures is; 0: there is none */
    struct range rows[TROTH_PE_SECTIONS_MAX]; /* in the file's order */
    size_t count;
};

static void fail(struct pe *pe, enum troth_err err, const char *field, uint64_t offset)
{
    if (!pe->fault.err)
        pe->fault = (struct troth_fault){err, field, (size_t)offset};
}

static void expect(struct pe *pe, bool holds, enum troth_err err, const char *field)
{
    if (!holds)
        fail(pe, err, field, 0);
}

/* Zero if it is not in the file. */
static uint32_t number(struct pe *pe, uint64_t offset, size_t width, const char *field)
{
    const struct troth_kernel_image *image = pe->image;
    uint32_t value = 0;

    if (offset + width > image->file.len) {
        fail(pe, TROTH_ERR_SHORT, field, offset);
        return 0;
    }
    for (size_t i = width; i-- > 0;) {
        const size_t at = (size_t)offset + i;
        const uint8_t byte = at < image->head.len ? image->head.ptr[at]
                                                  : image->file.ptr[at];

        value = value << 8 | byte;
    }
    return value;
}

static void read_headers(struct pe *pe)
{
    const uint32_t start = number(pe, DOS_PE, 4, "pe.offset");
    const uint64_t optional = (uint64_t)start + PE_OPTIONAL;

    expect(pe, number(pe, 0, 2, "pe.magic") == MZ, TROTH_ERR_VALUE, "pe.magic");
    expect(pe, number(pe, start, 4, "pe.signature") == PE, TROTH_ERR_VALUE,
           "pe.signature");
    expect(pe,
           number(pe, start + (uint64_t)PE_MACHINE, 2, "pe.machine") == MACHINE_X86_64,
           TROTH_ERR_UNSUPPORTED, "pe.machine");
    expect(pe, number(pe, optional, 2, "pe.optional") == PE32_PLUS, TROTH_ERR_UNSUPPORTED,
           "pe.optional");
    pe->optional = optional;
    pe->sections = optional +
                   number(pe, start + (uint64_t)PE_OPTIONAL_SIZE, 2, "pe.optional.size");
    pe->count = number(pe, start + (uint64_t)PE_SECTIONS, 2, "pe.section.count");
    pe->headers_size = number(pe, optional + OPTIONAL_HEADERS_SIZE, 4, "pe.headers.size");
    expect(pe, pe->count <= TROTH_PE_SECTIONS_MAX, TROTH_ERR_LIMIT, "pe.section.count");
    expect(pe, pe->headers_size <= pe->image->file.len, TROTH_ERR_SHORT,
           "pe.headers.size");
}

/* The directory of signatures is not hashed, nor is what it is of. */
static void read_directory(struct pe *pe)
{
    const uint64_t directories = pe->optional + OPTIONAL_DIRECTORIES;
    const uint32_t count = number(pe, pe->optional + OPTIONAL_DIRECTORIES_COUNT, 4,
                                  "pe.directory.count");
    const uint64_t end = directories + (uint64_t)count * DIRECTORY_SIZE;

    expect(pe, count <= DIRECTORIES_MAX, TROTH_ERR_LIMIT, "pe.directory.count");
    expect(pe, end <= pe->sections, TROTH_ERR_VALUE, "pe.optional.size");
    expect(pe, end <= pe->headers_size, TROTH_ERR_VALUE, "pe.headers.size");
    if (count <= SIGNATURES)
        return;
    pe->directory = directories + SIGNATURES * DIRECTORY_SIZE;
    pe->signatures_size = number(pe, pe->directory + 4, 4, "pe.signatures.size");
}

/* Into their order by where they are in the file; those at one place keep theirs. */
static void place_row(struct pe *pe, size_t count, struct range row)
{
    size_t at = count;

    for (; at > 0 && row.start < pe->rows[at - 1].start; at--)
        pe->rows[at] = pe->rows[at - 1];
    pe->rows[at] = row;
}

static void read_sections(struct pe *pe)
{
    for (size_t i = 0; i < pe->count && !pe->fault.err; i++) {
        const uint64_t at = pe->sections + i * SECTION_ROW;
        const struct range row = {
            number(pe, at + SECTION_RAW, 4, "pe.section"),
            number(pe, at + SECTION_RAW_SIZE, 4, "pe.section.size"),
        };

        if (row.size && (uint64_t)row.start + row.size > pe->image->file.len)
            fail(pe, TROTH_ERR_SHORT, "pe.section.size", at);
        place_row(pe, i, row);
    }
}

/* What of the file is hashed, one after the other. */
struct ranges {
    struct troth_span spans[2 * RANGES_MAX];
    size_t count;
    const struct troth_kernel_image *image;
};

static void add_span(struct ranges *ranges, struct troth_span whole, uint64_t start,
                     uint64_t end)
{
    if (start < end)
        ranges->spans[ranges->count++] = (struct troth_span){whole.ptr + start,
                                                             (size_t)(end - start)};
}

static void add_range(struct ranges *ranges, uint64_t start, uint64_t end)
{
    const struct troth_kernel_image *image = ranges->image;
    const uint64_t head = image->head.len;

    add_span(ranges, image->head, start, end < head ? end : head);
    add_span(ranges, image->file, start < head ? head : start, end);
}

static void add_ranges(struct ranges *ranges, struct pe *pe)
{
    const uint64_t checksum = pe->optional + OPTIONAL_CHECKSUM;
    const uint64_t after = pe->optional + OPTIONAL_CHECKSUM_END;
    const uint64_t size = pe->image->file.len;
    uint64_t sum = pe->headers_size;

    add_range(ranges, 0, checksum);
    add_range(ranges, after, pe->directory ? pe->directory : pe->headers_size);
    if (pe->directory)
        add_range(ranges, pe->directory + DIRECTORY_SIZE, pe->headers_size);
    for (size_t i = 0; i < pe->count; i++) {
        const struct range row = pe->rows[i];

        if (row.size)
            add_range(ranges, row.start, (uint64_t)row.start + row.size);
        sum += row.size;
    }
    /* What is behind the sections starts where their sizes add up to, and the signatures
     * are its end. */
    if (size <= sum)
        return;
    expect(pe, sum + pe->signatures_size <= size, TROTH_ERR_VALUE, "pe.signatures.size");
    add_range(ranges, sum, size - pe->signatures_size);
}

static enum troth_err digest(uint8_t out[static 48], struct pe *pe,
                             const struct troth_crypto *crypto)
{
    struct ranges ranges = {.image = pe->image};

    add_ranges(&ranges, pe);
    if (pe->fault.err)
        return pe->fault.err;
    return crypto->ops->digest(crypto->state, out, TROTH_SHA384,
                               (struct troth_parts){ranges.spans, ranges.count});
}

enum troth_err troth_kernel_pe_digest(uint8_t out[static 48], struct troth_fault *fault,
                                      const struct troth_crypto *crypto,
                                      const struct troth_kernel_image *image)
{
    struct pe pe = {.image = image};

    read_headers(&pe);
    if (!pe.fault.err)
        read_directory(&pe);
    if (!pe.fault.err)
        read_sections(&pe);
    if (!pe.fault.err && digest(out, &pe, crypto))
        fail(&pe, TROTH_ERR_CRYPTO, "pe.digest", 0);
    if (pe.fault.err)
        memset(out, 0, 48);
    if (fault)
        *fault = pe.fault;
    return pe.fault.err;
}
