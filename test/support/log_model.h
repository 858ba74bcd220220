/*
 * log_model.h - a log's tree as RFC 6962 defines it, word for word: recursive, slow, and
 * with OpenSSL's hash; nothing of src/tlog is in it.
 *
 * Leaf number i is the two bytes of i.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_LOG_MODEL_H
#define TROTH_TEST_LOG_MODEL_H

#include <stdbool.h>

#include "troth/log.h"

#define LOG_MODEL_MAX 320

/* MTH of leaves `start` to `end`, not counting that. */
struct troth_log_hash log_model_root(unsigned start, unsigned end);

struct troth_log_hash log_model_leaf(unsigned index);

/* PATH(index, D[0:size]) and, 0 < older < newer, PROOF(older, D[0:newer]). */
struct troth_log_path log_model_inclusion(unsigned index, unsigned size);
struct troth_log_path log_model_consistency(unsigned older, unsigned newer);

/* The same of [MTC]: within a subtree, and of a subtree. */
struct troth_log_path log_model_subtree_inclusion(unsigned index, unsigned start,
                                                  unsigned end);
struct troth_log_path log_model_subtree_consistency(unsigned start, unsigned end,
                                                    unsigned size);

struct troth_log_tree log_model_tree(unsigned size);

bool log_model_same(const struct troth_log_hash *a, const struct troth_log_hash *b);

#endif
