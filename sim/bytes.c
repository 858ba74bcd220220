/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sim_bytes_free(struct sim_bytes *bytes)
{
    free(bytes->ptr);
    *bytes = (struct sim_bytes){0};
}

/* `count` more bytes at the end, not yet written. */
static uint8_t *grow(struct sim_bytes *bytes, size_t count)
{
    uint8_t *grown = realloc(bytes->ptr, bytes->len + count + 1);

    if (!grown)
        sim_die("out of memory");
    bytes->ptr = grown;
    bytes->len += count;
    return bytes->ptr + bytes->len - count;
}

void sim_bytes_append(struct sim_bytes *bytes, struct troth_span more)
{
    uint8_t *end = grow(bytes, more.len);

    if (more.len)
        memcpy(end, more.ptr, more.len);
}

void sim_bytes_append_byte(struct sim_bytes *bytes, uint8_t byte)
{
    *grow(bytes, 1) = byte;
}

void sim_bytes_append_zeros(struct sim_bytes *bytes, size_t count)
{
    memset(grow(bytes, count), 0, count);
}

void sim_bytes_take(struct sim_bytes *bytes, struct sim_bytes more)
{
    sim_bytes_append(bytes, sim_bytes_span(more));
    sim_bytes_free(&more);
}

struct troth_span sim_bytes_span(struct sim_bytes bytes)
{
    return (struct troth_span){bytes.ptr, bytes.len};
}

struct troth_span sim_text(const char *text)
{
    return (struct troth_span){(const uint8_t *)text, strlen(text)};
}

void sim_edit_apply(struct sim_edit edit, struct sim_bytes *bytes)
{
    if (edit.apply)
        edit.apply(bytes, edit.context);
}

void sim_flip_last_bit(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    if (bytes->len)
        bytes->ptr[bytes->len - 1] ^= 1;
}

void sim_die(const char *why)
{
    (void)fprintf(stderr, "troth-sim: error: %s\n", why);
    abort();
}
