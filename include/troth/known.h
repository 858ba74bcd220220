/*
 * known.h - evidence that was accepted before, so that a later connection need not carry
 * or judge it again.
 *
 * An entry is found by the evidence's digest. It counts only for the role it was made
 * for, the policy and the generation of collateral it was judged by, and until it lapses;
 * in another generation it is judged again, and what witnesses gave the time of is sent
 * anew.
 * The memory is the caller's; the oldest entry makes room. One thread at a time.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_KNOWN_H
#define TROTH_KNOWN_H

#include <stddef.h>
#include <stdint.h>

struct troth_known {
    uint8_t *memory;
    size_t count;  /* entries */
    uint64_t uses; /* so far */
};

/* What one entry takes: its proof, and what was found. Longer proofs are not kept. */
#define TROTH_KNOWN_ENTRY_SIZE ((size_t)48 * 1024)

/* Empties `memory`, aligned as malloc() does, and uses as much of it as makes whole
 * entries. */
void troth_known_init(struct troth_known *out, uint8_t *memory, size_t size);

#endif
