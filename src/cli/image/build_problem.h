/* build_problem.h - what stopped the builder, as the program tells it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_PROBLEM_H
#define TROTH_CLI_IMAGE_BUILD_PROBLEM_H

#include "builder/problem.h"
#include "cli/problem.h"

/* "build.yaml:3:5: TEXT", "hello.eif: TEXT". Always false, so that a caller can return
 * it. */
bool troth_problem_of_build(struct troth_problem *out,
                            const struct troth_build_problem *problem);

#endif
