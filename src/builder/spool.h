/* spool.h - one unnamed file that contents of archives are kept in. For source_*.c alone.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_SPOOL_H
#define TROTH_BUILDER_SPOOL_H

#include "builder/sources.h"

/* Where the next byte is going to stand. */
uint64_t troth_spool_end(const struct troth_spool *spool);
int troth_spool_descriptor(const struct troth_spool *spool);

TROTH_MUST_USE bool troth_spool_write(struct troth_spool *spool,
                                      struct troth_build_problem *problem,
                                      struct troth_span bytes);

/* So that all of it may be read. */
TROTH_MUST_USE bool troth_spool_flush(struct troth_spool *spool,
                                      struct troth_build_problem *problem);

#endif
