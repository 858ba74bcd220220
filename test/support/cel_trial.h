/*
 * cel_trial.h - compile an expression over a few variables and evaluate it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SUPPORT_CEL_TRIAL_H
#define TROTH_TEST_SUPPORT_CEL_TRIAL_H

#include "troth/cel.h"

/*
 * The variables: i int = 5; n int, which has no value; u int, unknown; s string = "text";
 * d dyn = 7u; xs list(int) of numbers from 0; us list(int), unknown; m map(string, int)
 * = {"a": 1}; p.q bool = true; p.u int, unknown; p.n int, which has none; b bytes =
 * b"\x01". The host's functions: host.twice(int); host.fail(int); host.spend(int), so
 * many steps; getHours(timestamp, string), 42.
 */
struct cel_trial {
    struct troth_arena arena;
    struct troth_cel_env env;
    struct troth_cel_program program;
    struct troth_cel_issue issue;
    struct troth_cel_list xs;
    struct troth_cel_value values[12];
    uint64_t steps;                /* of the budget */
    struct troth_cel_value *trace; /* or NULL */
};

/* With room for all there is, all libraries and the host's, and plenty of steps. */
void cel_trial_begin(struct cel_trial *trial, bool is_unchecked);

/* xs gets `length` numbers from 0. */
void cel_trial_fill(struct cel_trial *trial, size_t length);

enum troth_err cel_trial_compile(struct cel_trial *trial, const char *text);
enum troth_err cel_trial_run(struct cel_trial *trial, struct troth_cel_value *out);

/* The fewest steps that are enough for what is compiled. */
uint64_t cel_trial_least_steps(struct cel_trial *trial);

/* Compiled and evaluated, both of which must succeed; its memory stays taken. */
struct troth_cel_value cel_trial_value(struct cel_trial *trial, const char *text);

#endif
