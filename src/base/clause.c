/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clause.h"

#include <stdbool.h>

#include "base/span.h"

#define CUT "..."

struct room {
    char *text;
    size_t size, len;
    size_t cut; /* where the dots go if the rest does not fit: between two characters */
    bool is_full;
};

static void add(struct room *room, uint8_t byte)
{
    const bool starts_character = (byte & 0xc0) != 0x80;

    if (starts_character && room->len + sizeof CUT <= room->size)
        room->cut = room->len;
    if (room->len + 1 >= room->size)
        room->is_full = true;
    else
        room->text[room->len++] = (char)byte;
}

static void add_word(struct room *room, struct troth_span word)
{
    for (size_t i = 0; i < word.len && !room->is_full; i++)
        add(room, word.ptr[i] < ' ' || word.ptr[i] == 0x7f ? ' ' : word.ptr[i]);
}

void troth_clause_write(char *out, size_t size, const char *pattern,
                        const struct troth_span *words)
{
    struct room room = {out, size, 0, 0, false};
    size_t word = 0;

    for (; *pattern && !room.is_full; pattern++) {
        if (*pattern == '%' && word < TROTH_CLAUSE_WORDS)
            add_word(&room, words[word++]);
        else
            add(&room, (uint8_t)*pattern);
    }
    if (room.is_full) {
        room.len = room.cut;
        for (const char *dot = CUT; *dot; dot++)
            out[room.len++] = *dot;
    }
    out[room.len] = '\0';
}
