/*
 * machine.h - a growing run of states at the end of an arena.
 *
 * What a part of a pattern becomes is a fragment: a run of states that is entered at its
 * first and left to the place behind its last. So two parts are joined by standing one
 * behind the other, and a fragment can be moved and copied with its links.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_MACHINE_H
#define TROTH_REGEX_MACHINE_H

#include "regex/state.h"
#include "troth/arena.h"
#include "troth/error.h"

#define TROTH_REGEX_UNBOUNDED UINT32_MAX

struct troth_regex_machine {
    struct troth_arena *arena; /* nothing else is taken from it while this grows */
    struct troth_regex_state *states;
    uint32_t count;
    enum troth_err
        err; /* LIMIT or MEMORY once something did not fit; nothing does then */
};

/* Room for `count` states more, not set; NULL, and `err` says why. */
struct troth_regex_state *troth_regex_extend(struct troth_regex_machine *m,
                                             uint32_t count);

/* One state more, which goes on to the place behind it. */
void troth_regex_append(struct troth_regex_machine *m, enum troth_regex_op op);

/* Give back all from `count` on. */
void troth_regex_cut(struct troth_regex_machine *m, uint32_t count);

/* A split before the fragment from `at` on, which it goes on to; and to `other`. */
void troth_regex_insert_split(struct troth_regex_machine *m, uint32_t at, uint32_t other);

/* The fragment from `at` on becomes as many of it as `min` to `max`. */
void troth_regex_repeat(struct troth_regex_machine *m, uint32_t at, uint32_t min,
                        uint32_t max);

/* Links to jumps become links to where those go. */
void troth_regex_thread_jumps(struct troth_regex_machine *m);

#endif
