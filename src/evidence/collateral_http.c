/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/hex.h"
#include "base/span.h"
#include "evidence/unpacking.h"

#define FIELD "collateral.http"

/* Answers that stand before the last one: of a proxy, a redirection, "continue". */
#define ANSWERS_MAX 8

/* The headers that Intel's services and caches put certificates into. */
static const char *const chains[] = {
    "TCB-Info-Issuer-Chain",
    "SGX-TCB-Info-Issuer-Chain",
    "SGX-Enclave-Identity-Issuer-Chain",
    "SGX-PCK-CRL-Issuer-Chain",
    "SGX-PCK-Certificate-Issuer-Chain",
};

static bool is_chain(struct troth_span name)
{
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++)
        if (troth_span_equal_ignoring_case(name, troth_span_of_text(chains[i])))
            return true;
    return false;
}

/* Cut the first line off, its end not included; false where none ends. */
static bool take_line(struct troth_span *line, struct troth_span *rest)
{
    size_t len = 0;

    while (len < rest->len && rest->ptr[len] != '\n')
        len++;
    if (len == rest->len)
        return false;
    *line = troth_span_slice(*rest, 0, len);
    *rest = troth_span_slice(*rest, len + 1, rest->len);
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* Percent-encoding undone; a plus sign stands for itself, as base64 has it. */
static enum troth_err add_chain(struct troth_unpacking *u, struct troth_span value)
{
    uint8_t *room = troth_arena_take(u->arena, value.len);
    size_t len = 0;

    if (!room)
        return troth_unpack_fail(u, TROTH_ERR_MEMORY, FIELD);
    for (size_t i = 0; i < value.len; i++) {
        unsigned high, low;

        if (value.ptr[i] != '%') {
            room[len++] = value.ptr[i];
            continue;
        }
        high = i + 2 < value.len ? troth_hex_digit(value.ptr[i + 1]) : 16;
        low = i + 2 < value.len ? troth_hex_digit(value.ptr[i + 2]) : 16;
        if (high > 15 || low > 15)
            return troth_unpack_fail(u, TROTH_ERR_VALUE, FIELD ".issuer_chain");
        room[len++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return troth_unpack_chain(u, (struct troth_span){room, len});
}

static enum troth_err read_header(struct troth_unpacking *u, struct troth_span line)
{
    size_t colon = 0;

    while (colon < line.len && line.ptr[colon] != ':')
        colon++;
    if (colon == line.len)
        return troth_unpack_fail(u, TROTH_ERR_VALUE, FIELD ".header");
    if (!is_chain(troth_span_slice(line, 0, colon)))
        return TROTH_OK;
    return add_chain(u, troth_unpack_trim(troth_span_slice(line, colon + 1, line.len)));
}

/* "HTTP/1.1 200 OK" or "HTTP/2 200" */
static bool is_success(struct troth_span line)
{
    size_t space = 0;

    while (space < line.len && line.ptr[space] != ' ')
        space++;
    struct troth_span code = troth_span_slice(line, space + 1, line.len);

    return troth_span_starts_with(code, TROTH_LITERAL("200")) &&
           (code.len == 3 || code.ptr[3] == ' ');
}

bool troth_unpack_is_http(struct troth_span file)
{
    return troth_span_starts_with(file, TROTH_LITERAL("HTTP/"));
}

/* Over the headers of an answer that another stands behind. */
static bool skip_answer(struct troth_span *file)
{
    struct troth_span rest = *file, line;

    while (take_line(&line, &rest))
        if (line.len == 0)
            break;
    if (!troth_unpack_is_http(rest))
        return false;
    *file = rest;
    return true;
}

enum troth_err troth_unpack_headers(struct troth_span *out_body,
                                    struct troth_unpacking *u, struct troth_span file)
{
    struct troth_span line;
    enum troth_err err = TROTH_OK;
    unsigned skipped = 0;

    *out_body = (struct troth_span){NULL, 0};
    while (skip_answer(&file))
        if (++skipped == ANSWERS_MAX)
            return troth_unpack_fail(u, TROTH_ERR_LIMIT, FIELD);
    if (!take_line(&line, &file))
        return troth_unpack_fail(u, TROTH_ERR_SHORT, FIELD);
    if (!is_success(line))
        return troth_unpack_fail(u, TROTH_ERR_VALUE, FIELD ".status");
    while (!err) {
        if (!take_line(&line, &file))
            return troth_unpack_fail(u, TROTH_ERR_SHORT, FIELD);
        if (line.len == 0)
            break;
        err = read_header(u, line);
    }
    *out_body = file;
    return err;
}
