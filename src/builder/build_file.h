/*
 * build_file.h - what an image is made of: the YAML that `troth build` reads.
 *
 * docs/build-file.md has every key. Nothing is looked up here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_FILE_H
#define TROTH_BUILDER_BUILD_FILE_H

#include <stdbool.h>

#include "builder/problem.h"

#define TROTH_BUILD_FILE_MAX        ((size_t)256 * 1024)
#define TROTH_BUILD_FILE_ARENA_SIZE ((size_t)8 * 1024 * 1024)
#define TROTH_BUILD_ROWS_MAX        64

struct troth_build_words {
    const char *const *rows; /* ends with NULL */
    size_t count;
};

enum troth_build_layer_kind {
    TROTH_LAYER_FOLDER = 0,
    TROTH_LAYER_OCI,
    TROTH_LAYER_PROGRAM,
    TROTH_LAYER_PACKAGES,
    TROTH_LAYER_COMPILED
};

struct troth_build_layer {
    enum troth_build_layer_kind kind;
    const char *path;      /* of FOLDER, OCI, PROGRAM */
    const char *at;        /* where in the file system; plain, "" is its root */
    const char *reference; /* of OCI; "" */
    struct troth_build_words packages;
    bool replace;
    struct troth_place place;
};

struct troth_build_firmware {
    const char *file; /* NULL: none */
    uint32_t vcpus;
    const char *vcpu, *vmm;
    uint64_t features, memory;
    bool two_pass;
};

struct troth_build_file {
    const char *name, *version;
    bool aarch64;
    int64_t time_s;
    struct {
        struct troth_build_words packages;
        const char *file;
        bool has_sha256;
        uint8_t sha256[32];
        struct troth_build_words modules, module_files;
    } kernel;
    const char *cmdline;
    struct troth_build_layer layers[TROTH_BUILD_ROWS_MAX];
    size_t layer_count;
    struct {
        bool there;
        struct troth_build_words packages, command, environment; /* "NAME=VALUE" */
        const char *source;                                      /* NULL: none */
        uint32_t cores;
    } compile;
    const char *run_file;       /* a path; NULL: `run_json` */
    struct troth_span run_json; /* a run file that was written in the build file */
    struct troth_build_firmware snp, tdx;
};

/*
 * troth_build_file_parse - a build file's text to what it says, with defaults filled in.
 *
 *   out      borrows the arena; zeroed on failure
 *
 * Errors   false with a problem at line and column: unknown, duplicate and missing keys,
 *          values of the wrong form, paths that leave the folder, clashing rows
 */
TROTH_MUST_USE bool troth_build_file_parse(struct troth_build_file *out,
                                           struct troth_build_problem *problem,
                                           struct troth_span text,
                                           struct troth_arena *arena);

/* The names of the keys one by one, "kernel.file" among them; NULL behind the last. */
const char *troth_build_file_key(size_t i);

#endif
