/*
 * input_store.h - inputs that came from elsewhere, kept by their digests: a folder of
 * files "sha256/HEX". Every one is checked whenever it is taken out.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_INPUT_STORE_H
#define TROTH_BUILDER_INPUT_STORE_H

#include <stdbool.h>

#include "builder/problem.h"

/*
 * troth_input_store_open - open for reading the file of this digest.
 *
 *   folder   of the store; need not exist
 *   name     how problems call it
 *
 * Errors   false: it is not there (hint: troth build --fetch), or is not what its name
 * says
 * Effects  what somebody else could still change is copied first
 */
TROTH_MUST_USE bool troth_input_store_open(int *out, struct troth_build_problem *problem,
                                           const char *folder, const char *name,
                                           const uint8_t sha256[static 32]);
/* Is it there, and whole? */
bool troth_input_store_has(const char *folder, const uint8_t sha256[static 32]);

/* Put a copy of an open file in; says its digest and size. */
TROTH_MUST_USE bool troth_input_store_put(struct troth_build_problem *problem,
                                          const char *folder, const char *name, int file,
                                          uint8_t out_sha256[static 32],
                                          uint64_t *out_size);

/* ${XDG_CACHE_HOME:-~/.cache}/troth/inputs; false: there is no home. */
TROTH_MUST_USE bool troth_input_store_default(char *out, size_t size);

#endif
