/* proofs.h - checking proofs, beside the hashing that they cannot do without. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_LOG_PROOFS_H
#define TROTH_BENCH_LOG_PROOFS_H

#include "troth/log.h"

/* Proofs of a log in a folder, timed for `ms` each in every round; prints what came of
 * it. */
void bench_proofs(const char *folder, const struct troth_log_tree *tree,
                  const struct troth_crypto *crypto, unsigned ms);

#endif
