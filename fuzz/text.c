/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as hex, base64, an instant and UTF-8: what reads, writes back and reads alike.
 */
#include <stdlib.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/instant.h"
#include "base/span.h"
#include "base/utf8.h"

enum { SIZE_MAX_READ = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* The text but for the case of its letters. */
static void read_hex(struct troth_span text)
{
    uint8_t bytes[SIZE_MAX_READ / 2];
    uint8_t back[SIZE_MAX_READ];
    struct troth_writer w = troth_writer_over(back, sizeof back);
    size_t len;

    if (troth_hex_parse(bytes, sizeof bytes, &len, text))
        return;
    troth_write_hex(&w, (struct troth_span){bytes, len});
    require(w.len == text.len);
    for (size_t i = 0; i < text.len; i++)
        require(back[i] == (text.ptr[i] | (text.ptr[i] > '9' ? 0x20 : 0)));
}

/* Canonical: no two texts have the same bytes. */
static void read_base64(struct troth_span text, enum troth_base64_alphabet alphabet)
{
    uint8_t bytes[SIZE_MAX_READ / 4 * 3];
    uint8_t back[SIZE_MAX_READ];
    struct troth_writer w = troth_writer_over(back, sizeof back);
    size_t len;

    if (troth_base64_parse(bytes, sizeof bytes, &len, text, alphabet))
        return;
    troth_base64_write(&w, (struct troth_span){bytes, len}, alphabet);
    require(troth_span_equal(troth_writer_span(&w), text));
}

static void read_instant(struct troth_span text)
{
    uint8_t back[20];
    struct troth_writer w = troth_writer_over(back, sizeof back);
    int64_t instant_s;
    int64_t again_s;

    if (troth_instant_parse_rfc3339(&instant_s, text))
        return;
    troth_write_rfc3339(&w, instant_s);
    require(w.len == sizeof back);
    require(troth_instant_parse_rfc3339(&again_s, troth_writer_span(&w)) == TROTH_OK);
    require(again_s == instant_s);
}

/* The bytes of one character that troth_utf8_is_valid() let pass. */
static size_t decode(uint32_t *out_code_point, const uint8_t *p)
{
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t bits = len == 1 ? p[0] : p[0] & (0x7fU >> len);

    for (size_t i = 1; i < len; i++)
        bits = bits << 6 | (p[i] & 0x3f);
    *out_code_point = bits;
    return len;
}

static void read_utf8(struct troth_span text)
{
    if (!troth_utf8_is_valid(text))
        return;
    for (size_t i = 0; i < text.len;) {
        uint8_t back[4];
        uint32_t code_point;
        size_t len = decode(&code_point, text.ptr + i);

        require(troth_utf8_encode(back, code_point) == len);
        require(troth_span_equal((struct troth_span){back, len},
                                 (struct troth_span){text.ptr + i, len}));
        i += len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_span text = {data, size};

    if (size > SIZE_MAX_READ)
        return 0;
    read_hex(text);
    read_base64(text, TROTH_BASE64);
    read_base64(text, TROTH_BASE64URL);
    read_instant(text);
    read_utf8(text);
    return 0;
}
