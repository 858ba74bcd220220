/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/names.h"

#include "base/number.h"
#include "base/span.h"

enum { LABEL_MAX = 63, PORT_DIGITS = 5, PORT_MAX = 65535 };

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_each(struct troth_span text, bool (*is)(uint8_t c))
{
    for (size_t i = 0; i < text.len; i++)
        if (!is(text.ptr[i]))
            return false;
    return true;
}

/* '_' is no host's, but names of services and buckets have it. */
static bool is_label(struct troth_span label)
{
    if (label.len == 0 || label.len > LABEL_MAX || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        const uint8_t c = label.ptr[i];

        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return true;
}

/* What inet_aton() and browsers take for a part of an address: 10, 012, 0x7f, 0x. A name
 * whose last label is one is an address to them; no top-level domain is. */
static bool is_number(struct troth_span label)
{
    if (label.len >= 2 && label.ptr[0] == '0' && (label.ptr[1] | 0x20) == 'x')
        return is_each(troth_span_slice(label, 2, label.len), is_hex);
    return is_each(label, is_digit);
}

static bool holds(struct troth_span text, uint8_t wanted)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == wanted)
            return true;
    return false;
}

static struct troth_span without_dot(struct troth_span text)
{
    if (text.len > 0 && text.ptr[text.len - 1] == '.')
        text.len--;
    return text;
}

enum troth_name_kind troth_host_name_parse(struct troth_host_name *out,
                                           struct troth_span text)
{
    struct troth_span rest = without_dot(text), label = {NULL, 0};
    const struct troth_span name = rest;

    *out = (struct troth_host_name){.len = 0};
    if (holds(name, ':') || holds(name, '['))
        return TROTH_NAME_ADDRESS;
    if (name.len == 0 || name.len > TROTH_HOST_NAME_MAX || name.ptr[name.len - 1] == '.')
        return TROTH_NAME_NONE;
    while (rest.len > 0) {
        label = troth_span_next_item(&rest, '.');
        if (!is_label(label))
            return TROTH_NAME_NONE;
    }
    if (is_number(label))
        return TROTH_NAME_ADDRESS;
    for (size_t i = 0; i < name.len; i++)
        out->text[i] = (char)(is_letter(name.ptr[i]) ? name.ptr[i] | 0x20 : name.ptr[i]);
    out->len = name.len;
    return TROTH_NAME_HOST;
}

static bool parse_port(uint16_t *out, struct troth_span digits)
{
    uint64_t port;

    if (digits.len == 0 || digits.len > PORT_DIGITS || digits.ptr[0] == '0' ||
        troth_uint_parse(&port, digits, 10) || port > PORT_MAX)
        return false;
    *out = (uint16_t)port;
    return true;
}

/* Where the last colon is; the text's length if there is none. */
static size_t find_colon(struct troth_span text)
{
    for (size_t at = text.len; at > 0; at--)
        if (text.ptr[at - 1] == ':')
            return at - 1;
    return text.len;
}

enum troth_name_kind troth_authority_parse(struct troth_host_name *out,
                                           uint16_t *out_port, struct troth_span text)
{
    const size_t colon = find_colon(text);
    uint16_t port = 0;
    const enum troth_name_kind kind = troth_host_name_parse(
        out, troth_span_slice(text, 0, colon));

    *out_port = 0;
    if (kind != TROTH_NAME_HOST)
        return kind;
    if (!parse_port(&port, troth_span_slice(text, colon + 1, text.len))) {
        *out = (struct troth_host_name){.len = 0};
        return TROTH_NAME_NONE;
    }
    *out_port = port;
    return TROTH_NAME_HOST;
}

static struct troth_span span_of(const struct troth_host_name *name)
{
    return (struct troth_span){(const uint8_t *)name->text, name->len};
}

bool troth_host_name_is(const struct troth_host_name *name, struct troth_span text)
{
    return name->len > 0 && troth_span_equal_ignoring_case(span_of(name), text);
}

/* ---- rows ---- */

static bool is_same_row(const struct troth_allow_row *a, const struct troth_allow_row *b)
{
    return a->port == b->port && a->is_wildcard == b->is_wildcard &&
           troth_span_equal(span_of(&a->name), span_of(&b->name));
}

static struct troth_span without_suffix(struct troth_span text, struct troth_span suffix,
                                        bool *out_had)
{
    const size_t len = text.len - suffix.len;

    *out_had = text.len >= suffix.len &&
               troth_span_equal(troth_span_slice(text, len, text.len), suffix);
    return *out_had ? troth_span_slice(text, 0, len) : text;
}

static enum troth_err parse_row(struct troth_allow_row *out, const char *text,
                                bool is_plain)
{
    struct troth_allow_row row = {.is_plain = is_plain};
    struct troth_span rest = without_suffix(troth_span_of_text(text),
                                            TROTH_LITERAL("/private"), &row.is_private);

    row.is_wildcard = troth_span_starts_with(rest, TROTH_LITERAL("*."));
    if (row.is_wildcard)
        rest = troth_span_slice(rest, 2, rest.len);
    switch (troth_authority_parse(&row.name, &row.port, rest)) {
    case TROTH_NAME_NONE:
        return TROTH_ERR_VALUE;
    case TROTH_NAME_ADDRESS:
        return TROTH_ERR_KIND;
    case TROTH_NAME_HOST:
        *out = row;
        return TROTH_OK;
    }
    return TROTH_ERR_VALUE;
}

enum troth_err troth_allow_add(struct troth_allow *allow, const char *text, bool is_plain)
{
    struct troth_allow_row row;
    const enum troth_err err = parse_row(&row, text, is_plain);

    if (err)
        return err;
    for (size_t i = 0; i < allow->count; i++)
        if (is_same_row(&allow->rows[i], &row))
            return TROTH_ERR_DUPLICATE;
    if (allow->count == TROTH_ALLOW_ROWS_MAX)
        return TROTH_ERR_LIMIT;
    allow->rows[allow->count++] = row;
    return TROTH_OK;
}

static bool is_below(struct troth_span name, struct troth_span parent)
{
    const size_t dot = name.len - parent.len - 1;

    return name.len > parent.len + 1 && name.ptr[dot] == '.' &&
           troth_span_equal(troth_span_slice(name, dot + 1, name.len), parent);
}

static bool is_for(const struct troth_allow_row *row, const struct troth_host_name *name,
                   uint16_t port)
{
    if (row->port != port)
        return false;
    return row->is_wildcard ? is_below(span_of(name), span_of(&row->name))
                            : troth_span_equal(span_of(name), span_of(&row->name));
}

const struct troth_allow_row *troth_allow_find(const struct troth_allow *allow,
                                               const struct troth_host_name *name,
                                               uint16_t port)
{
    const struct troth_allow_row *best = NULL;

    /* Of two that fit, the longer name is the nearer one; the name itself is longest. */
    for (size_t i = 0; i < allow->count; i++)
        if (is_for(&allow->rows[i], name, port) &&
            (!best || allow->rows[i].name.len > best->name.len))
            best = &allow->rows[i];
    return best;
}
