/* ranges.h - a set of code points, as states that read one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_RANGES_H
#define TROTH_REGEX_RANGES_H

#include "regex/machine.h"

/* Ascending, with a gap between any two. */
struct troth_regex_ranges {
    struct troth_regex_state *items;
    uint32_t count, room;
    struct troth_regex_machine
        *machine; /* its last states are these; NULL: of one's own */
};

/* An empty set at a machine's end, growing with it. */
struct troth_regex_ranges troth_regex_ranges_begin(struct troth_regex_machine *m);

/* First to last; where there is no room for more, the machine's `err` says so. */
void troth_regex_ranges_add(struct troth_regex_ranges *set, uint32_t first,
                            uint32_t last);

/* All that was not in it, from 0 to TROTH_REGEX_CODE_POINT_MAX. */
void troth_regex_ranges_negate(struct troth_regex_ranges *set);

/* The set at a machine's end becomes a fragment that reads one of its code points. */
void troth_regex_ranges_end(struct troth_regex_ranges *set);

#endif
