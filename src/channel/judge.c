/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/judge.h"

#include "base/arena.h"
#include "base/memory.h"
#include "policy/policy.h"

/*
 * This side's own items, and behind them the peer's as far as there is room. Where two
 * say something of one thing the newer counts, so the peer can add, and spoil its own
 * verdict, but not put an older statement in the place of ours.
 */
static enum troth_err gather(struct troth_collateral *out, struct troth_fault *fault,
                             const struct troth_step *s, struct troth_span given)
{
    const struct troth_collateral *own = &s->tools->collateral;
    struct troth_collateral_item *items, *theirs;
    size_t count = 0, room;

    *out = *own;
    if (!given.len || own->count >= TROTH_COLLATERAL_MAX)
        return TROTH_OK;
    items = troth_arena_take_array(s->tools->arena, TROTH_COLLATERAL_MAX, sizeof *items);
    theirs = troth_arena_take_array(s->tools->arena, TROTH_COLLATERAL_MAX,
                                    sizeof *theirs);
    if (!items || !theirs)
        return TROTH_ERR_MEMORY;
    const enum troth_err err = troth_collateral_read(theirs, &count, fault, given,
                                                     s->tools->arena);
    if (err)
        return err;
    room = TROTH_COLLATERAL_MAX - own->count;
    count = count < room ? count : room;
    if (own->count)
        memcpy(items, own->items, own->count * sizeof *items);
    if (count)
        memcpy(items + own->count, theirs, count * sizeof *items);
    *out = (struct troth_collateral){items, own->count + count};
    return TROTH_OK;
}

/* The policy, but for its max_age: a connection that is open may outlive it. */
static const struct troth_policy *without_age(const struct troth_step *s)
{
    struct troth_policy *copy = troth_arena_take_unset(s->tools->arena, 1, sizeof *copy);

    if (!copy)
        return NULL;
    *copy = *s->tools->policy;
    copy->has_max_age = false;
    return copy;
}

/* A witness's clock may be a little ahead of this one, which a policy's max_age would
 * call the future. */
static int64_t made_by(const struct troth_step *s, int64_t fresh_s)
{
    return fresh_s < s->event->now_s ? fresh_s : s->event->now_s;
}

static enum troth_err verify(struct troth_result *out, struct troth_fault *fault,
                             const struct troth_step *s,
                             const struct troth_exhibit *exhibit,
                             const struct troth_collateral *collateral)
{
    const struct troth_channel_tools *tools = s->tools;
    const struct troth_requirements requirements = {.has_binding = true,
                                                    .binding = exhibit->binding};
    const struct troth_verify_input input = {
        .evidence = exhibit->evidence,
        .collateral = *collateral,
        .anchors = tools->anchors,
        .crypto = tools->crypto,
        .clock = {TROTH_CLOCK_NOW, s->event->now_s},
        .cache = tools->cache,
        .arena = tools->arena,
        .requirements = &requirements,
        .policy = exhibit->is_again ? without_age(s) : tools->policy,
        .nonce_made_s = made_by(s, exhibit->fresh_s),
    };

    if (!input.policy)
        return TROTH_ERR_MEMORY;
    const enum troth_err err = troth_verify(out, fault, &input);
    if (!err)
        out->policy = tools->policy;
    return err;
}

/* Is there something to look for, without which nothing can be said? */
static bool lacks_something(const struct troth_needs *needs)
{
    for (size_t i = 0; i < needs->count; i++)
        if (!needs->rows[i].is_met && !needs->rows[i].is_optional)
            return true;
    return false;
}

static const struct troth_needs *find_needs(const struct troth_step *s,
                                            const struct troth_exhibit *exhibit,
                                            const struct troth_collateral *collateral)
{
    struct troth_needs *needs = troth_arena_take(s->tools->arena, sizeof *needs);

    if (!needs || troth_needs(needs, NULL, exhibit->evidence, collateral,
                              s->tools->crypto, s->tools->arena))
        return NULL;
    return lacks_something(needs) ? needs : NULL;
}

static enum troth_channel_reason reason_of(enum troth_err err)
{
    return err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY ? TROTH_REASON_INTERNAL
                                                              : TROTH_REASON_UNDETERMINED;
}

static void judge(struct troth_opinion *out, const struct troth_step *s,
                  const struct troth_exhibit *exhibit,
                  const struct troth_collateral *collateral)
{
    static const enum troth_channel_reason reasons[] = {
        [TROTH_REFUSED] = TROTH_REASON_EVIDENCE,
        [TROTH_ACCEPTED] = TROTH_REASON_NONE,
        [TROTH_UNDETERMINED] = TROTH_REASON_UNDETERMINED,
    };
    struct troth_result *result = troth_arena_take(s->tools->arena, sizeof *result);
    const enum troth_err err = result
                                   ? verify(result, &out->fault, s, exhibit, collateral)
                                   : TROTH_ERR_MEMORY;

    if (err) {
        out->reason = reason_of(err);
        return;
    }
    out->result = result;
    out->reason = reasons[result->answer];
    if (out->reason == TROTH_REASON_UNDETERMINED)
        out->needs = find_needs(s, exhibit, collateral);
}

void troth_exhibit_judge(struct troth_opinion *out, const struct troth_step *s,
                         const struct troth_exhibit *exhibit)
{
    struct troth_collateral collateral;

    *out = (struct troth_opinion){.reason = TROTH_REASON_NONE};
    if (!s->tools->policy) {
        out->reason = TROTH_REASON_INTERNAL;
        return;
    }
    const enum troth_err err = gather(&collateral, &out->fault, s, exhibit->collateral);
    if (err)
        out->reason = reason_of(err);
    else
        judge(out, s, exhibit, &collateral);
}
