/*
 * snp_table.h - the certificate table that travels beside an SNP report.
 *
 * Evidence (the extended report) and collateral files both carry it, so it stands outside
 * the family's folder.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_TABLE_H
#define TROTH_EVIDENCE_SNP_TABLE_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

/* Entries this build has a use for; hosts add few others. */
#define TROTH_SNP_TABLE_MAX 16

/* Bytes of the table and what it points into: Linux takes 16 KiB from a host
 * (SEV_FW_BLOB_MAX_SIZE), genuine tables have about 6. What is in one has to fit into the
 * arena of a verification. */
#define TROTH_SNP_TABLE_SIZE_MAX ((size_t)32 * 1024)

struct troth_snp_table_entry {
    const char *name; /* "VCEK" */
    struct troth_span bytes;
};

/* Does this begin with an identifier that such a table may begin with? */
bool troth_snp_table_recognise(struct troth_span raw);

/*
 * troth_snp_table_parse - the entries whose identifiers are known; others are passed
 * over.
 *
 *   out    room for TROTH_SNP_TABLE_MAX
 *   raw    the table and everything it points into
 *
 * Shape    rows of GUID 16 B (in the order it is written), offset u32, length u32; ends
 *          with a row of zeros; offsets count from the start of the table
 * Units    integers little-endian
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_LIMIT, TROTH_ERR_DUPLICATE, TROTH_ERR_VALUE (an
 *          entry overlaps the rows)
 * Spec     [GHCB] 4.1.8.1, table of GUIDs
 */
TROTH_MUST_USE enum troth_err
troth_snp_table_parse(struct troth_snp_table_entry out[static TROTH_SNP_TABLE_MAX],
                      size_t *out_count, struct troth_fault *fault,
                      struct troth_span raw);

#endif
