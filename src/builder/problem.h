/* problem.h - why an image cannot be built: one clause for people, and what would help.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PROBLEM_H
#define TROTH_BUILDER_PROBLEM_H

#include <stdbool.h>

#include "codec/tree.h"

struct troth_build_problem {
    char subject[512]; /* the input or file it is about: "src/hello.c"; may be "" */
    char text[256];    /* "is not what was locked" */
    char hint[256];    /* may be "" */
    struct troth_place place; /* in the build file; line 0 where it is about no place */
};

/* Always false, so that a caller can return it. The last problem wins; NULL is fine. */
bool troth_build_fail(struct troth_build_problem *problem, const char *subject,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same about a path that is a span. */
bool troth_build_fail_at(struct troth_build_problem *problem, struct troth_span path,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with ": " and what errno `error` means behind it. */
bool troth_build_fail_errno(struct troth_build_problem *problem, const char *subject,
                            const char *what, int error);
void troth_build_hint(struct troth_build_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
