/* cut.h - take a text apart at a character, in place. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_CUT_H
#define TROTH_TEST_VECTORS_CUT_H

#include <string.h>

/* The text up to `end`, which becomes a zero; `*rest` is what follows, NULL at the end.
 */
static inline char *cut_at(char **rest, char end)
{
    char *start = *rest;
    char *found = start ? strchr(start, end) : NULL;

    *rest = found ? found + 1 : NULL;
    if (found)
        *found = '\0';
    return start;
}

#endif
