/*
 * oci.h - the documents of an OCI image layout: index, manifest, configuration.
 *
 * Only what says which blobs make the file system, and by which digests, is read.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_OCI_H
#define TROTH_IMAGE_OCI_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

#define TROTH_OCI_DOCUMENT_MAX ((size_t)4 * 1024 * 1024)
#define TROTH_OCI_LAYERS_MAX   128
#define TROTH_OCI_ARENA_SIZE   ((size_t)16 * 1024 * 1024)

enum troth_oci_packing { TROTH_OCI_PLAIN = 0, TROTH_OCI_GZIP, TROTH_OCI_ZSTD };

struct troth_oci_blob {
    uint8_t sha256[32];
    uint64_t size;
    enum troth_oci_packing packing; /* of a layer */
};

/* `oci-layout`: version 1.0.0 or TROTH_ERR_UNSUPPORTED. */
TROTH_MUST_USE enum troth_err troth_oci_layout_check(struct troth_fault *fault,
                                                     struct troth_span text,
                                                     struct troth_arena *arena);

/*
 * troth_oci_index_find - the manifest for this architecture and name. May also be asked
 * of an index that an index leads to.
 *
 *   out_index  what was found is another index
 *
 * Errors   TROTH_ERR_MISSING, TROTH_ERR_DUPLICATE (several fit), the JSON reader's,
 *          TROTH_ERR_UNSUPPORTED (digests but sha256), TROTH_ERR_VALUE
 */
struct troth_oci_wanted {
    struct troth_span reference;    /* org.opencontainers.image.ref.name; "": any */
    struct troth_span architecture; /* "amd64", "arm64"; a manifest without is for any */
};
TROTH_MUST_USE enum troth_err
troth_oci_index_find(struct troth_oci_blob *out, bool *out_index,
                     struct troth_fault *fault, struct troth_span text,
                     const struct troth_oci_wanted *wanted, struct troth_arena *arena);

struct troth_oci_manifest {
    struct troth_oci_blob config;
    struct troth_oci_blob layers[TROTH_OCI_LAYERS_MAX]; /* lowest first */
    size_t count;
};

TROTH_MUST_USE enum troth_err troth_oci_manifest_read(struct troth_oci_manifest *out,
                                                      struct troth_fault *fault,
                                                      struct troth_span text,
                                                      struct troth_arena *arena);

/* The digests of the layers once unpacked, lowest first, and their number. */
TROTH_MUST_USE enum troth_err
troth_oci_config_read(uint8_t out[static TROTH_OCI_LAYERS_MAX][32], size_t *out_count,
                      struct troth_fault *fault, struct troth_span text,
                      struct troth_span architecture, struct troth_arena *arena);

/* What a name in a layer means: ".wh.NAME" removes NAME, ".wh..wh..opq" all that lower
 * layers have in that folder; another name that begins with ".wh." is refused. */
enum troth_oci_name {
    TROTH_OCI_NAME_PLAIN = 0,
    TROTH_OCI_NAME_REMOVES,
    TROTH_OCI_NAME_OPAQUE,
    TROTH_OCI_NAME_BAD
};

/* `path` is plain. `out_folder` and `out_name` are what is meant: for REMOVES the name
 * that goes away, for OPAQUE no name; for BAD neither. */
enum troth_oci_name troth_oci_name(struct troth_span *out_folder,
                                   struct troth_span *out_name, struct troth_span path);

#endif
