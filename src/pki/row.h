/* row.h - fill in the rows of checks over certificates. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_ROW_H
#define TROTH_PKI_ROW_H

#include "base/value.h"
#include "troth/crypto.h"
#include "troth/verdict.h"

struct troth_value troth_row_key_kind(enum troth_key_kind kind);
struct troth_value troth_row_algorithm(enum troth_signature_algorithm algorithm);

/* Make `row` a failed one, its id and subject kept. */
void troth_row_fail(struct troth_check *row, const char *why, struct troth_value seen,
                    struct troth_value wanted);

#endif
