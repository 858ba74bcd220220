/* run_check.h - is what goes into an image as its run file one that troth-run takes? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_RUN_CHECK_H
#define TROTH_CLI_IMAGE_RUN_CHECK_H

#include "builder/problem.h"

/* For `check_run` of a build's order; needs no state. */
bool troth_image_check_run(void *state, struct troth_build_problem *problem,
                           struct troth_span text);

#endif
