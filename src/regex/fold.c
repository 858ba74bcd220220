/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/fold.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* [UNICODE] CaseFolding.txt, statuses C and S: capitals from first to last, and how far
 * their small letters are. */
static const struct {
    uint32_t first, last, distance;
} shifted[] = {
    {0x41, 0x5a, 32},
    {0xc0, 0xd6, 32}, /* Latin-1 */
    {0xd8, 0xde, 32},
    {0x178, 0x178, (uint32_t)(0xff - 0x178)},
    {0xdf, 0xdf, 0x1e9e - 0xdf}, /* sharp s, here from the small to the capital letter */
    {0x370, 0x370, 1},           /* Greek */
    {0x37b, 0x37d, 130},
    {0x37f, 0x37f, 116},
    {0x386, 0x386, 38},
    {0x388, 0x38a, 37},
    {0x38c, 0x38c, 64},
    {0x38e, 0x38f, 63},
    {0x391, 0x3a1, 32},
    {0x3a3, 0x3ab, 32},
    {0x3cf, 0x3cf, 8},
    {0x3f2, 0x3f2, 7},
    {0x400, 0x40f, 80}, /* Cyrillic */
    {0x410, 0x42f, 32},
    {0x4c0, 0x4c0, 15},
    {0x531, 0x556, 48}, /* Armenian */
};

/* Capitals at first, first + 2, … with their small letters behind each, to last. */
static const struct {
    uint32_t first, last;
} paired[] = {
    {0x100, 0x12f}, {0x132, 0x137}, {0x139, 0x148}, {0x14a, 0x177}, /* Latin Extended-A */
    {0x179, 0x17e}, {0x370, 0x373}, {0x376, 0x377}, {0x3d8, 0x3ef}, /* Greek */
    {0x3f7, 0x3f8}, {0x3fa, 0x3fb}, {0x460, 0x481}, {0x48a, 0x4bf}, /* Cyrillic */
    {0x4c1, 0x4ce}, {0x4d0, 0x52f},
};

/* Letters of which there are more than two. */
static const uint32_t families[][4] = {
    {'K', 'k', 0x212a, 0x212a},    /* Kelvin */
    {'S', 's', 0x17f, 0x17f},      /* long s */
    {0xb5, 0x39c, 0x3bc, 0x3bc},   /* micro */
    {0xc5, 0xe5, 0x212b, 0x212b},  /* Angstrom */
    {0x345, 0x399, 0x3b9, 0x1fbe}, /* iota */
    {0x392, 0x3b2, 0x3d0, 0x3d0},   {0x395, 0x3b5, 0x3f5, 0x3f5},
    {0x398, 0x3b8, 0x3d1, 0x3f4},   {0x39a, 0x3ba, 0x3f0, 0x3f0},
    {0x3a0, 0x3c0, 0x3d6, 0x3d6},   {0x3a1, 0x3c1, 0x3f1, 0x3f1},
    {0x3a3, 0x3c2, 0x3c3, 0x3c3},   {0x3a6, 0x3c6, 0x3d5, 0x3d5},
    {0x3a9, 0x3c9, 0x2126, 0x2126}, /* Ohm */
    {0x412, 0x432, 0x1c80, 0x1c80}, {0x414, 0x434, 0x1c81, 0x1c81},
    {0x41e, 0x43e, 0x1c82, 0x1c82}, {0x421, 0x441, 0x1c83, 0x1c83},
    {0x422, 0x442, 0x1c84, 0x1c85}, {0x42a, 0x44a, 0x1c86, 0x1c86},
    {0x462, 0x463, 0x1c87, 0x1c87},
};

static uint32_t lower_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t higher_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* What first to last has in common with `from` to `to`, so far on. */
static void add_common(struct troth_regex_ranges *set, uint32_t first, uint32_t last,
                       uint32_t from, uint32_t to, uint32_t distance)
{
    const uint32_t low = higher_of(first, from);
    const uint32_t high = lower_of(last, to);

    if (low <= high)
        troth_regex_ranges_add(set, low + distance, high + distance);
}

static void add_pairs(struct troth_regex_ranges *set, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < COUNT(paired); i++) {
        const uint32_t from = paired[i].first;
        const uint32_t low = higher_of(first, from);
        const uint32_t high = lower_of(last, paired[i].last);

        if (low <= high)
            troth_regex_ranges_add(set, low - (low - from) % 2,
                                   high + (high - from + 1) % 2);
    }
}

static void add_family(struct troth_regex_ranges *set, uint32_t first, uint32_t last,
                       const uint32_t family[static 4])
{
    bool meets = false;

    for (size_t i = 0; i < 4; i++)
        meets |= family[i] >= first && family[i] <= last;
    for (size_t i = 0; meets && i < 4; i++)
        troth_regex_ranges_add(set, family[i], family[i]);
}

void troth_regex_fold_add(struct troth_regex_ranges *set, uint32_t first, uint32_t last)
{
    troth_regex_ranges_add(set, first, last);
    for (size_t i = 0; i < COUNT(shifted); i++) {
        const uint32_t from = shifted[i].first;
        const uint32_t to = shifted[i].last;
        const uint32_t distance = shifted[i].distance;

        add_common(set, first, last, from, to, distance);
        add_common(set, first, last, from + distance, to + distance, 0 - distance);
    }
    add_pairs(set, first, last);
    for (size_t i = 0; i < COUNT(families); i++)
        add_family(set, first, last, families[i]);
}
