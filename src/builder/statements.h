/*
 * statements.h - what goes with an image: its measurements, where it came from (in-toto,
 * SLSA v1 provenance) and what is in it (SPDX 2.3), all the same for the same build.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_STATEMENTS_H
#define TROTH_BUILDER_STATEMENTS_H

#include <stdbool.h>

#include "builder/build.h"

/* Each allocates its JSON; the caller frees it. False: no memory. */
TROTH_MUST_USE bool troth_statement_measurements(uint8_t **out, size_t *out_len,
                                                 const struct troth_build_result *result);
TROTH_MUST_USE bool troth_statement_provenance(uint8_t **out, size_t *out_len,
                                               const struct troth_build_file *build_file,
                                               const struct troth_build_result *result);
TROTH_MUST_USE bool troth_statement_sbom(uint8_t **out, size_t *out_len,
                                         const struct troth_build_file *build_file,
                                         const struct troth_build_result *result);

#endif
