/*
 * file_tree.h - the file system that is to be put into an image, before it is.
 *
 * It holds names and facts in memory and no contents: each file's content stays where it
 * is, on disk or in memory, and is read once when the image is written. The order in
 * which things were added does not matter.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_FILE_TREE_H
#define TROTH_BUILDER_FILE_TREE_H

#include <stdbool.h>

#include "builder/problem.h"
#include "image/entry.h"

#define TROTH_FILE_TREE_MAX      ((size_t)1024 * 1024)       /* entries */
#define TROTH_FILE_TREE_TEXT_MAX ((size_t)512 * 1024 * 1024) /* bytes copied */
#define TROTH_CONTENT_COPIED_MAX ((size_t)64 * 1024)

struct stat;

struct troth_file_tree;

/* Where a file's bytes are: `size` of them from `offset` of what is open, or in memory,
 * or in the file at `path` below the folder that is open. Borrowed until the tree is
 * gone. */
struct troth_content {
    int descriptor;   /* a file, or with `path` a folder; -1: `bytes` */
    const char *path; /* copied; NULL: `descriptor` itself */
    uint64_t offset;
    const uint8_t *bytes; /* copied where the entry is at most 64 KiB, else borrowed */
    uint64_t stamp;       /* the file when it was added: troth_content_stamp(); 0: any */
};

/* A number that changes when a file does: of its size and times. Never 0. */
uint64_t troth_content_stamp(const struct stat *status);

struct troth_tree_entry {
    struct troth_entry entry; /* never a hard link; borrows the tree */
    struct troth_content content;
    size_t row; /* which row of rootfs: brought it: SIZE_MAX for a folder of our own */
};

/* What happens where a path is there already. Two folders are never a conflict: the later
 * one's mode and owner count. */
enum troth_tree_clash {
    TROTH_TREE_REFUSE = 0,
    TROTH_TREE_REPLACE,
    TROTH_TREE_LAYER /* replace what was there before troth_file_tree_begin_layer(), and
                        refuse what came since */
};

/* NULL: no memory. */
struct troth_file_tree *troth_file_tree_create(void);
void troth_file_tree_destroy(struct troth_file_tree *tree); /* takes NULL */

/*
 * troth_file_tree_add - one entry; its folders need not be there.
 *
 * Shape    a hard link takes the content and facts of the entry it names, which has to be
 *          there and a file. REFUSE: the same path with the same kind, mode, owner, size
 *          and content is no conflict, where the content is the same place
 * Errors   false with a problem that names the path: a device, pipe or socket; a path
 * below something that is no folder; a conflict; too many
 */
TROTH_MUST_USE bool troth_file_tree_add(struct troth_file_tree *tree,
                                        struct troth_build_problem *problem,
                                        const struct troth_entry *entry,
                                        const struct troth_content *content, size_t row,
                                        enum troth_tree_clash clash);

/* Without `path` and all below it; what is not there is no error. */
void troth_file_tree_remove(struct troth_file_tree *tree, struct troth_span path);
/* Only what is below it. */
void troth_file_tree_empty(struct troth_file_tree *tree, struct troth_span path);

/* What is added from now on is of one layer; the next two are as those above, but spare
 * what is of this layer. */
void troth_file_tree_begin_layer(struct troth_file_tree *tree);
void troth_file_tree_hide(struct troth_file_tree *tree, struct troth_span path);
void troth_file_tree_hide_below(struct troth_file_tree *tree, struct troth_span path);

/* NULL: it is not there, or is the root itself. */
const struct troth_tree_entry *troth_file_tree_find(const struct troth_file_tree *tree,
                                                    struct troth_span path);

/*
 * troth_file_tree_merge - all of `from` into `into`, below `at` ("" is its root); `from`
 * has to live as long.
 */
TROTH_MUST_USE bool troth_file_tree_merge(struct troth_file_tree *into,
                                          struct troth_build_problem *problem,
                                          const struct troth_file_tree *from,
                                          struct troth_span at, size_t row,
                                          enum troth_tree_clash clash);

/*
 * troth_file_tree_finish - every folder that is missing is made (0755, owner 0), and the
 * entries stand sorted by the bytes of their paths, folders before what is in them; the
 * root itself is not among them. Call it before the next two; again after a change.
 */
TROTH_MUST_USE bool troth_file_tree_finish(struct troth_file_tree *tree,
                                           struct troth_build_problem *problem);
size_t troth_file_tree_count(const struct troth_file_tree *tree);
const struct troth_tree_entry *troth_file_tree_at(const struct troth_file_tree *tree,
                                                  size_t i);

/*
 * troth_content_open / read - the bytes of an entry, in order. A file that has grown,
 * shrunk or been swapped since it was added is an error that names it.
 */
struct troth_content_reader {
    const struct troth_tree_entry *entry;
    int descriptor;
    bool owned;
    uint64_t done;
};
TROTH_MUST_USE bool troth_content_open(struct troth_content_reader *out,
                                       struct troth_build_problem *problem,
                                       const struct troth_tree_entry *entry);
/* Fills `len` bytes, or up to the end; `out_len` 0 is the end. */
TROTH_MUST_USE bool troth_content_read(struct troth_content_reader *reader,
                                       struct troth_build_problem *problem, uint8_t *out,
                                       size_t len, size_t *out_len);
void troth_content_close(struct troth_content_reader *reader);

#endif
