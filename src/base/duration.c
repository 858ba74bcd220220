/* SPDX-License-Identifier: Apache-2.0 */
#include "base/duration.h"

static const struct {
    uint8_t letter;
    int64_t seconds;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

/* What the letter counts; 0 for a letter that counts nothing. */
static int64_t unit(uint8_t letter)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].letter == letter)
            return units[i].seconds;
    return 0;
}

bool troth_duration_parse(int64_t *out_s, struct troth_span text)
{
    int64_t number = 0, seconds = 1;
    size_t digits = 0;

    *out_s = 0;
    for (; digits < text.len; digits++) {
        const uint8_t c = text.ptr[digits];

        if (c < '0' || c > '9')
            break;
        number = number * 10 + (c - '0');
        if (number > TROTH_DURATION_MAX_S)
            return false;
    }
    if (digits == 0 || text.len > digits + 1)
        return false;
    if (text.len > digits)
        seconds = unit(text.ptr[digits]);
    if (seconds == 0 || number > TROTH_DURATION_MAX_S / seconds)
        return false;
    *out_s = number * seconds;
    return true;
}
