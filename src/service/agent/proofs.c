/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/proofs.h"

#include <errno.h>
#include <stdlib.h>

#include "os/clock.h"
#include "prover/mint.h"
#include "service/quota.h"

/* Who shares one piece of evidence; beyond that a peer is told to come again. */
enum { WAITERS_MAX = 256 };

/* Evidence under way. */
struct minting {
    struct troth_job job;
    struct troth_mint mint;
    struct troth_proofs *proofs;
    struct minting *next;
    size_t count;
    struct troth_proof_waiter *waiters[WAITERS_MAX]; /* NULL: forgotten */
};

struct troth_proofs {
    struct troth_agent *agent;
    struct minting *under_way;
    struct troth_quota quota;
    struct troth_quota_row rows[TROTH_PROOFS_PEERS];
    bool is_ending; /* freed with the last of what is under way */
};

static void answer(struct troth_proof_waiter *waiter, const struct troth_proof *proof,
                   enum troth_channel_reason reason)
{
    waiter->private_source = NULL;
    waiter->answer(waiter, proof, reason);
}

static void answer_all(struct minting *minting, const struct troth_proof *proof,
                       enum troth_channel_reason reason)
{
    for (size_t i = 0; i < minting->count; i++)
        if (minting->waiters[i])
            answer(minting->waiters[i], proof, reason);
}

static void unlink_minting(struct minting *minting)
{
    struct minting **at = &minting->proofs->under_way;

    while (*at != minting)
        at = &(*at)->next;
    *at = minting->next;
}

/* What may pass is worth another try, what the device cannot do is not. */
static enum troth_channel_reason reason_of(const struct troth_job *job)
{
    switch (job->fault.error) {
    case ETIMEDOUT:
    case EBUSY:
    case ECANCELED:
        return TROTH_REASON_BUSY;
    default:
        return TROTH_REASON_CANNOT;
    }
}

static void on_done(struct troth_job *job)
{
    struct minting *minting = (struct minting *)job;
    struct troth_proofs *proofs = minting->proofs;
    struct troth_proof proof;

    troth_agent_note(proofs->agent, job);
    unlink_minting(minting);
    if (!job->is_done)
        answer_all(minting, NULL, reason_of(job));
    else if (troth_prover_finish(proofs->agent->prover, &proof, &minting->mint,
                                 &job->quote))
        answer_all(minting, NULL, TROTH_REASON_BUSY); /* its epoch ended meanwhile */
    else
        answer_all(minting, &proof, TROTH_REASON_NONE);
    troth_quote_release(&job->quote);
    free(minting);
    if (proofs->is_ending && !proofs->under_way)
        free(proofs);
}

static bool join(struct minting *minting, struct troth_proof_waiter *waiter)
{
    if (minting->count == WAITERS_MAX)
        return false;
    waiter->private_source = minting;
    minting->waiters[minting->count++] = waiter;
    return true;
}

static struct minting *find_shared(struct troth_proofs *proofs,
                                   const struct troth_mint *mint)
{
    struct minting *minting = proofs->under_way;

    while (minting && !troth_mint_is_shared(&minting->mint, mint))
        minting = minting->next;
    return minting;
}

/* Half of the queue is for the programs inside, however many ask from outside. */
static bool has_room(struct troth_proofs *proofs)
{
    return troth_work_waiting(proofs->agent->work) < TROTH_WORK_QUEUE_MAX / 2;
}

/* Ask the device, if the queue has room and this peer may have it asked. */
static bool start(struct troth_proofs *proofs, struct troth_proof_waiter *waiter,
                  const struct troth_mint *mint, struct troth_span peer)
{
    const int64_t now_ms = troth_clock_monotonic_ms();
    struct minting *minting;

    if (!has_room(proofs)) {
        proofs->agent->counters.refused++;
        return false;
    }
    if (!troth_quota_take(&proofs->quota, peer, now_ms))
        return false;
    minting = calloc(1, sizeof *minting);
    if (!minting)
        return false;
    minting->proofs = proofs;
    minting->mint = *mint;
    minting->job.kind = TROTH_JOB_QUOTE;
    minting->job.done = on_done;
    minting->job.deadline_ms = now_ms + proofs->agent->options.timeout_ms;
    for (size_t i = 0; i < sizeof mint->report_data; i++)
        minting->job.bytes[i] = mint->report_data[i];
    (void)join(minting, waiter);
    if (!troth_work_give(proofs->agent->work, &minting->job)) {
        waiter->private_source = NULL;
        free(minting);
        return false;
    }
    minting->next = proofs->under_way;
    proofs->under_way = minting;
    return true;
}

static void ask(void *state, struct troth_proof_waiter *waiter,
                const struct troth_proof_request *request, struct troth_span peer)
{
    struct troth_proofs *proofs = state;
    struct troth_mint mint;
    struct troth_proof proof;
    struct minting *shared;
    bool is_waiting;

    waiter->private_source = NULL;
    if (troth_prover_begin(proofs->agent->prover, &proof, &mint, troth_clock_now_s(),
                           request)) {
        answer(waiter, NULL, TROTH_REASON_CANNOT);
        return;
    }
    if (proof.level != TROTH_LEVEL_NONE) {
        answer(waiter, &proof, TROTH_REASON_NONE);
        return;
    }
    shared = find_shared(proofs, &mint);
    is_waiting = shared ? join(shared, waiter) : start(proofs, waiter, &mint, peer);
    if (!is_waiting)
        answer(waiter, NULL, TROTH_REASON_BUSY);
}

static void forget(void *state, struct troth_proof_waiter *waiter)
{
    struct minting *minting = waiter->private_source;

    (void)state;
    for (size_t i = 0; minting && i < minting->count; i++)
        if (minting->waiters[i] == waiter)
            minting->waiters[i] = NULL;
    waiter->private_source = NULL;
}

static enum troth_err sign(void *state, uint8_t out[static 64], enum troth_role role,
                           struct troth_span key, struct troth_span binding)
{
    struct troth_proofs *proofs = state;

    return troth_prover_sign(proofs->agent->prover, out, role, key, binding);
}

enum troth_err troth_proofs_create(struct troth_proofs **out, struct troth_agent *agent)
{
    struct troth_proofs *proofs = calloc(1, sizeof *proofs);

    *out = proofs;
    if (!proofs)
        return TROTH_ERR_MEMORY;
    proofs->agent = agent;
    troth_quota_init(&proofs->quota, proofs->rows, TROTH_PROOFS_PEERS, TROTH_PROOFS_BURST,
                     TROTH_PROOFS_TOKEN_MS);
    return TROTH_OK;
}

void troth_proofs_destroy(struct troth_proofs *proofs)
{
    if (!proofs)
        return;
    for (struct minting *m = proofs->under_way; m; m = m->next)
        m->count = 0;
    proofs->is_ending = true;
    if (!proofs->under_way)
        free(proofs);
}

struct troth_proof_source troth_proofs_source(struct troth_proofs *proofs)
{
    return (struct troth_proof_source){proofs, ask, forget, sign};
}
