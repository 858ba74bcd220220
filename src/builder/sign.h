/* sign.h - from an enclave image to a signed one: the same bytes, and a section that says
 * whose they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_SIGN_H
#define TROTH_BUILDER_SIGN_H

#include "builder/image_file.h"
#include "image/eif_signature.h"

struct troth_sign_order {
    const char *name;        /* how problems call the image */
    int image;               /* open; has no signature */
    const char *key;         /* path of the private key: PEM, P-256 or P-384 */
    const char *certificate; /* path of its certificate: PEM, and nothing else in it */
    int file;                /* open and empty: where the signed image goes */
};

/*
 * troth_image_sign - a copy of an image with a signature over its PCR0.
 *
 *   out    what was written, measured as a stranger would
 *
 * Errors   false: the image is no strict EIF or is signed already; a key that others may
 *          read; a certificate of another key; no room in the image. What was written
 *          then is of no use.
 * Effects  those of os/secret.h. Dates of the certificate are not looked at: the machine
 *          that starts the image does.
 */
TROTH_MUST_USE bool troth_image_sign(struct troth_image_facts *out,
                                     struct troth_build_problem *problem,
                                     const struct troth_crypto *crypto,
                                     const struct troth_sign_order *order);

/* Enough for the function below. */
#define TROTH_SIGN_ROOM (4 * TROTH_EIF_SIGNATURE_ROOM)

/*
 * troth_sign_section - the signature section alone, read back and verified.
 *
 *   out    borrows the arena
 */
TROTH_MUST_USE bool troth_sign_section(struct troth_span *out,
                                       struct troth_build_problem *problem,
                                       const struct troth_crypto *crypto,
                                       const struct troth_sign_order *order,
                                       const uint8_t pcr0[static TROTH_PCR_SIZE],
                                       struct troth_arena *arena);

#endif
