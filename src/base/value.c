/* SPDX-License-Identifier: Apache-2.0 */
#include "base/value.h"

#include "base/span.h"

struct troth_value troth_value_none(void)
{
    return (struct troth_value){.type = TROTH_VALUE_NONE};
}

struct troth_value troth_value_bool(bool value)
{
    return (struct troth_value){.type = TROTH_VALUE_BOOL, .boolean = value};
}

struct troth_value troth_value_uint(uint64_t value)
{
    return (struct troth_value){.type = TROTH_VALUE_UINT, .number = value};
}

struct troth_value troth_value_instant(int64_t instant_s)
{
    return (struct troth_value){.type = TROTH_VALUE_INSTANT, .instant_s = instant_s};
}

struct troth_value troth_value_text(const char *text)
{
    return text ? troth_value_text_span(troth_span_of_text(text)) : troth_value_none();
}

struct troth_value troth_value_text_span(struct troth_span text)
{
    return (struct troth_value){.type = TROTH_VALUE_TEXT, .bytes = text};
}

struct troth_value troth_value_bytes(struct troth_span bytes)
{
    return (struct troth_value){.type = TROTH_VALUE_BYTES, .bytes = bytes};
}
