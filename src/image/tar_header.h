/* tar_header.h - the block of 512 bytes before each member of a tar. For tar.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_TAR_HEADER_H
#define TROTH_IMAGE_TAR_HEADER_H

#include "image/tar.h"

/* Without the numbers that no reader of ours wants. */
struct troth_tar_header {
    uint8_t type;                         /* the letter, or 0 as old archives have it */
    struct troth_span prefix, name, link; /* as they stand; borrow the block */
    uint32_t mode;                        /* permissions alone */
    uint64_t size, user, group;
};

/* Errors: TROTH_ERR_VALUE with the field at fault, TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err
troth_tar_header_parse(struct troth_tar_header *out, struct troth_fault *fault,
                       const uint8_t block[static TROTH_TAR_BLOCK]);

#endif
