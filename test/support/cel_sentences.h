/*
 * cel_sentences.h - expressions by chance: each has the type that was asked for, over the
 * variables named here and all libraries.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SUPPORT_CEL_SENTENCES_H
#define TROTH_TEST_SUPPORT_CEL_SENTENCES_H

#include "test/harness.h"
#include "troth/cel.h"

enum { CEL_SENTENCE_VARIABLES = 15, CEL_SENTENCE_MAX = 2048 };

extern const struct troth_cel_variable cel_sentence_variables[CEL_SENTENCE_VARIABLES];

/* One expression, of about `parts` parts; its text lives until the next one. */
const char *cel_sentence(struct test_random *random, unsigned parts);

/* A value for each of the variables, now and then none. */
void cel_sentence_values(struct troth_cel_value out[static CEL_SENTENCE_VARIABLES],
                         struct test_random *random);

#endif
