/*
 * sources.h - what a file system is made of: folders, programs, archives, OCI layers.
 *
 * Each fills a tree, an OCI image one of its own: its layers replace what is there.
 * Nothing is ever followed or written outside: paths of archives are
 * only names in a tree, and folders are walked without following links.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_SOURCES_H
#define TROTH_BUILDER_SOURCES_H

#include <stdbool.h>

#include "builder/file_tree.h"

/* What contents of unpacked archives are kept in: unnamed files, gone with the tree. */
struct troth_spool;
TROTH_MUST_USE bool troth_spool_create(struct troth_spool **out,
                                       struct troth_build_problem *problem);
void troth_spool_destroy(struct troth_spool *spool); /* takes NULL; after the trees */

/*
 * troth_source_folder - all in a folder on disk, with normal modes and owner 0.
 *
 *   name     how problems call it
 *   folder   an open folder, which stays open as long as the tree
 *
 * Errors   sockets, pipes, devices; names with control characters
 */
TROTH_MUST_USE bool troth_source_folder(struct troth_file_tree *tree,
                                        struct troth_build_problem *problem,
                                        const char *name, int folder, size_t row);

/* A static ELF program, as one file of mode 0755; refused if it asks for a loader or for
 * shared libraries. */
struct troth_program_input {
    const char *name;
    int file;       /* stays open as long as the tree */
    const char *at; /* its path in the tree */
    bool aarch64;   /* else x86_64; another is refused */
};
TROTH_MUST_USE bool troth_source_program(struct troth_file_tree *tree,
                                         struct troth_build_problem *problem,
                                         const struct troth_program_input *input,
                                         size_t row);

/* Bytes of a layer or package once unpacked: what is larger could not be started. */
#define TROTH_SOURCE_UNPACKED_MAX ((uint64_t)16 * 1024 * 1024 * 1024)

/* How names in a tar are to be understood. */
enum troth_tar_manner {
    TROTH_TAR_FILES = 0, /* as they are */
    TROTH_TAR_LAYER,     /* with OCI's whiteouts: removes from `tree` */
    TROTH_TAR_PACKAGE    /* a Debian package: /bin, /sbin, /lib* lie in /usr */
};

/*
 * troth_source_tar - a tar stream that is read to its end; contents go to the spool.
 *
 *   input    read once, front to back
 *   packing  TROTH_OCI_PLAIN, TROTH_OCI_GZIP
 *   max      more bytes than that, unpacked, are refused (a bomb)
 *   out_sha256  of the unpacked stream; may be NULL
 *
 * Errors   a hard link that leads nowhere, a path twice in one layer, extended attributes
 *          that grant rights (security.capability), what the tar reader refuses
 */
struct troth_tar_input {
    const char *name;
    int input;
    int packing; /* enum troth_oci_packing */
    enum troth_tar_manner manner;
    uint64_t max;
    uint8_t *out_sha256;
};
TROTH_MUST_USE bool troth_source_tar(struct troth_file_tree *tree,
                                     struct troth_build_problem *problem,
                                     struct troth_spool *spool,
                                     const struct troth_tar_input *input, size_t row);

/*
 * troth_source_oci - the file system of an OCI image layout; every blob's digest and size
 * is checked, and every layer's digest once unpacked.
 *
 *   tree       an empty one: layers replace what is there
 *   layout     an open folder
 *   reference  the image's name there; "" where there is but one
 *   out_sha256 of the manifest; zeroed on failure
 */
struct troth_oci_input {
    const char *name;
    int layout;
    const char *reference;
    bool aarch64;
    uint8_t *out_sha256;
};
TROTH_MUST_USE bool troth_source_oci(struct troth_file_tree *tree,
                                     struct troth_build_problem *problem,
                                     struct troth_spool *spool,
                                     const struct troth_oci_input *input, size_t row);

/*
 * troth_source_package - a Debian package's files; dpkg-deb unpacks the tar.
 *
 *   file       the .deb, open; its digest was checked
 */
TROTH_MUST_USE bool troth_source_package(struct troth_file_tree *tree,
                                         struct troth_build_problem *problem,
                                         struct troth_spool *spool, const char *name,
                                         int file, size_t row);

/* The links of a merged /usr (bin → usr/bin …) for a tree of packages. */
TROTH_MUST_USE bool troth_source_merged_usr(struct troth_file_tree *tree,
                                            struct troth_build_problem *problem,
                                            size_t row);

#endif
