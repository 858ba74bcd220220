/* claim_list.h - build a list of claims in an arena. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_CLAIM_LIST_H
#define TROTH_EVIDENCE_CLAIM_LIST_H

#include "base/arena.h"
#include "base/value.h"
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

/*
 * troth_claims_named - troth_claims_find() for a name out of a table of ours.
 *
 * Its text is most likely the very one that the claim has, as linkers keep one of each:
 * it is looked for by its address before anything is compared.
 */
const struct troth_claim *troth_claims_named(const struct troth_claims *claims,
                                             const char *name);

/* TROTH_ERR_MEMORY if anything did not fit. */
TROTH_MUST_USE enum troth_err
troth_claim_list_finish(struct troth_claims *out, const struct troth_claim_list *list);

#endif
