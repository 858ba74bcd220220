/* build_order.h - what a command line of `troth build` asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_ORDER_H
#define TROTH_CLI_IMAGE_BUILD_ORDER_H

#include "cli/options.h"

/* Texts borrow from the command line; NULL: not given. */
struct troth_image_build_order {
    const char *path; /* the build file, or its folder */
    const char *output, *store, *runtime;
    bool lock, fetch, check, json;
};

/* False with a problem; `out_help`: that was asked for, and nothing else counts. */
bool troth_image_build_order_parse(struct troth_image_build_order *out,
                                   struct troth_problem *problem, bool *out_help,
                                   const char *const *words);

#endif
