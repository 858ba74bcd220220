/*
 * compile.h - a command that makes binaries from source, in a world that never varies.
 *
 * Namespaces of its own: no network, no way to the machine's host, no keys, no other
 * processes, a root file system of the named packages, one user, a fixed host name, path,
 * locale, umask, time zone and number of cores. What it can read of the machine beyond
 * that are the kernel's version, the processor, the clock, random numbers and, in the
 * list of its mounts, where its folders lie; SOURCE_DATE_EPOCH is set for those who obey
 * it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_COMPILE_H
#define TROTH_BUILDER_COMPILE_H

#include <stdbool.h>

#include "builder/build_file.h"
#include "builder/file_tree.h"

struct troth_compile {
    const struct troth_file_tree *root; /* finished; what stands at / */
    const struct troth_file_tree
        *source; /* finished; at /source, read-only; NULL: none */
    struct troth_build_words command, environment;
    uint32_t cores;
    int64_t time_s;
};

/*
 * troth_compile - run it; what it left in /output goes into `tree`.
 *
 *   scratch   where the step's files are while it runs; the caller removes it, after the
 *             tree (troth_scratch_remove)
 *   said      a file for what the command prints, less what a terminal would obey
 *
 * Errors   false: the command's status or signal with the last line it printed, a kernel
 *          without what is needed, more cores than there are
 * Effects  forks; everything started is gone when it returns
 */
TROTH_MUST_USE bool troth_compile(struct troth_file_tree *tree,
                                  struct troth_build_problem *problem,
                                  const struct troth_compile *compile,
                                  const char *scratch, int said, size_t row);

/* A new folder below $TMPDIR or /tmp, which goes with this process, however that ends;
 * and away with all in it, whatever its modes. */
TROTH_MUST_USE bool troth_scratch_create(char *out, size_t size,
                                         struct troth_build_problem *problem);
void troth_scratch_remove(const char *path);

#endif
