/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cache.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/writer.h"

/* Entries that one key may stand in: few enough that a look-up costs the same however
 * big the cache is, enough that chance seldom makes two busy keys drive each other out.
 */
#define WAYS 4

void troth_cache_init(struct troth_cache *cache, struct troth_cache_entry *entries,
                      size_t count)
{
    *cache = (struct troth_cache){.entries = entries};
    if (!entries)
        return;
    cache->count = count;
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct troth_cache_entry){.used = 0};
}

/* An object enters the key by its hash, which whoever asks often computes once. */
static enum troth_err hash_object(uint8_t out[static 32],
                                  const struct troth_crypto *crypto,
                                  const struct troth_cache_question *question)
{
    if (!question->object_sha256)
        return troth_digest(crypto, out, TROTH_SHA256, question->object);
    memcpy(out, question->object_sha256, 32);
    return TROTH_OK;
}

/* What of a question has the same length in all of them comes first, then what has not,
 * its lengths before it: so no two questions make one message. */
enum troth_err troth_cache_key(uint8_t out[static 32], const struct troth_crypto *crypto,
                               const struct troth_cache_question *question)
{
    const struct troth_public_key *key = question->issuer;
    const struct troth_span role = troth_span_of_text(question->role);
    uint8_t object[32], fixed[160];
    struct troth_writer w = troth_writer_over(fixed, sizeof fixed);
    struct troth_span head;

    if (hash_object(object, crypto, question)) {
        memset(out, 0, 32);
        return TROTH_ERR_CRYPTO;
    }
    troth_write_text(&w, "troth/cache/v2");
    troth_write_uint_be(&w, TROTH_CACHE_RULES, 4);
    troth_write_bytes(&w, (struct troth_span)TROTH_ARRAY_SPAN(object));
    troth_write_bytes(&w, (struct troth_span)TROTH_ARRAY_SPAN(question->anchor->sha256));
    troth_write_uint_be(&w, (uint64_t)key->kind, 1);
    troth_write_uint_be(&w, key->exponent, 4);
    troth_write_uint_be(&w, key->point.len, 4);
    troth_write_uint_be(&w, key->modulus.len, 4);

    enum troth_err err = troth_writer_finish(&w, &head);
    const struct troth_span parts[] = {head, key->point, key->modulus, role};

    if (!err)
        err = crypto->ops->digest(crypto->state, out, TROTH_SHA256,
                                  (struct troth_parts){parts, 4});
    if (err)
        memset(out, 0, 32);
    return err ? TROTH_ERR_CRYPTO : TROTH_OK;
}

static bool same_key(const uint8_t a[static 32], const uint8_t b[static 32])
{
    return memcmp(a, b, 32) == 0;
}

/* All zero marks an entry as free, so it can be nobody's key. */
static bool is_no_key(const uint8_t key[static 32])
{
    return troth_span_is_zero((struct troth_span){key, 32});
}

/* The few neighbours among which `key` is looked for and kept. */
struct bucket {
    struct troth_cache_entry *entries;
    size_t count;
};

static struct bucket find_bucket(const struct troth_cache *cache,
                                 const uint8_t key[static 32])
{
    size_t buckets = cache->count / WAYS;
    uint32_t number = (uint32_t)key[0] << 24 | (uint32_t)key[1] << 16 |
                      (uint32_t)key[2] << 8 | key[3];

    if (buckets == 0)
        return (struct bucket){cache->entries, cache->count};
    return (struct bucket){cache->entries + number % buckets * WAYS, WAYS};
}

static struct troth_cache_entry *find_entry(struct bucket bucket,
                                            const uint8_t key[static 32])
{
    for (size_t i = 0; i < bucket.count; i++)
        if (same_key(bucket.entries[i].key, key))
            return &bucket.entries[i];
    return NULL;
}

bool troth_cache_has(struct troth_cache *cache, const uint8_t key[static 32])
{
    if (!cache || is_no_key(key))
        return false;
    struct troth_cache_entry *found = find_entry(find_bucket(cache, key), key);

    cache->clock++;
    if (!found) {
        cache->misses++;
        return false;
    }
    cache->hits++;
    found->used = cache->clock;
    return true;
}

/* A free entry, else the one that was not used for longest. */
static struct troth_cache_entry *make_room(struct bucket bucket)
{
    struct troth_cache_entry *room = bucket.entries;

    for (size_t i = 0; i < bucket.count; i++) {
        if (is_no_key(bucket.entries[i].key))
            return &bucket.entries[i];
        if (bucket.entries[i].used < room->used)
            room = &bucket.entries[i];
    }
    return room;
}

void troth_cache_remember(struct troth_cache *cache, const uint8_t key[static 32])
{
    if (!cache || cache->count == 0 || is_no_key(key))
        return;
    struct bucket bucket = find_bucket(cache, key);
    struct troth_cache_entry *entry = find_entry(bucket, key);

    if (!entry)
        entry = make_room(bucket);
    memcpy(entry->key, key, sizeof entry->key);
    entry->used = cache->clock;
}
