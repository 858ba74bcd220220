/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/escape.h"

void troth_escape_write(struct troth_writer *w, struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool is_plain = c >= 0x20 && c < 0x7f && c != '\\';

        if (w->size - w->len < (is_plain ? 1 : c == '\\' ? 2 : 4))
            return;
        if (!is_plain)
            troth_write_u8(w, '\\');
        if (is_plain || c == '\\') {
            troth_write_u8(w, c);
        } else {
            troth_write_u8(w, 'x');
            troth_write_hex(w, (struct troth_span){&c, 1});
        }
    }
}
