/* oci_blob.h - descriptors: what all OCI documents name others by. For oci_*.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_OCI_BLOB_H
#define TROTH_IMAGE_OCI_BLOB_H

#include "codec/json.h"
#include "image/oci.h"

/* The texts borrow the document, as they stand between their quotes. */
struct troth_oci_descriptor {
    struct troth_oci_blob blob;
    bool has_digest, has_size;
    struct troth_span media_type; /* empty: there is none */
    bool has_reference, has_platform;
    struct troth_span reference;        /* org.opencontainers.image.ref.name */
    struct troth_span architecture, os; /* of the platform */
};

/* The next value of an array or object. Sticks in the reader, as all of its reads do. */
void troth_oci_descriptor_read(struct troth_json *r, struct troth_oci_descriptor *out);

/* "sha256:" and 64 digits in lower case. */
void troth_oci_digest_read(struct troth_json *r, uint8_t out[static 32],
                           const char *field);

/* What a document is, and of which schema; more keys follow. */
void troth_oci_schema_read(struct troth_json *r);

/* Is it one of these? The list ends with NULL. */
bool troth_oci_media_is(struct troth_span raw, const char *const *names);

#endif
