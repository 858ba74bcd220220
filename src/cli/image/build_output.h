/* build_output.h - files of which all are there in the end, or none. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_OUTPUT_H
#define TROTH_CLI_IMAGE_BUILD_OUTPUT_H

#include <stdbool.h>

#include "cli/problem.h"
#include "troth/span.h"

#define TROTH_BUILD_OUTPUT_MAX 4

struct troth_build_output_file {
    int descriptor;
    char written[64]; /* its name meanwhile; "" while it has none */
    char name[256];   /* what it will be called; "" until that is known */
};

/* What is written into one folder; without names as long as the system can do that. */
struct troth_build_output {
    const char *path;
    int folder;
    struct troth_build_output_file files[TROTH_BUILD_OUTPUT_MAX];
    unsigned count;
};

/* Give it to troth_build_output_end() in any case. */
bool troth_build_output_begin(struct troth_build_output *out,
                              struct troth_problem *problem, const char *folder);

/* One file more, empty and open for reading and writing; -1 with a problem. */
int troth_build_output_add(struct troth_build_output *out, struct troth_problem *problem);

/* What the last one added is called, and what it holds unless that was written. */
bool troth_build_output_name(struct troth_build_output *out,
                             struct troth_problem *problem, unsigned file,
                             const char *stem, const char *ending);
bool troth_build_output_write(struct troth_build_output *out,
                              struct troth_problem *problem, unsigned file,
                              struct troth_span bytes);

/* Give all of them their names, in place of what has them. */
bool troth_build_output_commit(struct troth_build_output *out,
                               struct troth_problem *problem);

/* Without commit, nothing of it is left. */
void troth_build_output_end(struct troth_build_output *out);

#endif
