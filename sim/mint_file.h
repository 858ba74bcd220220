/* mint_file.h - what is minted becomes files; one that cannot be written ends the
 * program. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MINT_FILE_H
#define TROTH_SIM_MINT_FILE_H

#include "sim/intel.h"
#include "sim/mint.h"
#include "sim/snp.h"

/* Write and free. Files after the first of each kind carry their number. */
void mint_write(const struct mint_order *order, const char *stem, const char *ending,
                uint64_t number, struct sim_bytes content);
void mint_write_cert(const struct mint_order *order, const char *stem, uint64_t number,
                     const struct sim_cert *cert);

/* Just one certificate, at this path. */
void mint_write_root(const char *path, const struct sim_cert *cert);

/* What all platforms share: lists and documents as the service sends them. */
void mint_write_intel_shared(const struct mint_order *order, const struct sim_intel *doc);

/* And those of this platform's FMSPC, alone and in one bundle with the others. */
void mint_write_intel_group(const struct mint_order *order, uint64_t group,
                            const struct sim_intel *doc);

/* ASK and revocation list. */
void mint_write_snp_shared(const struct mint_order *order, const struct sim_snp *doc);

#endif
