/* building.h - one image while it is being built. For build*.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILDING_H
#define TROTH_BUILDER_BUILDING_H

#include <stdbool.h>
#include <sys/stat.h>

#include "builder/build.h"
#include "builder/sources.h"
#include "os/file.h"

#define TROTH_BUILDING_PATH 4096

/* What is given back at the end; later ones may rest on earlier ones. */
struct troth_building_held {
    int descriptor; /* -1: a tree */
    struct troth_file_tree *tree;
};

/* A file or folder as it was before its bytes were digested. */
struct troth_building_watch {
    char *name;     /* below the build file's folder, or how problems call it */
    int descriptor; /* of a file elsewhere; -1: it is found by its name */
    struct stat facts;
};

/* What the build file names beside itself: a finished tree of all that is in a folder,
 * or of the one file. */
struct troth_building_own {
    const char *path;
    struct troth_file_tree *tree;
    int descriptor;
    bool is_folder;
};

/* The digest of an input whose bytes went into the image. */
struct troth_building_passed {
    size_t input; /* which of the result's */
    uint8_t sha256[32];
};

struct troth_building {
    const struct troth_build_order *order;
    const struct troth_crypto *crypto;
    struct troth_build_problem *problem;
    struct troth_build_result *out;
    const struct troth_build_file *file;
    int folder;     /* of the build file; held */
    char name[256]; /* of the build file there */
    char lock_path[TROTH_BUILDING_PATH], lock_name[256];
    char store[TROTH_BUILDING_PATH], runtime[TROTH_BUILDING_PATH];
    struct troth_inputs_list locked; /* sorted */
    struct troth_building_held *held;
    size_t held_count;
    struct troth_building_watch *watches;
    size_t watch_count;
    struct troth_building_own *own;
    size_t own_count;
    struct troth_building_passed *passed;
    size_t passed_count, passed_room;
    bool compares_later; /* the author's own, when all of them are read */
    struct troth_spool *spool;
    struct troth_file_tree *rows[TROTH_BUILD_ROWS_MAX]; /* of rootfs */
    struct troth_file_tree *base, *application;
    int kernel; /* a copy in memory that is nobody else's; held */
    char kernel_version[128];
    struct troth_file run; /* the run file; its own memory */
    struct troth_file snp_firmware, tdx_firmware;
    char scratch[TROTH_BUILDING_PATH]; /* of the compile step; "" */
};

/* ---- what is held (building.c) ---- */

void troth_building_release(struct troth_building *b);

/* Zeroed memory for `count` more rows behind `*rows`; false with a problem. */
TROTH_MUST_USE bool troth_building_grow(struct troth_building *b, void **rows,
                                        size_t *count, size_t size);
TROTH_MUST_USE bool troth_building_tree(struct troth_building *b,
                                        struct troth_file_tree **out);
/* Closed with everything else, also if this fails. */
TROTH_MUST_USE bool troth_building_hold(struct troth_building *b, int descriptor);

/* What the user wrote as a path: below the build file's folder and never by a link,
 * or anywhere. Held. */
TROTH_MUST_USE bool troth_building_open_own(struct troth_building *b, int *out,
                                            const char *path);
TROTH_MUST_USE bool troth_building_open_any(struct troth_building *b, int *out,
                                            const char *path);

TROTH_MUST_USE bool troth_building_digest(struct troth_building *b,
                                          uint8_t out[static 32],
                                          const struct troth_tree_entry *entry);
/* A copy of an entry's bytes in an unnamed file. Held; its digest and size on the way. */
TROTH_MUST_USE bool troth_building_copy(struct troth_building *b, int *out,
                                        struct troth_input *input,
                                        const struct troth_tree_entry *entry);

void troth_building_step(struct troth_building *b, const char *text);
bool troth_building_fail_memory(struct troth_building *b);

/* ---- every input, listed and digested (build_inputs.c) ---- */

TROTH_MUST_USE bool troth_building_list_own(struct troth_building *b);
/* The own one of this path, which was listed. */
const struct troth_building_own *troth_building_find_own(const struct troth_building *b,
                                                         const char *path);
/* An open file as a tree of one entry, so that one way of reading serves all. */
TROTH_MUST_USE bool troth_building_file_tree(struct troth_building *b,
                                             struct troth_file_tree **out,
                                             const char *name, int file);
/* An open file elsewhere must not change, either. */
TROTH_MUST_USE bool troth_building_watch_file(struct troth_building *b, const char *name,
                                              int file);
/* Is everything that was listed still what it was? */
TROTH_MUST_USE bool troth_building_check_unchanged(struct troth_building *b);

/* Sort, and compare with what is locked: the author's own, or all others
 * (build_compare.c). Own ones that are not read yet differ for nothing but their digest;
 * troth_building_take_passed() compares once more. */
TROTH_MUST_USE bool troth_building_compare(struct troth_building *b, bool own);

/* ---- inputs that are digested on their way into the image (build_passed.c) ---- */

/* Before it is written. */
TROTH_MUST_USE bool troth_building_expect_passed(struct troth_building *b);
/* Where the digest of this entry's bytes goes; NULL: it is known, or no one's. */
uint8_t *troth_building_digest_of(struct troth_building *b,
                                  const struct troth_tree_entry *entry);
/* When it is written: all digests are known, and as they were locked. */
TROTH_MUST_USE bool troth_building_take_passed(struct troth_building *b);
/* Digest what was not read on its way: a later row may have replaced it. */
TROTH_MUST_USE bool troth_building_read_rest(struct troth_building *b);

/* ---- packages (build_packages.c) ---- */

/* List what `words` need for this use: as locked, or anew. `named_only`: without what
 * they depend on. */
TROTH_MUST_USE bool troth_building_list_packages(struct troth_building *b,
                                                 const struct troth_build_words *words,
                                                 const char *use, bool named_only);
/* The files of the packages listed for this use; not finished. */
TROTH_MUST_USE bool troth_building_unpack(struct troth_building *b,
                                          struct troth_file_tree *tree, const char *use,
                                          size_t row);

/* ---- ramdisks ---- */

TROTH_MUST_USE bool troth_building_base(struct troth_building *b);  /* build_base.c */
TROTH_MUST_USE bool troth_building_kernel(struct troth_building *b, /* build_kernel.c */
                                          struct troth_file_tree **out_packages);
/* Read and judge the run file (build_run.c). */
TROTH_MUST_USE bool troth_building_take_run(struct troth_building *b);
TROTH_MUST_USE bool
troth_building_list_rows(struct troth_building *b); /* build_rootfs.c */
TROTH_MUST_USE bool troth_building_merge_rows(struct troth_building *b);
TROTH_MUST_USE bool
troth_building_compile(struct troth_building *b); /* build_compile.c */

/* ---- machines to measure for (build_machines.c) ---- */

TROTH_MUST_USE bool troth_building_list_firmware(struct troth_building *b);
TROTH_MUST_USE bool troth_building_measure(struct troth_building *b);

#endif
