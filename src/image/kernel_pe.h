/* kernel_pe.h - the Authenticode digest of a kernel, which is an EFI program, too. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_KERNEL_PE_H
#define TROTH_IMAGE_KERNEL_PE_H

#include "troth/crypto.h"
#include "troth/error.h"
#include "troth/span.h"

#define TROTH_PE_SECTIONS_MAX 96 /* what Windows loads; kernels have four */

/* A file whose first bytes are others when it is loaded. */
struct troth_kernel_image {
    struct troth_span file;
    struct troth_span head; /* instead of as many bytes of `file`; may be empty */
};

/*
 * troth_kernel_pe_digest - SHA-384 of all of it but its checksum and its signatures, as
 * virtual firmware measures it.
 *
 * Errors   TROTH_ERR_SHORT: something leaves the file; TROTH_ERR_VALUE;
 *          TROTH_ERR_UNSUPPORTED: not for x86-64; TROTH_ERR_LIMIT; TROTH_ERR_CRYPTO
 * Spec     [EDK2] MeasurePeImageAndExtend: bytes behind the last section count, and
 *          nothing is padded
 */
TROTH_MUST_USE enum troth_err
troth_kernel_pe_digest(uint8_t out[static 48], struct troth_fault *fault,
                       const struct troth_crypto *crypto,
                       const struct troth_kernel_image *image);

#endif
