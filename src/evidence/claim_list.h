/* claim_list.h - build a list of claims in an arena, and the values in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_CLAIM_LIST_H
#define TROTH_EVIDENCE_CLAIM_LIST_H

#include "base/arena.h"
#include "troth/claims.h"
#include "troth/error.h"

struct troth_claim_list {
    struct troth_claim
        *rows; /* NULL when the arena had no room: adding is then a no-op */
    size_t count;
    size_t capacity;
};

struct troth_claim_list troth_claim_list_in(struct troth_arena *arena, size_t capacity);

void troth_claim_add(struct troth_claim_list *list, const char *name, const char *about,
                     struct troth_value value);

/* TROTH_ERR_MEMORY if anything did not fit. */
TROTH_MUST_USE enum troth_err
troth_claim_list_finish(struct troth_claims *out, const struct troth_claim_list *list);

struct troth_value troth_value_none(void);
struct troth_value troth_value_bool(bool value);
struct troth_value troth_value_uint(uint64_t value);
struct troth_value troth_value_instant(int64_t instant_s);
struct troth_value troth_value_text(const char *text);
struct troth_value troth_value_text_span(struct troth_span text);
struct troth_value troth_value_bytes(struct troth_span bytes);

#endif
