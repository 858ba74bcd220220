/* row.h - the pieces of a check's row: value seen, value wanted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_ROW_H
#define TROTH_PKI_ROW_H

#include "troth/crypto.h"
#include "troth/verdict.h"

extern const struct troth_value troth_row_nothing;
struct troth_value troth_row_bool(bool value);
struct troth_value troth_row_uint(uint64_t value);
struct troth_value troth_row_instant(int64_t instant_s);
struct troth_value troth_row_bytes(struct troth_span bytes);
struct troth_value troth_row_text(const char *text); /* NULL: nothing */
struct troth_value troth_row_key_kind(enum troth_key_kind kind);
struct troth_value troth_row_algorithm(enum troth_signature_algorithm algorithm);

/* Make `row` a failed one, its id and subject kept. */
void troth_row_fail(struct troth_check *row, const char *why, struct troth_value seen,
                    struct troth_value wanted);

#endif
