/*
 * cache.h - remember which certificates' signatures were verified.
 *
 * Only signatures are remembered, never judgements: validity in time and revocation are
 * checked again at every use, and signatures over evidence are never kept. An entry is
 * found by SHA-256 over the whole question (certificate, issuer key, anchor, role, rule
 * version), so nothing an attacker names can collide with it. The memory is the caller's;
 * one cache serves one thread.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CACHE_H
#define TROTH_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct troth_cache_entry {
    uint8_t key[32]; /* all zero: free */
    uint64_t used;   /* when last used, in look-ups; the oldest makes room */
};

struct troth_cache {
    struct troth_cache_entry *entries;
    size_t count;
    uint64_t clock;
    uint64_t hits, misses; /* for benchmarks and health pages */
};

/* Empties `entries` and uses them. A NULL or empty array makes a cache that forgets. */
void troth_cache_init(struct troth_cache *cache, struct troth_cache_entry *entries,
                      size_t count);

#endif
