/* build_child.h - this program once more, in a world that is as different as can be. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_CHILD_H
#define TROTH_CLI_IMAGE_BUILD_CHILD_H

#include <stdbool.h>
#include <stdint.h>

enum { TROTH_BUILD_CHILD_NOT_RUN = 125 };

struct troth_build_world {
    const char *home; /* a folder: HOME, TMPDIR below it, and where it is started */
    bool other;       /* the second: another umask, language, time zone, … */
    uint32_t user;    /* if this process may choose */
    unsigned cores;   /* 0: all there are */
};

/*
 * troth_build_child_run - run it and wait for its end.
 *
 *   words    its command line, ending with NULL
 *
 * Shape    standard output is discarded, standard error is this process's
 * Errors   an errno, or 0 and how it ended: its status, or 128 and the signal, or
 *          TROTH_BUILD_CHILD_NOT_RUN: not as that user, in that folder
 */
int troth_build_child_run(int *out_status, const struct troth_build_world *world,
                          const char *const *words);

#endif
