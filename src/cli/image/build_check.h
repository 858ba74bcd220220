/* build_check.h - is a build reproducible? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_CHECK_H
#define TROTH_CLI_IMAGE_BUILD_CHECK_H

#include "cli/image/build_order.h"
#include "cli/progress.h"
#include "troth/crypto.h"

/*
 * troth_build_check - build twice, each time from a copy of its own, and compare.
 *
 * Effects  two child processes of this program, one after the other; returns the exit
 *          status; a problem where it is TROTH_STATUS_UNDETERMINED
 */
int troth_build_check(struct troth_problem *problem, const struct troth_crypto *crypto,
                      const struct troth_image_build_order *order,
                      struct troth_progress *progress);

#endif
