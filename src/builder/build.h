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
    /* Judges what goes in as the run file, which this room knows nothing of; false with a
     * problem. May be NULL. */
    bool (*check_run)(void *state, struct troth_build_problem *problem,
                      struct troth_span text);
    void *state;
    int said; /* where the compile step's command prints; -1: nowhere */
};

struct troth_build_result {
    struct troth_image_written image;
    struct troth_measurements nitro, snp, tdx; /* count 0: not asked for */
    struct troth_inputs_list inputs;           /* sorted */
    const struct troth_build_file *file;       /* what was asked for; the result's own */
    uint8_t *text, *arena;                     /* of the file */
};

/*
 * troth_build - build into an open, empty file.
 *
 *   out      give it to troth_build_result_release(), also after a failure
 *
 * Shape    what a folder brings is read once: digested while it is written into the
 * image, then compared with the lock. What else lies beside the build file is digested
 *          first and read again; that nothing changed in between is what the system says
 *          of each file and folder (identity, size, times), which is asked at the end
 * Errors   false; nothing is left behind but packages in the store. The lock file is
 *          written last, so that a build that failed leaves the one that was there
 */
TROTH_MUST_USE bool troth_build(struct troth_build_result *out,
                                struct troth_build_problem *problem,
                                const struct troth_crypto *crypto,
                                const struct troth_build_order *order, int file);
void troth_build_result_release(struct troth_build_result *result);

#endif
