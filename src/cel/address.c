/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/address.h"

#include "base/hex.h"
#include "base/memory.h"
#include "base/span.h"

enum { BITS_V4 = 32, BITS_V6 = 128, GROUPS = 8 };

/* A decimal number up to `max` without zeros before it, at `*at`, which goes past it. */
static bool parse_number(unsigned *out, struct troth_span text, size_t *at, unsigned max)
{
    const size_t first = *at;

    *out = 0;
    for (; *at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9'; ++*at) {
        *out = *out * 10 + (text.ptr[*at] - (unsigned)'0');
        if (*out > max)
            return false;
    }
    return *at > first && (*at == first + 1 || text.ptr[first] != '0');
}

static bool parse_v4(uint8_t out[static 4], struct troth_span text)
{
    size_t at = 0;

    for (size_t i = 0; i < 4; i++) {
        unsigned number;

        if (i > 0 && (at == text.len || text.ptr[at++] != '.'))
            return false;
        if (!parse_number(&number, text, &at, 255))
            return false;
        out[i] = (uint8_t)number;
    }
    return at == text.len;
}

/* The bytes of a version 6 address so far. */
struct groups {
    uint8_t bytes[16];
    size_t len;
    size_t gap; /* where "::" stands; SIZE_MAX: nowhere */
    bool has_dots;
};

/* One to four digits; how many. */
static size_t parse_group(struct groups *groups, struct troth_span text)
{
    unsigned value = 0;
    size_t len = 0;

    if (groups->len > sizeof groups->bytes - 2)
        return 0;
    for (; len < text.len && troth_hex_digit(text.ptr[len]) < 16; len++) {
        if (len == 4)
            return 0;
        value = value << 4 | troth_hex_digit(text.ptr[len]);
    }
    groups->bytes[groups->len++] = (uint8_t)(value >> 8);
    groups->bytes[groups->len++] = (uint8_t)value;
    return len;
}

/* The last group may be a version 4 address; then the text ends there. */
static bool parse_dots(struct groups *groups, struct troth_span text)
{
    if (groups->len > sizeof groups->bytes - 4)
        return false;
    groups->has_dots = true;
    groups->len += 4;
    return parse_v4(groups->bytes + groups->len - 4, text);
}

static bool has_dot_in_group(struct troth_span text)
{
    size_t i = 0;

    while (i < text.len && troth_hex_digit(text.ptr[i]) < 16)
        i++;
    return i < text.len && text.ptr[i] == '.';
}

/* Go past "::", if it is there; false for a second one. */
static bool parse_gap(struct groups *groups, struct troth_span *text)
{
    if (text->len < 2 || text->ptr[0] != ':' || text->ptr[1] != ':')
        return true;
    if (groups->gap != SIZE_MAX)
        return false;
    groups->gap = groups->len;
    *text = troth_span_slice(*text, 2, text->len);
    return true;
}

/* Groups, and colons between any two of them. */
static bool parse_groups(struct groups *groups, struct troth_span text)
{
    if (!parse_gap(groups, &text))
        return false;
    while (text.len) {
        if (has_dot_in_group(text))
            return parse_dots(groups, text);

        const size_t len = parse_group(groups, text);
        const size_t before = text.len - len;

        if (len == 0)
            return false;
        text = troth_span_slice(text, len, text.len);
        if (!parse_gap(groups, &text))
            return false;
        if (text.len == before && text.len) {
            /* No gap: one colon, and something after it. */
            if (text.ptr[0] != ':' || text.len == 1)
                return false;
            text = troth_span_slice(text, 1, text.len);
        }
    }
    return true;
}

/* Move what follows the gap to the end; a gap stands for one group at least. */
static bool fill_gap(struct groups *groups)
{
    const size_t size = sizeof groups->bytes;

    if (groups->gap == SIZE_MAX)
        return groups->len == size;
    if (groups->len > size - 2)
        return false;

    const size_t tail = groups->len - groups->gap;

    memmove(groups->bytes + size - tail, groups->bytes + groups->gap, tail);
    memset(groups->bytes + groups->gap, 0, size - groups->len);
    return true;
}

static bool is_v4_in_v6(const struct troth_cel_address *address)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

    return address->is_v6 &&
           troth_span_equal((struct troth_span){address->bytes, sizeof prefix},
                            (struct troth_span)TROTH_ARRAY_SPAN(prefix));
}

/* Either version, as it is written. */
static enum troth_err parse(struct troth_cel_address *out, struct troth_span text)
{
    struct troth_cel_address address = {.prefix_len = BITS_V4};
    struct groups groups = {.gap = SIZE_MAX};

    if (parse_v4(address.bytes, text)) {
        *out = address;
        return TROTH_OK;
    }
    if (!parse_groups(&groups, text) || !fill_gap(&groups))
        return TROTH_ERR_VALUE;
    address = (struct troth_cel_address){.is_v6 = true, .prefix_len = BITS_V6};
    memcpy(address.bytes, groups.bytes, sizeof address.bytes);
    if (groups.has_dots && is_v4_in_v6(&address))
        return TROTH_ERR_VALUE;
    *out = address;
    return TROTH_OK;
}

enum troth_err troth_cel_address_parse(struct troth_cel_address *out,
                                       struct troth_span text)
{
    const enum troth_err err = parse(out, text);

    if (err || !is_v4_in_v6(out)) {
        if (err)
            *out = (struct troth_cel_address){0};
        return err;
    }

    struct troth_cel_address v4 = {.prefix_len = BITS_V4};

    memcpy(v4.bytes, out->bytes + 12, 4);
    *out = v4;
    return TROTH_OK;
}

enum troth_err troth_cel_network_parse(struct troth_cel_address *out,
                                       struct troth_span text)
{
    struct troth_cel_address network = {0};
    unsigned prefix_len = 0;
    size_t slash = 0;

    *out = network;
    while (slash < text.len && text.ptr[slash] != '/')
        slash++;

    size_t at = slash + 1;

    if (parse(&network, troth_span_slice(text, 0, slash)) || is_v4_in_v6(&network) ||
        !parse_number(&prefix_len, text, &at, network.prefix_len) || at != text.len)
        return TROTH_ERR_VALUE;
    network.prefix_len = (uint8_t)prefix_len;
    *out = network;
    return TROTH_OK;
}

/* One of the eight groups of a version 6 address. */
static unsigned group(const struct troth_cel_address *address, size_t i)
{
    return (unsigned)address->bytes[2 * i] << 8 | address->bytes[2 * i + 1];
}

/* The first of the longest runs of zero groups; its length is zero unless it is two. */
static size_t longest_zeros(const struct troth_cel_address *address, size_t *out_len)
{
    size_t best = 0;

    *out_len = 0;
    for (size_t i = 0; i < GROUPS; i++) {
        size_t len = 0;

        while (i + len < GROUPS && group(address, i + len) == 0)
            len++;
        if (len > *out_len && len > 1) {
            best = i;
            *out_len = len;
        }
    }
    return best;
}

static void write_group(struct troth_writer *w, unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    unsigned shift = 12;

    while (shift && !(value >> shift))
        shift -= 4;
    troth_write_u8(w, (uint8_t)digits[value >> shift & 15]);
    while (shift) {
        shift -= 4;
        troth_write_u8(w, (uint8_t)digits[value >> shift & 15]);
    }
}

static void write_v6(struct troth_writer *w, const struct troth_cel_address *address)
{
    size_t zeros;
    const size_t gap = longest_zeros(address, &zeros);

    for (size_t i = 0; i < GROUPS;) {
        if (zeros && i == gap) {
            troth_write_text(w, "::");
            i += zeros;
            continue;
        }
        if (i > 0 && !(zeros && i == gap + zeros))
            troth_write_u8(w, ':');
        write_group(w, group(address, i++));
    }
}

void troth_cel_write_address(struct troth_writer *w,
                             const struct troth_cel_address *address)
{
    if (address->is_v6) {
        write_v6(w, address);
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        if (i > 0)
            troth_write_u8(w, '.');
        troth_write_decimal(w, address->bytes[i]);
    }
}

void troth_cel_write_network(struct troth_writer *w,
                             const struct troth_cel_address *network)
{
    troth_cel_write_address(w, network);
    troth_write_u8(w, '/');
    troth_write_decimal(w, network->prefix_len);
}

void troth_cel_address_mask(struct troth_cel_address *address)
{
    for (unsigned i = 0; i < sizeof address->bytes; i++) {
        const unsigned before = 8 * i;

        if (before >= address->prefix_len)
            address->bytes[i] = 0;
        else if (address->prefix_len - before < 8)
            address->bytes[i] &= (uint8_t)(0xff00U >> (address->prefix_len - before));
    }
}

bool troth_cel_address_is_in(const struct troth_cel_address *inner,
                             const struct troth_cel_address *network)
{
    struct troth_cel_address a = *inner;
    struct troth_cel_address b = *network;

    if (a.is_v6 != b.is_v6 || a.prefix_len < b.prefix_len)
        return false;
    a.prefix_len = b.prefix_len;
    troth_cel_address_mask(&a);
    troth_cel_address_mask(&b);
    return troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a.bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(b.bytes));
}
