/*
 * build.h - from a build file to an image: the order of things.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_H
#define TROTH_BUILDER_BUILD_H

#include <stdbool.h>

#include "builder/build_file.h"
#include "builder/image_file.h"
#include "builder/lock.h"

enum troth_build_lock {
    TROTH_BUILD_AS_LOCKED = 0,
    TROTH_BUILD_LOCK_ANEW,     /* resolve, fetch, write the lock file */
    TROTH_BUILD_OWN_MAY_DIFFER /* inputs that are not foreign may have changed: reported
                                */
};

struct troth_build_order {
    const char *path;            /* the build file, or the folder of a build.yaml */
    const char *store, *runtime; /* folders; NULL: the usual ones */
    enum troth_build_lock lock;
    bool fetch;
    troth_lock_difference *changed; /* called for each input that differs; may be NULL */
    void (*step)(void *state, const char *text); /* "compiling", "writing"; may be NULL */
    troth_image_progress *progress;              /* may be NULL */
    void *state;
};

struct troth_build_result {
    struct troth_image_written image;
    struct troth_measurements nitro, snp, tdx; /* count 0: not asked for */
    struct troth_inputs_list inputs;
    char name[128];
};

/*
 * troth_build - build into an open, empty file.
 *
 *   out      give it to troth_build_result_release(), also after a failure
 *
 * Errors   false; nothing is left behind but what --fetch put into the store
 */
TROTH_MUST_USE bool troth_build(struct troth_build_result *out,
                                struct troth_build_problem *problem,
                                const struct troth_crypto *crypto,
                                const struct troth_build_order *order, int file);
void troth_build_result_release(struct troth_build_result *result);

#endif
