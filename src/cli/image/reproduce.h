/* reproduce.h - a build, held against what runs somewhere: what was asked for, and what
 * came of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_REPRODUCE_H
#define TROTH_CLI_IMAGE_REPRODUCE_H

#include "builder/build.h"
#include "cli/image/image_difference.h"
#include "cli/question.h"
#include "evidence/format.h"

struct troth_reproduce_order {
    struct troth_order common; /* first: its own rows of options fill it */
    const char *evidence, *source;
    const char *store, *runtime, *image; /* NULL: not given */
    bool fetch;
};

/* Inputs of the author's own that are not as they were locked. */
struct troth_reproduce_change {
    enum troth_lock_change change;
    enum troth_input_kind kind;
    char name[256]; /* cut if it is longer */
};
#define TROTH_REPRODUCE_CHANGES 256 /* more are counted only */

enum troth_register_state {
    TROTH_REGISTER_SAME = 0,
    TROTH_REGISTER_DIFFERS,
    TROTH_REGISTER_OPEN /* it cannot be computed from source, and is not compared */
};

struct troth_register {
    const struct troth_measurement *built;
    uint8_t seen[64];
    size_t seen_len; /* 0: the evidence does not say */
    enum troth_register_state state;
};

struct troth_reproduction {
    const struct troth_format *format;             /* of the evidence */
    const struct troth_measurements *measurements; /* of the build, for that family */
    struct troth_register registers[TROTH_MEASUREMENTS_MAX];
    bool is_same;             /* all that could be computed */
    bool is_signed;           /* register 8 of the evidence is of a certificate */
    const char *differing[3]; /* "application ramdisk"; ends with NULL */
    struct troth_reproduce_change changes[TROTH_REPRODUCE_CHANGES];
    size_t change_count;
    const struct troth_result *result;
    const struct troth_image_difference *image; /* NULL: none was given */
    enum troth_answer answer;                   /* accepted, and the same */
};

/* What the evidence says, held against what was built; fills all from `registers` to
 * `differing`. `claims` are those of the evidence. */
void troth_reproduction_compare(struct troth_reproduction *out,
                                const struct troth_claims *claims);

/* Is it known already that there can be no answer? False, with a problem: no nonce was
 * asked for, or the code was waved through. */
bool troth_reproduce_check(const struct troth_reproduce_order *order,
                           struct troth_problem *problem,
                           const struct troth_format *format);

/* Every register that was computed becomes an expectation; with a policy, none: that
 * names the code itself. False, with a problem: what could not be computed is not waved
 * through either. */
bool troth_reproduce_expect(struct troth_reproduce_order *order,
                            struct troth_problem *problem,
                            const struct troth_format *format,
                            const struct troth_measurements *measurements);

/* "changed", "missing", "added". */
const char *troth_reproduce_change_name(enum troth_lock_change change);

void troth_reproduce_page_print(const struct troth_reproduction *reproduction);
/* docs/reproduce.schema.json */
bool troth_reproduce_json_print(struct troth_reproduce_order *order,
                                struct troth_problem *problem,
                                const struct troth_reproduction *reproduction);

#endif
