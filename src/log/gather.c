/* SPDX-License-Identifier: Apache-2.0 */
#include "log/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/thread.h"
#include "log/writer.h"

/* One transaction: more at once is not quicker, and its pages have to fit in memory. */
#define TOGETHER_MAX       4096
#define TOGETHER_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* What one caller put in; its items' bytes stand behind it. */
struct party {
    struct party *next;
    size_t count, bytes;
    void (*done)(void *state, uint64_t index, const struct troth_log_problem *problem);
    void *state;
    struct troth_log_item items[];
};

struct troth_log_gather {
    struct troth_log_gather_options options;
    struct troth_log_gate gate;
    pthread_t thread;
    struct party *first, **last;
    size_t count, bytes; /* of what waits */
    bool is_ending;
    struct troth_log_item together[TROTH_LOG_WAITING_MAX]; /* the thread's own */
};

/* ---- the thread ---- */

/* As many as go into one transaction, and one party at least. */
static struct party *take(struct troth_log_gather *g, size_t *count)
{
    struct party *const taken = g->first;
    struct party **end = &g->first;
    size_t bytes = 0;

    *count = 0;
    while (*end && (*count == 0 || (*count + (*end)->count <= TOGETHER_MAX &&
                                    bytes + (*end)->bytes <= TOGETHER_BYTES_MAX))) {
        memcpy(&g->together[*count], (*end)->items,
               (*end)->count * sizeof g->together[0]);
        *count += (*end)->count;
        bytes += (*end)->bytes;
        end = &(*end)->next;
    }
    g->first = *end;
    *end = NULL;
    if (!g->first)
        g->last = &g->first;
    g->count -= *count;
    g->bytes -= bytes;
    return taken;
}

static void answer(struct party *party, uint64_t index,
                   const struct troth_log_problem *problem)
{
    while (party) {
        struct party *const next = party->next;

        party->done(party->state, problem->failed ? 0 : index, problem);
        index += party->count;
        free(party);
        party = next;
    }
}

static void commit(struct troth_log_gather *g, struct party *taken, size_t count)
{
    struct troth_sequence *sequence = g->options.sequence;
    struct troth_log_problem problem = {0};
    uint64_t first = 0;

    if (sequence->ops->append(sequence, &problem, &first, g->together, count) == 0)
        problem = (struct troth_log_problem){0};
    g->options.report(g->options.state, &problem, first + count);
    answer(taken, first, &problem);
}

static void *work(void *state)
{
    struct troth_log_gather *g = state;

    troth_log_gate_enter(&g->gate);
    while (g->first || !g->is_ending) {
        struct party *taken;
        size_t count;

        if (!g->first) {
            troth_log_gate_wait(&g->gate);
            continue;
        }
        taken = take(g, &count);
        troth_log_gate_leave(&g->gate);
        commit(g, taken, count);
        troth_log_gate_enter(&g->gate);
    }
    troth_log_gate_leave(&g->gate);
    return NULL;
}

/* ---- callers ---- */

static int measure(const struct troth_log_item *items, size_t count, size_t *bytes)
{
    *bytes = 0;
    if (count == 0)
        return EINVAL;
    if (count > TROTH_LOG_WAITING_MAX)
        return EFBIG;
    for (size_t i = 0; i < count; i++) {
        if (items[i].entry.len > TROTH_LOG_ENTRY_MAX ||
            items[i].sealed.len > TROTH_SEALED_MAX)
            return EFBIG;
        *bytes += items[i].entry.len + items[i].sealed.len;
    }
    return *bytes > TROTH_LOG_WAITING_BYTES_MAX ? EFBIG : 0;
}

static struct troth_span keep(uint8_t **to, struct troth_span bytes)
{
    const struct troth_span kept = {*to, bytes.len};

    if (bytes.len > 0)
        memcpy(*to, bytes.ptr, bytes.len);
    *to += bytes.len;
    return kept;
}

static struct party *copy(const struct troth_log_item *items, size_t count, size_t bytes)
{
    struct party *party = malloc(sizeof *party + count * sizeof party->items[0] + bytes);
    uint8_t *to;

    if (!party)
        return NULL;
    *party = (struct party){.count = count, .bytes = bytes};
    to = (uint8_t *)&party->items[count];
    for (size_t i = 0; i < count; i++) {
        party->items[i].entry = keep(&to, items[i].entry);
        party->items[i].sealed = keep(&to, items[i].sealed);
    }
    return party;
}

static int enqueue(struct troth_log_gather *g, struct party *party)
{
    int failed = 0;

    troth_log_gate_enter(&g->gate);
    if (g->is_ending)
        failed = ESHUTDOWN;
    else if (g->count + party->count > TROTH_LOG_WAITING_MAX ||
             g->bytes + party->bytes > TROTH_LOG_WAITING_BYTES_MAX)
        failed = EAGAIN;
    if (!failed) {
        *g->last = party;
        g->last = &party->next;
        g->count += party->count;
        g->bytes += party->bytes;
        troth_log_gate_tell(&g->gate);
    }
    troth_log_gate_leave(&g->gate);
    return failed;
}

int troth_log_gather_put(struct troth_log_gather *gather,
                         const struct troth_log_item *items, size_t count,
                         void (*done)(void *state, uint64_t index,
                                      const struct troth_log_problem *problem),
                         void *state)
{
    struct party *party;
    size_t bytes;
    int failed = measure(items, count, &bytes);

    if (failed)
        return failed;
    party = copy(items, count, bytes);
    if (!party)
        return ENOMEM;
    party->done = done;
    party->state = state;
    failed = enqueue(gather, party);
    if (failed)
        free(party);
    return failed;
}

int troth_log_gather_start(struct troth_log_gather **out,
                           const struct troth_log_gather_options *options)
{
    struct troth_log_gather *g = calloc(1, sizeof *g);
    int failed;

    *out = NULL;
    if (!g)
        return ENOMEM;
    g->options = *options;
    g->last = &g->first;
    failed = troth_log_gate_init(&g->gate);
    if (!failed) {
        failed = troth_log_thread_start(&g->thread, work, g);
        if (failed)
            troth_log_gate_finish(&g->gate);
    }
    if (failed)
        free(g);
    else
        *out = g;
    return failed;
}

void troth_log_gather_stop(struct troth_log_gather *gather)
{
    if (!gather)
        return;
    troth_log_gate_enter(&gather->gate);
    gather->is_ending = true;
    troth_log_gate_tell(&gather->gate);
    troth_log_gate_leave(&gather->gate);
    (void)pthread_join(gather->thread, NULL);
    troth_log_gate_finish(&gather->gate);
    free(gather);
}
