/*
 * lock.h - every input of an image by its SHA-256: what a build was made of, and what the
 * next one has to be made of.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_LOCK_H
#define TROTH_BUILDER_LOCK_H

#include <stdbool.h>

#include "builder/problem.h"

#define TROTH_LOCK_SIZE_MAX   ((size_t)64 * 1024 * 1024)
#define TROTH_LOCK_INPUTS_MAX ((size_t)256 * 1024)

/* `foreign` ones are not the author's own: even `troth reproduce` wants them as locked.
 */
/* clang-format off */
#define TROTH_INPUT_KINDS(X)                                                            \
    /* name        text          foreign   what it is                                */ \
    X(BUILD_FILE, "build-file",  false)  /* the build file itself                    */ \
    X(FILE,       "file",        false)  /* beside the build file                    */ \
    X(LINK,       "link",        false)  /* a symbolic link there: `target`          */ \
    X(FOLDER,     "folder",      false)  /* one there in which nothing is            */ \
    X(FIRMWARE,   "firmware",    true)   /* of a machine to measure for              */ \
    X(KERNEL,     "kernel",      true)   /* as a file, or inside of packages         */ \
    X(MODULE,     "module",      true)                                                  \
    X(OCI,        "oci",         true)   /* the manifest of a layout                 */ \
    X(PACKAGE,    "package",     true)   /* a .deb                                   */ \
    X(RUNTIME,    "runtime",     true)   /* Troth's own programs in the image        */
/* clang-format on */

enum troth_input_kind {
#define X(name, text, foreign) TROTH_INPUT_##name,
    TROTH_INPUT_KINDS(X)
#undef X
        TROTH_INPUT_KINDS_COUNT
};

struct troth_input {
    enum troth_input_kind kind;
    const char *name; /* "src/hello.c", "gcc-12" */
    const char *use;  /* of a package: "kernel", "rootfs.0", "compile" */
    const char *version, *architecture; /* of a package; NULL elsewhere */
    const char *target;                 /* of a link; NULL elsewhere */
    uint32_t mode;                      /* of a file: 0644 or 0755 */
    uint8_t sha256[32];
    uint64_t size;
    bool is_unread; /* the digest is not known yet, and nothing differs for it */
};

/* A growing list; zeroed, it is empty. It owns its text. */
struct troth_inputs_list {
    struct troth_input *rows;
    size_t count, room;
};

/* Copies. False: no memory, or too many. */
TROTH_MUST_USE bool troth_inputs_add(struct troth_inputs_list *list,
                                     struct troth_build_problem *problem,
                                     const struct troth_input *input);
void troth_inputs_list_release(struct troth_inputs_list *list);

/* By kind, then name, then use; the same one twice is an error. */
TROTH_MUST_USE bool troth_inputs_sort(struct troth_inputs_list *list,
                                      struct troth_build_problem *problem);

/* Of a sorted list: that of the same kind, name and use; NULL: it is not there. */
struct troth_input *troth_inputs_find(const struct troth_inputs_list *list,
                                      const struct troth_input *key);

/* Canonical JSON, an input a line. The caller frees `*out`. */
TROTH_MUST_USE bool troth_lock_write(uint8_t **out, size_t *out_len,
                                     struct troth_build_problem *problem,
                                     const struct troth_inputs_list *list);
TROTH_MUST_USE bool troth_lock_read(struct troth_inputs_list *out,
                                    struct troth_build_problem *problem,
                                    struct troth_span text);

/* One difference between what is locked and what is there. */
enum troth_lock_change { TROTH_LOCK_CHANGED = 0, TROTH_LOCK_MISSING, TROTH_LOCK_ADDED };
typedef void troth_lock_difference(void *state, enum troth_lock_change change,
                                   const struct troth_input *locked,
                                   const struct troth_input *seen);
/* Both sorted; returns how many there are. */
size_t troth_lock_compare(const struct troth_inputs_list *locked,
                          const struct troth_inputs_list *seen,
                          troth_lock_difference *report, void *state);

#endif
