/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include "base/memory.h"

unsigned troth_hex_digit(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';

    unsigned letter = (character | 0x20U) - 'a';

    return letter < 6 ? letter + 10 : 16;
}

static enum troth_err parse(uint8_t *out, size_t out_size, struct troth_span text)
{
    if (text.len % 2)
        return TROTH_ERR_VALUE;
    if (text.len / 2 > out_size)
        return TROTH_ERR_LIMIT;

    unsigned seen = 0;

    for (size_t i = 0; i < text.len; i += 2) {
        unsigned high = troth_hex_digit(text.ptr[i]);
        unsigned low = troth_hex_digit(text.ptr[i + 1]);

        seen |= high | low;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return seen < 16 ? TROTH_OK : TROTH_ERR_VALUE;
}

enum troth_err troth_hex_parse(uint8_t *out, size_t out_size, size_t *out_len,
                               struct troth_span text)
{
    enum troth_err err = parse(out, out_size, text);

    if (err && out_size)
        memset(out, 0, out_size);
    *out_len = err ? 0 : text.len / 2;
    return err;
}
