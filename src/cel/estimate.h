/*
 * estimate.h - the steps that one node may take, by what is known of its values' sizes.
 *
 * Steps are counted as the evaluator and the functions charge them: one an instruction,
 * one an element or 16 bytes that are looked at. UINT64_MAX is more than can be counted.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_ESTIMATE_H
#define TROTH_CEL_ESTIMATE_H

#include "cel/node.h"

struct troth_cel_estimate {
    const struct troth_cel_node *nodes; /* checked */
    uint64_t size; /* elements of a collection, bytes of a text, at most */
};

static inline uint64_t troth_cel_steps_sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static inline uint64_t troth_cel_steps_times(uint64_t a, uint64_t b)
{
    return a && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

/* How many elements a list or map has: a literal as many as there are. */
uint64_t troth_cel_estimate_count(const struct troth_cel_estimate *e, uint32_t node);

/* A CALL, a SELECT and a MAP, without what their children cost. */
uint64_t troth_cel_estimate_call(const struct troth_cel_estimate *e,
                                 const struct troth_cel_node *call);
uint64_t troth_cel_estimate_select(const struct troth_cel_estimate *e,
                                   const struct troth_cel_node *select);
uint64_t troth_cel_estimate_map(const struct troth_cel_estimate *e,
                                const struct troth_cel_node *map);

#endif
