/* build_told.h - what came of building twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_TOLD_H
#define TROTH_CLI_IMAGE_BUILD_TOLD_H

#include <stdbool.h>

#include "builder/problem.h"
#include "troth/crypto.h"

/*
 * troth_build_tell - compare what was written into two folders, and say it on standard
 * output.
 *
 * Errors   returns the exit status; TROTH_STATUS_UNDETERMINED with a problem
 */
int troth_build_tell(struct troth_build_problem *problem,
                     const struct troth_crypto *crypto, const char *name, const char *a,
                     const char *b, bool json);

#endif
