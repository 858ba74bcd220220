/*
 * opinion.h - what OpenSSL and libcbor, without a line of ours, say of evidence.
 *
 * They answer for the cryptography alone: the signature, and the chain at a time.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_OPINION_H
#define TROTH_TEST_VECTORS_OPINION_H

#include <stdbool.h>
#include <stdint.h>

#include "troth/span.h"

/* Is this COSE_Sign1, by the chain inside it, from this root (PEM)? */
bool opinion_on_nitro(struct troth_span document, struct troth_span root, int64_t at_s);

/*
 * Is this report by the key of the certificate for SEV-VCEK or SEV-VLEK in `files`, which
 * one of the others leads to `root`? Files are PEM, with any number of blocks, or DER.
 */
bool opinion_on_snp(struct troth_span report, const struct troth_span *files,
                    size_t count, struct troth_span root, int64_t at_s);

/* Does the certificate for SEV-VCEK or SEV-VLEK in `files` lead to `root`? */
bool opinion_on_vek(const struct troth_span *files, size_t count, struct troth_span root,
                    int64_t at_s);

#endif
