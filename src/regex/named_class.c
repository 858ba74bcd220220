/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/named_class.h"

#include "base/span.h"
#include "regex/fold.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A class of ASCII, folded or not, and all but it, has no more ranges than these. */
enum { RANGES_MAX = 8 };

struct troth_regex_named_class {
    const char *name;
    char letter;        /* 0: none */
    const char *ranges; /* first and last of each */
};

/* [RE2] "ASCII character classes" and "Perl character classes" */
/* clang-format off */
static const struct troth_regex_named_class classes[] = {
    {"alnum",  0,  "09AZaz"},
    {"alpha",  0,  "AZaz"},
    {"ascii",  0,  "\001\177"},
    {"blank",  0,  "\t\t  "},
    {"cntrl",  0,  "\001\037\177\177"},
    {"digit", 'd', "09"},
    {"graph",  0,  "!~"},
    {"lower",  0,  "az"},
    {"print",  0,  " ~"},
    {"punct",  0,  "!/:@[`{~"},
    {"space",  0,  "\t\r  "},
    {"upper",  0,  "AZ"},
    {"word",  'w', "09AZ__az"},
    {"xdigit", 0,  "09AFaf"},
    {"",      's', "\t\n\f\r  "}, /* not \v */
};
/* clang-format on */

const struct troth_regex_named_class *troth_regex_class_of_letter(uint8_t letter)
{
    for (size_t i = 0; i < COUNT(classes); i++)
        if (letter && classes[i].letter == (char)letter)
            return &classes[i];
    return NULL;
}

const struct troth_regex_named_class *troth_regex_class_of_name(struct troth_span name)
{
    for (size_t i = 0; i < COUNT(classes); i++)
        if (name.len && troth_span_is_text(name, classes[i].name))
            return &classes[i];
    return NULL;
}

/* Code point 1 stands for 0 as well, with which a text would end. */
static uint32_t first_of(const char *range)
{
    return range[0] == '\001' ? 0 : (uint8_t)range[0];
}

void troth_regex_class_add(struct troth_regex_ranges *set,
                           const struct troth_regex_named_class *named, bool is_negated,
                           bool folds)
{
    struct troth_regex_state items[RANGES_MAX];
    struct troth_regex_ranges own = {.items = items, .room = RANGES_MAX};

    for (const char *range = named->ranges; *range; range += 2) {
        if (folds)
            troth_regex_fold_add(&own, first_of(range), (uint8_t)range[1]);
        else
            troth_regex_ranges_add(&own, first_of(range), (uint8_t)range[1]);
    }
    if (is_negated)
        troth_regex_ranges_negate(&own);
    for (uint32_t i = 0; i < own.count; i++)
        troth_regex_ranges_add(set, own.items[i].first, own.items[i].last);
}
