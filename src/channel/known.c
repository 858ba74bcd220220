/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/known.h"

#include "base/memory.h"
#include "base/span.h"
#include "channel/freshness.h"

/* The heads of all entries lie one behind the other at the front, where looking through
 * them is quick; their frames follow. */
struct head {
    uint64_t used; /* the store's count of uses when last used; 0: free */
    enum troth_role role;
    uint8_t peer[32];
    struct troth_known_item item;
};

#define FRAME_MAX (TROTH_KNOWN_ENTRY_SIZE - sizeof(struct head))

_Static_assert(sizeof(struct head) <= 1024, "an entry is nearly all frame");

/* The caller aligned the memory for any type. */
static struct head *heads_of(const struct troth_known *known)
{
    return (struct head *)(void *)known->memory;
}

static uint8_t *frame_of(const struct troth_known *known, size_t at)
{
    return known->memory + known->count * sizeof(struct head) + at * FRAME_MAX;
}

static bool same(const uint8_t *a, const uint8_t *b)
{
    return troth_span_equal((struct troth_span){a, 32}, (struct troth_span){b, 32});
}

static bool belongs(const struct head *head, const struct troth_known_question *question)
{
    return head->used && head->role == question->role &&
           same(head->peer, question->peer) &&
           same(head->item.standing.policy_digest, question->policy_digest);
}

static bool is_good(const struct troth_known_item *item,
                    const struct troth_known_question *question)
{
    const struct troth_ages ages = {
        .now_s = question->now_s,
        .max_age_s = question->max_age_s,
        .epoch_s = item->epoch_s,
        .fresh_s = item->standing.fresh_s,
    };

    /* The witnesses may be others now; whether a nonce was answered needs none. */
    if (item->standing.freshness == TROTH_FRESH_CHECKPOINT &&
        item->generation != question->generation)
        return false;
    return question->now_s <= item->standing.valid_until_s && !troth_ages_check(&ages);
}

/* In front of those that were used longer ago; the last falls out where all places are
 * taken. */
static size_t insert(const struct head *best[static TROTH_HELD_MAX], size_t count,
                     const struct head *head)
{
    size_t at = count;

    while (at > 0 && best[at - 1]->used < head->used)
        at--;
    if (at == TROTH_HELD_MAX)
        return count;
    if (count == TROTH_HELD_MAX)
        count--;
    for (size_t i = count; i > at; i--)
        best[i] = best[i - 1];
    best[at] = head;
    return count + 1;
}

size_t troth_known_offer(uint8_t out[static TROTH_HELD_MAX][32],
                         const struct troth_known *known,
                         const struct troth_known_question *question)
{
    const struct head *heads = heads_of(known), *best[TROTH_HELD_MAX];
    size_t count = 0;

    for (size_t i = 0; i < known->count; i++)
        if (belongs(&heads[i], question) && is_good(&heads[i].item, question))
            count = insert(best, count, &heads[i]);
    for (size_t i = 0; i < count; i++)
        memcpy(out[i], best[i]->item.standing.evidence_sha256, 32);
    return count;
}

static struct head *find(const struct troth_known *known,
                         const struct troth_known_question *question,
                         const uint8_t *sha256)
{
    struct head *heads = heads_of(known);

    for (size_t i = 0; i < known->count; i++)
        if (belongs(&heads[i], question) &&
            same(heads[i].item.standing.evidence_sha256, sha256))
            return &heads[i];
    return NULL;
}

const struct troth_known_item *
troth_known_find(struct troth_known *known, const struct troth_known_question *question,
                 const uint8_t sha256[static 32])
{
    struct head *head = find(known, question, sha256);

    if (!head)
        return NULL;
    head->used = ++known->uses;
    return &head->item;
}

static struct head *find_oldest(const struct troth_known *known)
{
    struct head *heads = heads_of(known), *oldest = heads;

    for (size_t i = 1; i < known->count; i++)
        if (heads[i].used < oldest->used)
            oldest = &heads[i];
    return oldest;
}

void troth_known_put(struct troth_known *known,
                     const struct troth_known_question *question,
                     const struct troth_known_item *item)
{
    struct troth_known_item kept = *item;
    struct head *head;

    if (!known->count || item->frame.len > FRAME_MAX)
        return;
    head = find(known, question, item->standing.evidence_sha256);
    if (!head)
        head = find_oldest(known);

    uint8_t *frame = frame_of(known, (size_t)(head - heads_of(known)));
    memmove(frame, item->frame.ptr, item->frame.len);
    kept.frame.ptr = frame;
    *head = (struct head){.used = ++known->uses, .role = question->role, .item = kept};
    memcpy(head->peer, question->peer, sizeof head->peer);
}

void troth_known_init(struct troth_known *out, uint8_t *memory, size_t size)
{
    out->memory = memory;
    out->count = size / TROTH_KNOWN_ENTRY_SIZE;
    out->uses = 0;
    for (size_t i = 0; i < out->count; i++)
        heads_of(out)[i] = (struct head){.used = 0};
}
