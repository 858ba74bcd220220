/* beside.h - programs that lie in the same folder as this one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_BESIDE_H
#define TROTH_OS_BESIDE_H

#include "troth/error.h"

#define TROTH_BESIDE_MAX 4096

/*
 * troth_beside_find - the whole path of the program of this name, which need not exist.
 *
 * Nothing is looked for in PATH: what runs beside this program came with it.
 *
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_beside_find(char out[static TROTH_BESIDE_MAX], const char *name);

/* Become that program, with this environment. Returns an errno, or not at all. */
int troth_beside_become(const char *path, const char *const *words);

#endif
