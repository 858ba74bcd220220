/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_json.h"

#include <stdlib.h>

#include "cli/json_page.h"

#define FIRST_ROOM ((size_t)256 * 1024)
/* Names are bounded where they are collected: no report comes near. */
#define MOST_ROOM  ((size_t)256 * 1024 * 1024)

bool troth_image_json_print(struct troth_problem *problem, troth_image_json_body *body,
                            const void *state)
{
    for (size_t room = FIRST_ROOM; room <= MOST_ROOM; room *= 4) {
        uint8_t *text = malloc(room);
        struct troth_writer bytes = troth_writer_over(text, text ? room : 0);
        struct troth_json_writer w = troth_json_writer_over(&bytes, true);

        if (!text)
            break;
        body(&w, state);
        if (!bytes.full)
            troth_json_page_print(stdout, troth_writer_span(&bytes));
        free(text);
        if (!bytes.full)
            return true;
    }
    return troth_problem_memory(problem);
}

void troth_image_json_text(struct troth_json_writer *w, const char *key, const char *text)
{
    troth_json_write_key(w, key);
    if (text)
        troth_json_write_text(w, text);
    else
        troth_json_write_null(w);
}

void troth_image_json_span(struct troth_json_writer *w, const char *key,
                           struct troth_span text)
{
    troth_json_write_key(w, key);
    troth_json_write_string(w, text);
}

void troth_image_json_number(struct troth_json_writer *w, const char *key,
                             uint64_t number)
{
    troth_json_write_key(w, key);
    troth_json_write_uint(w, number);
}

void troth_image_json_bool(struct troth_json_writer *w, const char *key, bool value)
{
    troth_json_write_key(w, key);
    troth_json_write_bool(w, value);
}

void troth_image_json_hex(struct troth_json_writer *w, const char *key,
                          struct troth_span bytes)
{
    troth_json_write_key(w, key);
    if (bytes.len > 0)
        troth_json_write_hex(w, bytes);
    else
        troth_json_write_null(w);
}
