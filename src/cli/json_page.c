/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_page.h"

#include <stdbool.h>

#include "base/span.h"
#include "base/utf8.h"

/* The character at the start of `text`, and how many bytes it takes. */
static unsigned long take_character(struct troth_span *text)
{
    size_t len = text->ptr[0] >= 0xf0 ? 4 : text->ptr[0] >= 0xe0 ? 3 : 2;
    unsigned long character = text->ptr[0] & (0x7fU >> len);
    bool valid = len <= text->len && troth_utf8_is_valid(troth_span_slice(*text, 0, len));

    if (!valid) {
        *text = troth_span_slice(*text, 1, text->len);
        return 0xfffd;
    }
    for (size_t i = 1; i < len; i++)
        character = character << 6 | (text->ptr[i] & 0x3fU);
    *text = troth_span_slice(*text, len, text->len);
    return character;
}

static void print_character(FILE *to, unsigned long character)
{
    if (character < 0x10000) {
        (void)fprintf(to, "\\u%04lx", character);
        return;
    }
    character -= 0x10000;
    (void)fprintf(to, "\\u%04lx\\u%04lx", 0xd800 | character >> 10,
                  0xdc00 | (character & 0x3ff));
}

void troth_json_page_print(FILE *to, struct troth_span json)
{
    while (json.len) {
        size_t plain = 0;

        while (plain < json.len && json.ptr[plain] < 0x7f)
            plain++;
        (void)fwrite(json.ptr, 1, plain, to);
        json = troth_span_slice(json, plain, json.len);
        if (json.len && json.ptr[0] == 0x7f) {
            print_character(to, 0x7f);
            json = troth_span_slice(json, 1, json.len);
        } else if (json.len) {
            print_character(to, take_character(&json));
        }
    }
    (void)fputc('\n', to);
}
