/* SPDX-License-Identifier: Apache-2.0 */
#include "log/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/problem.h"
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
    bool is_busy;        /* somebody writes */
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

static uint64_t commit(struct troth_log_gather *g, struct troth_log_problem *problem,
                       const struct troth_log_item *items, size_t count)
{
    struct troth_sequence *sequence = g->options.sequence;
    uint64_t first = 0;

    *problem = (struct troth_log_problem){0};
    if (sequence->ops->append(sequence, problem, &first, items, count) == 0)
        *problem = (struct troth_log_problem){0};
    g->options.report(g->options.state, problem, first + count);
    return first;
}

/* From inside the gate to the order, and back. */
static void begin(struct troth_log_gather *g)
{
    g->is_busy = true;
    troth_log_gate_leave(&g->gate);
}

static void end(struct troth_log_gather *g)
{
    troth_log_gate_enter(&g->gate);
    g->is_busy = false;
    if (g->first || g->is_ending) /* nobody is woken for nothing */
        troth_log_gate_tell(&g->gate);
}

static void *work(void *state)
{
    struct troth_log_gather *g = state;

    troth_log_gate_enter(&g->gate);
    while (g->first || g->is_busy || !g->is_ending) {
        struct troth_log_problem problem;
        struct party *taken;
        uint64_t first;
        size_t count;

        if (!g->first || g->is_busy) {
            troth_log_gate_wait(&g->gate);
            continue;
        }
        taken = take(g, &count);
        begin(g);
        first = commit(g, &problem, g->together, count);
        answer(taken, first, &problem);
        end(g);
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

/* ---- callers who wait ---- */

struct waiting {
    struct troth_log_gate gate;
    struct troth_log_problem problem;
    uint64_t index;
    bool is_done;
};

static void wake(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    struct waiting *waiting = state;

    troth_log_gate_enter(&waiting->gate);
    waiting->index = index;
    waiting->problem = *problem;
    waiting->is_done = true;
    troth_log_gate_tell(&waiting->gate);
    troth_log_gate_leave(&waiting->gate);
}

static int refuse(struct troth_log_problem *problem, int failed)
{
    static const struct {
        int failed;
        const char *clause;
    } rows[] = {
        {EAGAIN, "too many entries are waiting"},
        {EFBIG, "an entry is too large, or there are too many at once"},
        {EINVAL, "there is nothing to append"},
        {ESHUTDOWN, "the log is being closed"},
        {ENOMEM, "out of memory"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].failed == failed)
            return troth_log_problem_say(problem, failed, rows[i].clause);
    return troth_log_problem_say(problem, failed, "cannot append");
}

static int append_with_others(struct troth_log_gather *g,
                              struct troth_log_problem *problem, uint64_t *out_first,
                              const struct troth_log_item *items, size_t count)
{
    struct waiting waiting = {.is_done = false};
    int failed = troth_log_gate_init(&waiting.gate);

    if (failed)
        return refuse(problem, failed);
    failed = troth_log_gather_put(g, items, count, wake, &waiting);
    if (!failed) {
        troth_log_gate_enter(&waiting.gate);
        while (!waiting.is_done)
            troth_log_gate_wait(&waiting.gate);
        troth_log_gate_leave(&waiting.gate);
    }
    troth_log_gate_finish(&waiting.gate);
    if (failed)
        return refuse(problem, failed);
    *problem = waiting.problem;
    *out_first = waiting.index;
    return problem->failed;
}

int troth_log_gather_append(struct troth_log_gather *gather,
                            struct troth_log_problem *problem, uint64_t *out_first,
                            const struct troth_log_item *items, size_t count)
{
    size_t bytes;
    bool is_free;
    int failed = measure(items, count, &bytes);

    *out_first = 0;
    if (failed)
        return refuse(problem, failed);
    troth_log_gate_enter(&gather->gate);
    is_free = !gather->is_busy && !gather->first && !gather->is_ending;
    if (!is_free) {
        troth_log_gate_leave(&gather->gate);
        return append_with_others(gather, problem, out_first, items, count);
    }
    begin(gather);
    *out_first = commit(gather, problem, items, count);
    end(gather);
    troth_log_gate_leave(&gather->gate);
    return problem->failed;
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
