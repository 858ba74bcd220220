/*
 * compile_world.h - the world that a command is compiled in, from the inside. For
 * compile.c alone: every function here runs in a process of its own namespaces.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_COMPILE_WORLD_H
#define TROTH_BUILDER_COMPILE_WORLD_H

#include <stdbool.h>

#include "builder/compile.h"

#define TROTH_COMPILE_USER 1000

/* What the processes of the world say to the one that waits outside: one write each. */
struct troth_compile_report {
    char step[64]; /* what failed; "" if the command ran */
    int error;     /* an errno of it */
    int status;    /* of the command, as waitpid() has it */
};

struct troth_compile_world {
    const char *path; /* of the folder that holds root, source and output */
    int scratch;      /* the same, opened in the machine's world */
    int said;         /* where the command's words go */
    int report;
    int parent;           /* a pipe that is there as long as who waits outside */
    char *const *command; /* ends with NULL */
    char **environment;   /* the same */
    uint32_t cores;
};

/* Root file system, devices, host name, user: false with the step that failed. Parts this
 * process's mounts from the machine's before it changes any. */
TROTH_MUST_USE bool troth_compile_world_mount(const struct troth_compile_world *world,
                                              struct troth_compile_report *report);

/* Be the first process of the world: make it, run the command, report, and end with all
 * that is left in it. */
_Noreturn void troth_compile_world_run(const struct troth_compile_world *world);

/* How many of the machine's processors this process may use. */
unsigned troth_compile_cores(void);

#endif
