/* child.h - a program of this machine that is asked something. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_CHILD_H
#define TROTH_BUILDER_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "troth/error.h"

/* Far more than the list of all packages there are. */
#define TROTH_CHILD_OUTPUT_MAX ((size_t)16 * 1024 * 1024)

/* Zeroed, it holds nothing and may be released. */
struct troth_child_output {
    char *text; /* of its standard output; ends with a zero byte */
    size_t len;
    int status;           /* as waitpid() has it */
    char complaint[1024]; /* the end of its standard error; ends with a zero byte */
};

/*
 * troth_child_ask - run a program to its end, without a shell.
 *
 *   words    its whole path and its arguments; NULL behind the last
 *   folder   where it is started; NULL: here
 *
 * Shape    its environment is a path, a locale, and what was said here of proxies,
 *          temporary files and APT_CONFIG; standard input is empty
 * Errors   returns 0 or an errno; EFBIG: it says too much
 * Effects  it dies with this thread
 */
TROTH_MUST_USE int troth_child_ask(struct troth_child_output *out,
                                   const char *const *words, const char *folder);
void troth_child_output_release(struct troth_child_output *output);

#endif
