/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/header.h"

#include <string.h>
#include <strings.h>

#include "base/instant.h"
#include "base/span.h"

static void begin(struct troth_writer *w, const char *name)
{
    troth_write_text(w, name);
    troth_write_text(w, ": ");
}

static void end(struct troth_writer *w)
{
    troth_write_text(w, "\r\n");
}

void troth_header_write(struct troth_writer *w, const char *name, const char *value)
{
    for (const char *c = value; *c; c++)
        w->full = w->full || *c < 0x20 || *c > 0x7e;
    begin(w, name);
    troth_write_text(w, value);
    end(w);
}

void troth_header_write_uint(struct troth_writer *w, const char *name, uint64_t value)
{
    begin(w, name);
    troth_write_decimal(w, value);
    end(w);
}

void troth_header_write_hex(struct troth_writer *w, const char *name,
                            struct troth_span bytes)
{
    begin(w, name);
    troth_write_hex(w, bytes);
    end(w);
}

void troth_header_write_instant(struct troth_writer *w, const char *name,
                                int64_t instant_s)
{
    begin(w, name);
    troth_write_rfc3339(w, instant_s);
    end(w);
}

/* One line without its end, taken off the front. */
static struct troth_span take_line(struct troth_span *rest)
{
    const uint8_t *end_of_line = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    size_t len = end_of_line ? (size_t)(end_of_line - rest->ptr) : rest->len;
    struct troth_span line = troth_span_slice(*rest, 0, len);

    *rest = troth_span_slice(*rest, len + (end_of_line != NULL), rest->len);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool is_chain(struct troth_span line)
{
    static const char ending[] = "-Issuer-Chain:";
    const uint8_t *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;
    size_t len = colon ? (size_t)(colon - line.ptr) + 1 : 0;
    const size_t ending_len = sizeof ending - 1;

    return len > ending_len && strncasecmp((const char *)line.ptr + len - ending_len,
                                           ending, ending_len) == 0;
}

static bool is_plain(struct troth_span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] < 0x20 || line.ptr[i] > 0x7e)
            return false;
    return true;
}

void troth_header_copy_chains(struct troth_writer *w, struct troth_span headers)
{
    while (headers.len > 0) {
        struct troth_span line = take_line(&headers);

        if (!is_chain(line) || !is_plain(line))
            continue;
        troth_write_bytes(w, line);
        end(w);
    }
}

bool troth_header_split(struct troth_span *out_headers, struct troth_span *out_body,
                        struct troth_span file)
{
    struct troth_span rest = file;

    *out_headers = (struct troth_span){NULL, 0};
    *out_body = (struct troth_span){NULL, 0};
    if (!troth_span_starts_with(file, TROTH_LITERAL("HTTP/1.1 200")))
        return false;
    while (rest.len > 0) {
        size_t before = file.len - rest.len;

        if (take_line(&rest).len > 0)
            continue;
        *out_headers = troth_span_slice(file, 0, before);
        *out_body = rest;
        return true;
    }
    return false;
}

const char *troth_header_find(const struct troth_headers *headers, const char *name)
{
    size_t len = strlen(name);

    for (size_t at = 0; at < headers->len; at += strlen(headers->texts + at) + 1) {
        const char *line = headers->texts + at;

        if (strncmp(line, name, len) == 0 && line[len] == ':' && line[len + 1] == ' ')
            return line + len + 2;
    }
    return NULL;
}

bool troth_header_uint(uint64_t *out, const struct troth_headers *headers,
                       const char *name)
{
    const char *text = troth_header_find(headers, name);
    uint64_t value = 0;

    *out = 0;
    if (!text || !*text)
        return false;
    for (; *text; text++) {
        uint64_t digit = (uint64_t)(*text - '0');

        if (*text < '0' || *text > '9' || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool troth_header_instant(int64_t *out_s, const struct troth_headers *headers,
                          const char *name)
{
    const char *text = troth_header_find(headers, name);

    *out_s = 0;
    if (!text)
        return false;
    if (strcmp(text, "never") == 0) {
        *out_s = TROTH_INSTANT_NEVER;
        return true;
    }
    return troth_instant_parse_rfc3339(out_s, troth_span_of_text(text)) == TROTH_OK;
}
