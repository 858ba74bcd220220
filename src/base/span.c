/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include "base/memory.h"

bool troth_span_is_text(struct troth_span span, const char *text)
{
    size_t i = 0;

    while (i < span.len && text[i] && text[i] == (char)span.ptr[i])
        i++;
    return i == span.len && !text[i];
}

bool troth_span_same_bytes(struct troth_span a, struct troth_span b)
{
    /* An empty span's pointer may be NULL, which memcmp() must not be given. */
    return a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool troth_span_equal_ignoring_case(struct troth_span a, struct troth_span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int troth_span_compare(struct troth_span a, struct troth_span b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool troth_span_is_zero(struct troth_span span)
{
    uint8_t any = 0;

    for (size_t i = 0; i < span.len; i++)
        any |= span.ptr[i];
    return any == 0;
}

bool troth_span_starts_with(struct troth_span span, struct troth_span prefix)
{
    if (prefix.len > span.len)
        return false;
    return troth_span_equal((struct troth_span){span.ptr, prefix.len}, prefix);
}

struct troth_span troth_span_of_text(const char *text)
{
    size_t len = 0;

    /* Bounded, because compilers make a call of strlen() out of the plain loop, and that
     * is not one of the four functions the core may call. */
    while (len < SIZE_MAX && text[len])
        len++;
    return (struct troth_span){(const uint8_t *)text, len};
}

struct troth_span troth_span_slice(struct troth_span span, size_t start, size_t end)
{
    if (start >= end || end > span.len)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){span.ptr + start, end - start};
}

struct troth_span troth_span_next_item(struct troth_span *list, uint8_t separator)
{
    struct troth_span item = {list->ptr, 0};

    while (item.len < list->len && list->ptr[item.len] != separator)
        item.len++;
    *list = troth_span_slice(*list, item.len + 1, list->len);
    return item;
}
