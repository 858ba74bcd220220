/* oci_layout.h - the blobs of an OCI image layout, each what its digest says. For
 * source_oci.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_OCI_LAYOUT_H
#define TROTH_BUILDER_OCI_LAYOUT_H

#include "builder/problem.h"
#include "image/oci.h"
#include "os/file.h"

struct troth_oci_layout {
    struct troth_build_problem *problem;
    const char *name; /* how problems call it */
    int folder;
};

/* Always false: a problem about this file of the layout. */
bool troth_oci_layout_fail(const struct troth_oci_layout *layout, const char *path,
                           const char *text);

/* A file by its path; give `out` to troth_file_release(). */
TROTH_MUST_USE bool troth_oci_layout_read(struct troth_file *out,
                                          const struct troth_oci_layout *layout,
                                          const char *path);

/* "blobs/sha256/HEX" */
#define TROTH_OCI_BLOB_PATH_SIZE (sizeof("blobs/sha256/") + 64)
void troth_oci_layout_blob_path(char out[static TROTH_OCI_BLOB_PATH_SIZE],
                                const struct troth_oci_blob *blob);

/* A document that was checked against its digest and size. */
TROTH_MUST_USE bool troth_oci_layout_document(struct troth_file *out,
                                              const struct troth_oci_layout *layout,
                                              const struct troth_oci_blob *blob);

/* A blob of any size, checked likewise; at its start. The caller closes `*out`. */
TROTH_MUST_USE bool troth_oci_layout_open(int *out, const struct troth_oci_layout *layout,
                                          const struct troth_oci_blob *blob);

#endif
