/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duration.h"

#include <stddef.h>

static const struct {
    char letter;
    int64_t seconds;
} units[] = {{'\0', 1}, {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

bool troth_duration_parse(int64_t *out_s, const char *text)
{
    const char *end = text;
    int64_t number = 0;

    *out_s = 0;
    for (; *end >= '0' && *end <= '9'; end++) {
        number = number * 10 + (*end - '0');
        if (number > TROTH_DURATION_MAX_S)
            return false;
    }
    if (end == text || (*end && end[1]))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].letter == *end &&
            number <= TROTH_DURATION_MAX_S / units[i].seconds) {
            *out_s = number * units[i].seconds;
            return true;
        }
    return false;
}
