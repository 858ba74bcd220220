/* build_source.h - a build file as it lies on disk, for those who copy it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_SOURCE_H
#define TROTH_CLI_IMAGE_BUILD_SOURCE_H

#include "builder/build_file.h"
#include "builder/lock.h"
#include "cli/image/build_order.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_build_source {
    char folder[8192];         /* whole path of the build file's */
    char name[256], lock[256]; /* in it: "build.yaml", "build.lock" */
    struct troth_build_file file;
    struct troth_inputs_list locked;
    unsigned levels_up; /* how far out of the folder its paths lead */
    uint8_t *text, *arena;
};

bool troth_build_source_read(struct troth_build_source *out,
                             struct troth_build_problem *problem, const char *path);
void troth_build_source_release(struct troth_build_source *source);

/* Put what is locked into a store that everybody may read; with the order's --fetch, what
 * its own lacks is fetched. */
bool troth_build_source_share_packages(struct troth_build_problem *problem,
                                       const struct troth_build_source *source,
                                       const struct troth_image_build_order *order,
                                       const char *store);

/* The programs that go into every image, in such a folder. */
bool troth_build_source_share_runtime(struct troth_build_problem *problem,
                                      const struct troth_image_build_order *order,
                                      const char *folder);

#endif
