/* compile_step.h - the processes of a compile step, from the outside. For compile.c
 * alone.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_COMPILE_STEP_H
#define TROTH_BUILDER_COMPILE_STEP_H

#include "builder/compile_tree.h"
#include "builder/compile_world.h"

/* Of what was said last. */
#define TROTH_COMPILE_TAIL 512
#define TROTH_COMPILE_ENDS 2 /* of a pipe */

/* A step under way. */
struct troth_compile_step {
    const struct troth_compile *compile;
    struct troth_build_problem *problem;
    struct troth_compile_owner owner;
    const char *path;                  /* of the scratch folder */
    int scratch, root, source, output; /* open folders, or -1 */
    int words[TROTH_COMPILE_ENDS], reports[TROTH_COMPILE_ENDS],
        parent[TROTH_COMPILE_ENDS];
    char **environment;
    char tail[TROTH_COMPILE_TAIL]; /* the end of what was said */
    size_t tail_len;
    unsigned char said_last; /* the byte before the next one */
    struct troth_compile_report report;
    bool is_reported;
};

/* Start the world, hear it out, and bury it: `tail` and `report` are filled. */
TROTH_MUST_USE bool troth_compile_step_run(struct troth_compile_step *s, int said);

/* What could not be done, and what may have to be allowed; false. */
bool troth_compile_object(struct troth_compile_step *s, const char *step, int error);

/* Close what is open, once. */
void troth_compile_close(int *end);

#endif
