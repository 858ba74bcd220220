/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/cursor.h"
#include "base/fault.h"
#include "base/memory.h"
#include "image/tdx.h"

#define DESCRIPTOR_SIZE 16
#define SECTION_SIZE    32
#define BLOCK_SIZE      128
#define CHUNK_SIZE      256
#define CHUNKS          (TROTH_OVMF_PAGE / CHUNK_SIZE)
#define BLOCK_ADDRESS   16
#define KIND_MAX        7 /* TD information: the last that has a meaning */
#define ADDRESS_MAX     (UINT64_C(1) << 52)

enum attribute { EXTENDED = 1, ADDED_LATER = 2 };

struct section {
    uint32_t raw_offset, raw_size;
    uint64_t address, size;
    uint32_t attributes;
};

struct sections {
    struct section rows[TROTH_OVMF_SECTIONS_MAX];
    size_t count;
    size_t pages, extended; /* that are added, and of them those with contents */
};

/* What is hashed, in its order. */
struct blocks {
    uint8_t (*bytes)[BLOCK_SIZE];
    size_t count;
    struct troth_span *spans;
    size_t span_count;
};

static bool overlaps(const struct section *a, const struct section *b)
{
    return a->address < b->address + b->size && b->address < a->address + a->size;
}

static void check_section(struct troth_cursor *c, const struct sections *all,
                          const struct section *s, size_t image_size)
{
    const bool whole = s->size && s->size % TROTH_OVMF_PAGE == 0 &&
                       s->address % TROTH_OVMF_PAGE == 0;
    const bool extended = s->attributes & EXTENDED;

    troth_cursor_expect(c, s->attributes <= (EXTENDED | ADDED_LATER),
                        TROTH_ERR_UNSUPPORTED, "tdx.section.attributes");
    troth_cursor_expect(c, whole, TROTH_ERR_VALUE, "tdx.section");
    troth_cursor_expect(c, s->address < ADDRESS_MAX && s->size <= ADDRESS_MAX,
                        TROTH_ERR_LIMIT, "tdx.section.address");
    troth_cursor_expect(c, (uint64_t)s->raw_offset + s->raw_size <= image_size,
                        TROTH_ERR_SHORT, "tdx.section.raw_size");
    /* What would stand behind the bytes of the image is nowhere said. */
    troth_cursor_expect(c, extended ? s->raw_size == s->size : s->raw_size <= s->size,
                        TROTH_ERR_VALUE, "tdx.section.raw_size");
    /* A page that is added later is none when the measurement ends. */
    troth_cursor_expect(c, s->attributes != (EXTENDED | ADDED_LATER), TROTH_ERR_VALUE,
                        "tdx.section.attributes");
    for (size_t i = 0; i < all->count && !c->fault.err; i++)
        troth_cursor_expect(c, !overlaps(s, &all->rows[i]), TROTH_ERR_VALUE,
                            "tdx.section.address");
}

static void count_pages(struct troth_cursor *c, struct sections *all,
                        const struct section *s)
{
    const uint64_t pages = s->size / TROTH_OVMF_PAGE;

    if (s->attributes & ADDED_LATER)
        return;
    troth_cursor_expect(c, pages <= TROTH_TDX_PAGES_MAX - all->pages, TROTH_ERR_LIMIT,
                        "tdx.section.size");
    if (c->fault.err)
        return;
    all->pages += (size_t)pages;
    if (s->attributes & EXTENDED)
        all->extended += (size_t)pages;
}

static void read_section(struct troth_cursor *c, struct sections *all, size_t image_size)
{
    struct section s;

    s.raw_offset = troth_cursor_u32le(c, "tdx.section.raw_offset");
    s.raw_size = troth_cursor_u32le(c, "tdx.section.raw_size");
    s.address = troth_cursor_u64le(c, "tdx.section.address");
    s.size = troth_cursor_u64le(c, "tdx.section.size");
    const uint32_t kind = troth_cursor_u32le(c, "tdx.section.kind");

    s.attributes = troth_cursor_u32le(c, "tdx.section.attributes");
    troth_cursor_expect(c, kind <= KIND_MAX, TROTH_ERR_UNSUPPORTED, "tdx.section.kind");
    if (c->fault.err)
        return;
    check_section(c, all, &s, image_size);
    count_pages(c, all, &s);
    all->rows[all->count++] = s;
}

static struct troth_fault read_sections(struct sections *all,
                                        const struct troth_ovmf *firmware)
{
    struct troth_cursor c = troth_cursor_over(firmware->image);

    (void)troth_cursor_bytes(&c, firmware->tdx_descriptor, "tdx.descriptor");
    (void)troth_cursor_bytes(&c, 4, "tdx.descriptor");
    const uint32_t size = troth_cursor_u32le(&c, "tdx.descriptor");
    const uint32_t version = troth_cursor_u32le(&c, "tdx.descriptor");
    const uint32_t count = troth_cursor_u32le(&c, "tdx.descriptor");

    troth_cursor_expect(&c, version == 1, TROTH_ERR_VERSION, "tdx.version");
    troth_cursor_expect(&c, count && count <= TROTH_OVMF_SECTIONS_MAX, TROTH_ERR_LIMIT,
                        "tdx.count");
    troth_cursor_expect(&c, size == DESCRIPTOR_SIZE + (uint64_t)count * SECTION_SIZE,
                        TROTH_ERR_VALUE, "tdx.size");
    for (uint32_t i = 0; i < count && !c.fault.err; i++)
        read_section(&c, all, firmware->image.len);
    return c.fault;
}

static void add_block(struct blocks *blocks, struct troth_span name, uint64_t address)
{
    uint8_t *block = blocks->bytes[blocks->count++];

    memset(block, 0, BLOCK_SIZE);
    memcpy(block, name.ptr, name.len);
    for (size_t i = 0; i < 8; i++)
        block[BLOCK_ADDRESS + i] = (uint8_t)(address >> 8 * i);
    blocks->spans[blocks->span_count++] = (struct troth_span){block, BLOCK_SIZE};
}

static void add_page(struct blocks *blocks, const struct section *s, uint64_t at)
{
    if (!(s->attributes & ADDED_LATER))
        add_block(blocks, TROTH_LITERAL("MEM.PAGE.ADD"), s->address + at);
}

static void extend_page(struct blocks *blocks, const struct troth_ovmf *firmware,
                        const struct section *s, uint64_t at)
{
    if (!(s->attributes & EXTENDED))
        return;
    for (size_t i = 0; i < CHUNKS; i++, at += CHUNK_SIZE) {
        const uint8_t *chunk = firmware->image.ptr + s->raw_offset + (size_t)at;

        add_block(blocks, TROTH_LITERAL("MR.EXTEND"), s->address + at);
        blocks->spans[blocks->span_count++] = (struct troth_span){chunk, CHUNK_SIZE};
    }
}

static void add_section(struct blocks *blocks, const struct troth_ovmf *firmware,
                        const struct section *s, enum troth_tdx_order order)
{
    const bool at_once = order == TROTH_TDX_SINGLE_PASS;

    /* Without this, a section of pages that come later could be as large as memory. */
    if (s->attributes & ADDED_LATER)
        return;
    for (uint64_t at = 0; at < s->size; at += TROTH_OVMF_PAGE) {
        add_page(blocks, s, at);
        if (at_once)
            extend_page(blocks, firmware, s, at);
    }
    for (uint64_t at = 0; at < s->size && !at_once; at += TROTH_OVMF_PAGE)
        extend_page(blocks, firmware, s, at);
}

static bool take_blocks(struct blocks *blocks, const struct sections *all,
                        struct troth_arena *arena)
{
    const size_t extends = all->extended * CHUNKS;

    blocks->bytes = troth_arena_take_unset(arena, all->pages + extends, BLOCK_SIZE);
    blocks->spans = troth_arena_take_unset(arena, all->pages + 2 * extends,
                                           sizeof(struct troth_span));
    return blocks->bytes && blocks->spans;
}

enum troth_err troth_tdx_mrtd(uint8_t out[static 48], struct troth_fault *fault,
                              const struct troth_crypto *crypto,
                              const struct troth_ovmf *firmware,
                              enum troth_tdx_order order, struct troth_arena *arena)
{
    struct sections all = {.count = 0};
    struct blocks blocks = {0};
    const size_t used = arena->used;

    memset(out, 0, 48);
    if (!firmware->has_tdx)
        return troth_fault_set(fault, TROTH_ERR_MISSING, "tdx.descriptor");
    const struct troth_fault why = read_sections(&all, firmware);

    if (fault)
        *fault = why;
    if (why.err)
        return why.err;
    enum troth_err err = TROTH_ERR_MEMORY;

    if (take_blocks(&blocks, &all, arena)) {
        for (size_t i = 0; i < all.count; i++)
            add_section(&blocks, firmware, &all.rows[i], order);
        err = crypto->ops->digest(crypto->state, out, TROTH_SHA384,
                                  (struct troth_parts){blocks.spans, blocks.span_count});
    }
    arena->used = used;
    if (err)
        memset(out, 0, 48);
    return err ? troth_fault_set(fault, err, "tdx.mr_td") : TROTH_OK;
}
