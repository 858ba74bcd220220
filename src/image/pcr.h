/*
 * pcr.h - what a Nitro enclave's registers hold when it starts.
 *
 * Each is one extend, from zero, by the SHA-384 of what it covers: PCR0 kernel ‖ command
 * line ‖ every ramdisk, PCR1 kernel ‖ command line ‖ first ramdisk, PCR2 the ramdisks
 * after the first, PCR8 the DER of the certificate that signed the image. Header,
 * metadata, the order of sections and the signature itself are in none.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_PCR_H
#define TROTH_IMAGE_PCR_H

#include <stdbool.h>

#include "image/eif.h"
#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_PCR_SIZE 48

enum troth_pcr { TROTH_PCR0 = 0, TROTH_PCR1, TROTH_PCR2, TROTH_PCR8, TROTH_PCR_COUNT };

/* Does section `index` of these count in that register? Not for PCR8. */
bool troth_pcr_covers(enum troth_pcr pcr, const struct troth_eif *eif, size_t index);

/*
 * troth_pcr_of_digest - the register, from the SHA-384 of what it covers.
 *
 * Errors   TROTH_ERR_CRYPTO; `out` is zeroed then
 */
TROTH_MUST_USE enum troth_err troth_pcr_of_digest(uint8_t out[static TROTH_PCR_SIZE],
                                                  const struct troth_crypto *crypto,
                                                  const uint8_t digest[static 48]);

/*
 * troth_pcrs_of_eif - all of them, of a file in memory that was read.
 *
 *   out     zeroed on failure; PCR8 is zeros where there is no signature section
 *   arena   TROTH_EIF_SIGNATURE_ROOM of it are enough (eif_signature.h)
 *
 * Errors   TROTH_ERR_CRYPTO; the signature section's, see eif_signature.h
 */
TROTH_MUST_USE enum troth_err
troth_pcrs_of_eif(uint8_t out[static TROTH_PCR_COUNT][TROTH_PCR_SIZE],
                  struct troth_fault *fault, const struct troth_crypto *crypto,
                  const struct troth_eif *eif, struct troth_span file,
                  struct troth_arena *arena);

#endif
