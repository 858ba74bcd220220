/*
 * log_take.h - what most options do: a text, a flag or a number is kept for later.
 *
 * Each line makes the function that a row of a verb's options names: take_NAME().
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_TAKE_H
#define TROTH_CLI_LOG_TAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/number.h"
#include "base/span.h"
#include "cli/problem.h"

/* clang-format off */

/* `value` goes into member `member` of the verb's own struct. */
#define TROTH_TAKE_TEXT(name, type, member)                                              \
    static bool take_##name(void *order, struct troth_problem *problem, const char *value) \
    {                                                                                    \
        (void)problem;                                                                   \
        ((type *)order)->member = value;                                                 \
        return true;                                                                     \
    }

/* It was given. */
#define TROTH_TAKE_FLAG(name, type, member)                                              \
    static bool take_##name(void *order, struct troth_problem *problem, const char *value) \
    {                                                                                    \
        (void)problem;                                                                   \
        (void)value;                                                                     \
        ((type *)order)->member = true;                                                  \
        return true;                                                                     \
    }

/* A number in decimal, and in has_MEMBER that it was given. */
#define TROTH_TAKE_NUMBER(name, option, type, member)                                    \
    static bool take_##name(void *order, struct troth_problem *problem, const char *value) \
    {                                                                                    \
        type *o = order;                                                                 \
                                                                                         \
        o->has_##member =                                                                \
            troth_uint_parse(&o->member, troth_span_of_text(value), 10) == TROTH_OK;     \
        return o->has_##member ||                                                        \
               troth_problem_usage(problem, "--" option ": '%s' is no number", value);   \
    }
/* clang-format on */

#endif
