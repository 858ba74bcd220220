/*
 * eif_metadata.h - the JSON in an EIF that says where it is from. It is not measured:
 * whoever holds the file may write anything there.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_EIF_METADATA_H
#define TROTH_IMAGE_EIF_METADATA_H

#include "base/writer.h"
#include "troth/error.h"

struct troth_eif_metadata {
    struct troth_span name, version; /* ImageName, ImageVersion */
    int64_t built_s;                 /* BuildTime, seconds since 1970 */
    struct troth_span tool_version;  /* BuildToolVersion; the tool is "troth" */
    struct troth_span operating_system, kernel_version; /* of what is inside */
};

/* Keys in a fixed order, no white space, nothing of this machine. */
void troth_eif_metadata_write(struct troth_writer *out,
                              const struct troth_eif_metadata *metadata);

#endif
