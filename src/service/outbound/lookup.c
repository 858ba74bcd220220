/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/lookup.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/address.h"

enum { THREADS_MAX = 64 };

struct troth_lookup {
    struct troth_lookups *lookups;
    struct troth_lookup *before, *next; /* in the line it stands in */
    struct troth_host_name name;
    uint16_t port;
    struct troth_addresses found;
    void (*then)(void *state, const struct troth_addresses *found);
    void *state;
    bool is_begun;     /* a thread has it, or had; for whoever holds the lock */
    bool is_forgotten; /* the loop's alone */
};

struct line {
    struct troth_lookup *first, *last;
};

struct troth_lookups {
    pthread_mutex_t lock; /* of all that follows up to the lines */
    pthread_cond_t changed;
    pthread_t threads[THREADS_MAX];
    unsigned count, busy;
    bool is_ending;
    struct line asked, answered;
    troth_resolve_fn *resolve;
    int wake[2]; /* a byte says that something is answered */
    struct event *woken;
};

static void append(struct line *line, struct troth_lookup *lookup)
{
    lookup->next = NULL;
    lookup->before = line->last;
    if (line->last)
        line->last->next = lookup;
    else
        line->first = lookup;
    line->last = lookup;
}

static void take_out(struct line *line, struct troth_lookup *lookup)
{
    if (lookup->before)
        lookup->before->next = lookup->next;
    else
        line->first = lookup->next;
    if (lookup->next)
        lookup->next->before = lookup->before;
    else
        line->last = lookup->before;
}

static struct troth_lookup *take_first(struct line *line)
{
    struct troth_lookup *first = line->first;

    if (first)
        take_out(line, first);
    return first;
}

/* ---- in a thread ---- */

static void *work(void *given)
{
    struct troth_lookups *lookups = given;

    (void)pthread_mutex_lock(&lookups->lock);
    while (!lookups->is_ending) {
        struct troth_lookup *lookup = take_first(&lookups->asked);

        if (!lookup) {
            (void)pthread_cond_wait(&lookups->changed, &lookups->lock);
            continue;
        }
        lookup->is_begun = true;
        lookups->busy++;
        (void)pthread_mutex_unlock(&lookups->lock);
        lookups->resolve(&lookup->found, lookup->name.text, lookup->port);
        (void)pthread_mutex_lock(&lookups->lock);
        lookups->busy--;
        append(&lookups->answered, lookup);
        /* A full pipe is one that wakes the loop already. */
        if (write(lookups->wake[1], "", 1) < 0)
            continue;
    }
    (void)pthread_mutex_unlock(&lookups->lock);
    return NULL;
}

/* ---- in the loop ---- */

static struct troth_lookup *take_answered(struct troth_lookups *lookups)
{
    struct troth_lookup *lookup;

    (void)pthread_mutex_lock(&lookups->lock);
    lookup = take_first(&lookups->answered);
    (void)pthread_mutex_unlock(&lookups->lock);
    return lookup;
}

static void on_woken(int descriptor, short what, void *given)
{
    struct troth_lookups *lookups = given;
    struct troth_lookup *lookup;
    char bytes[64];

    (void)what;
    while (read(descriptor, bytes, sizeof bytes) > 0)
        continue;
    while ((lookup = take_answered(lookups)) != NULL) {
        if (!lookup->is_forgotten)
            lookup->then(lookup->state, &lookup->found);
        free(lookup);
    }
}

static bool start_threads(struct troth_lookups *lookups, unsigned count)
{
    sigset_t all, before;
    int failed = 0;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (!failed && lookups->count < count) {
        failed = pthread_create(&lookups->threads[lookups->count], NULL, work, lookups);
        lookups->count += !failed;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failed;
    return !failed;
}

static bool make_waking(struct troth_lookups *lookups, struct event_base *base)
{
    if (pipe(lookups->wake) != 0) {
        lookups->wake[0] = lookups->wake[1] = -1;
        return false;
    }
    if (!troth_address_settle(lookups->wake[0]) ||
        !troth_address_settle(lookups->wake[1]))
        return false;
    lookups->woken = event_new(base, lookups->wake[0], EV_READ | EV_PERSIST, on_woken,
                               lookups);
    errno = ENOMEM;
    return lookups->woken && event_add(lookups->woken, NULL) == 0;
}

static void free_line(struct line *line)
{
    struct troth_lookup *next;

    for (struct troth_lookup *lookup = line->first; lookup; lookup = next) {
        next = lookup->next;
        free(lookup);
    }
}

static bool end_threads(struct troth_lookups *lookups)
{
    (void)pthread_mutex_lock(&lookups->lock);
    const bool is_free = lookups->busy == 0;

    lookups->is_ending = true;
    (void)pthread_cond_broadcast(&lookups->changed);
    (void)pthread_mutex_unlock(&lookups->lock);
    for (unsigned i = 0; is_free && i < lookups->count; i++)
        (void)pthread_join(lookups->threads[i], NULL);
    return is_free;
}

int troth_lookups_create(struct troth_lookups **out, struct event_base *base,
                         unsigned threads, troth_resolve_fn *resolve)
{
    struct troth_lookups *lookups = calloc(1, sizeof *lookups);
    int failed;

    *out = NULL;
    if (!lookups)
        return ENOMEM;
    lookups->resolve = resolve;
    (void)pthread_mutex_init(&lookups->lock, NULL);
    (void)pthread_cond_init(&lookups->changed, NULL);
    if (make_waking(lookups, base) &&
        start_threads(lookups, threads < THREADS_MAX ? threads : THREADS_MAX)) {
        *out = lookups;
        return 0;
    }
    failed = errno;
    (void)troth_lookups_destroy(lookups);
    return failed;
}

bool troth_lookups_destroy(struct troth_lookups *lookups)
{
    if (!lookups)
        return true;
    if (!end_threads(lookups))
        return false;
    free_line(&lookups->asked);
    free_line(&lookups->answered);
    if (lookups->woken)
        event_free(lookups->woken);
    for (size_t i = 0; i < 2; i++)
        if (lookups->wake[i] >= 0)
            (void)close(lookups->wake[i]);
    (void)pthread_cond_destroy(&lookups->changed);
    (void)pthread_mutex_destroy(&lookups->lock);
    free(lookups);
    return true;
}

struct troth_lookup *troth_lookup_begin(
    struct troth_lookups *lookups, const struct troth_host_name *name, uint16_t port,
    void (*then)(void *state, const struct troth_addresses *found), void *state)
{
    struct troth_lookup *lookup = calloc(1, sizeof *lookup);

    if (!lookup)
        return NULL;
    lookup->lookups = lookups;
    lookup->name = *name;
    lookup->port = port;
    lookup->then = then;
    lookup->state = state;
    (void)pthread_mutex_lock(&lookups->lock);
    append(&lookups->asked, lookup);
    (void)pthread_cond_signal(&lookups->changed);
    (void)pthread_mutex_unlock(&lookups->lock);
    return lookup;
}

void troth_lookup_forget(struct troth_lookup *lookup)
{
    struct troth_lookups *lookups = lookup->lookups;

    (void)pthread_mutex_lock(&lookups->lock);
    lookup->is_forgotten = lookup->is_begun;
    if (!lookup->is_forgotten)
        take_out(&lookups->asked, lookup);
    const bool is_mine = !lookup->is_forgotten;

    (void)pthread_mutex_unlock(&lookups->lock);
    if (is_mine)
        free(lookup);
}
