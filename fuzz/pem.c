/* SPDX-License-Identifier: Apache-2.0 */
/* Any text through the PEM reader: what is read, written and read again is the same. */
#include "codec/pem.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/span.h"
#include "base/writer.h"

enum { SIZE_MAX_READ = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void write_block(struct troth_writer *w, const struct troth_pem_block *block)
{
    troth_write_text(w, "-----BEGIN ");
    troth_write_bytes(w, block->label);
    troth_write_text(w, "-----\n");
    troth_base64_write(w, block->bytes, TROTH_BASE64);
    troth_write_text(w, "\n-----END ");
    troth_write_bytes(w, block->label);
    troth_write_text(w, "-----\n");
}

static void read_again(const struct troth_pem_block *block)
{
    static uint8_t written[SIZE_MAX_READ + 256];
    static uint8_t memory[SIZE_MAX_READ + 64];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_writer w = troth_writer_over(written, sizeof written);
    struct troth_pem_block again;

    write_block(&w, block);

    struct troth_span text = troth_writer_span(&w);

    require(!w.full && troth_pem_recognise(text));
    require(troth_pem_next(&again, &text, &arena) == TROTH_OK && text.len == 0);
    require(troth_span_equal(again.label, block->label));
    require(troth_span_equal(again.bytes, block->bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2 * SIZE_MAX_READ];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_span text = {data, size};
    struct troth_pem_block block;
    enum troth_err err;

    if (size > SIZE_MAX_READ)
        return 0;
    require(troth_pem_recognise(text) ==
            (troth_pem_next(&block, &text, &arena) != TROTH_ERR_MISSING));
    text = (struct troth_span){data, size};
    arena.used = 0;
    while (!(err = troth_pem_next(&block, &text, &arena)))
        read_again(&block);
    require(block.label.ptr == NULL && block.bytes.ptr == NULL);
    require(err != TROTH_ERR_MEMORY);
    return 0;
}
