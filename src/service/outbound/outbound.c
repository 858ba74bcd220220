/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/outbound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/descriptors.h"
#include "service/outbound/session.h"

enum {
    ACCEPTED_AT_ONCE = 64, /* before others have their turn */
    SAID_MAX = 20 /* lines a second: the program decides how often it is refused */
};

/* What is out now (descriptors, memory) may be there again by then. */
static const struct timeval pause_time = {.tv_usec = 100000};

/* ---- the log ---- */

static bool may_say(struct troth_outbound *outbound)
{
    const int64_t now_ms = troth_clock_monotonic_ms();
    char line[80];

    if (now_ms - outbound->said_ms >= 1000) {
        const size_t unsaid = outbound->said > SAID_MAX ? outbound->said - SAID_MAX : 0;

        outbound->said_ms = now_ms;
        outbound->said = 0;
        (void)snprintf(line, sizeof line, "and %zu more like these", unsaid);
        if (unsaid > 0)
            outbound->options.log(outbound->options.state, line);
    }
    return ++outbound->said <= SAID_MAX;
}

void troth_outbound_say(struct troth_outbound *outbound, const struct troth_way *way,
                        const char *what, const char *why)
{
    const struct troth_connect *asked = &way->asked;
    char line[TROTH_HOST_NAME_MAX + 256], port[8] = "";

    if (!may_say(outbound))
        return;
    if (asked->port)
        (void)snprintf(port, sizeof port, ":%u", asked->port);
    (void)snprintf(line, sizeof line, "%s: %s%s%s%s", what, asked->name.text, port,
                   asked->port ? ": " : "", why);
    outbound->options.log(outbound->options.state, line);
}

/* ---- connections ---- */

/* Who finds it full waits in the listener's queue. */
static void accept_if_not_full(struct troth_outbound *outbound)
{
    const bool may = outbound->count < outbound->most &&
                     !evtimer_pending(&outbound->pause, NULL);

    if (may == outbound->is_accepting)
        return;
    outbound->is_accepting = may;
    if (may)
        (void)event_add(&outbound->accepting, NULL);
    else
        (void)event_del(&outbound->accepting);
}

void troth_outbound_forget(struct troth_way *way)
{
    struct troth_outbound *outbound = way->outbound;

    if (way->before)
        way->before->next = way->next;
    else
        outbound->first = way->next;
    if (way->next)
        way->next->before = way->before;
    outbound->count--;
    free(way);
    accept_if_not_full(outbound);
}

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR ||
           error == ECONNABORTED;
}

static void on_accept(int listener, short what, void *given)
{
    struct troth_outbound *outbound = given;

    (void)what;
    for (int i = 0; i < ACCEPTED_AT_ONCE && outbound->count < outbound->most; i++) {
        const int descriptor = accept(listener, NULL, NULL);

        if (descriptor >= 0 && troth_way_open(outbound, descriptor))
            continue;
        if (descriptor >= 0 || !is_passing(errno))
            (void)evtimer_add(&outbound->pause, &pause_time);
        break;
    }
    accept_if_not_full(outbound);
}

static void on_rested(int unused, short what, void *given)
{
    (void)unused;
    (void)what;
    accept_if_not_full(given);
}

static size_t most_of(size_t descriptors)
{
    if (descriptors >= TROTH_OUTBOUND_DESCRIPTORS)
        return TROTH_OUTBOUND_SESSIONS_MAX;
    if (descriptors < TROTH_OUTBOUND_OTHERS + 2)
        return 1;
    return (descriptors - TROTH_OUTBOUND_OTHERS) / 2;
}

int troth_outbound_create(struct troth_outbound **out,
                          const struct troth_outbound_options *options)
{
    const size_t room = troth_descriptors_raise(TROTH_OUTBOUND_DESCRIPTORS);
    struct troth_outbound *outbound = calloc(1, sizeof *outbound);
    int failed;

    *out = NULL;
    if (!outbound)
        return ENOMEM;
    outbound->options = *options;
    outbound->most = most_of(room);
    failed = troth_lookups_create(&outbound->lookups, options->base,
                                  TROTH_OUTBOUND_THREADS, options->resolve);
    if (!failed && !troth_address_settle(options->listener))
        failed = errno;
    if (failed) {
        (void)troth_lookups_destroy(outbound->lookups);
        free(outbound);
        return failed;
    }
    (void)event_assign(&outbound->accepting, options->base, options->listener,
                       EV_READ | EV_PERSIST, on_accept, outbound);
    (void)evtimer_assign(&outbound->pause, options->base, on_rested, outbound);
    accept_if_not_full(outbound);
    *out = outbound;
    return 0;
}

bool troth_outbound_destroy(struct troth_outbound *outbound)
{
    bool is_free;

    if (!outbound)
        return true;
    while (outbound->first)
        troth_way_close(outbound->first);
    (void)event_del(&outbound->accepting);
    (void)event_del(&outbound->pause);
    is_free = troth_lookups_destroy(outbound->lookups);
    free(outbound);
    return is_free;
}
