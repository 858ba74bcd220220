/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/connect/child.h"
#include "cli/connect/door.h"
#include "cli/connect/errand.h"
#include "cli/status.h"
#include "os/cause.h"
#include "os/clock.h"

enum {
    LOOK_UP_AGAIN_S = 3,     /* a name, where none of its addresses answers */
    RENEW_AGAIN_S = 600,     /* collateral that lapses soon, where none was to be had */
    LONGEST_TIMER_S = 86400, /* a clock may be set meanwhile */
};

static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCHLD};
enum { SIGNAL_COUNT = sizeof signals / sizeof *signals };

struct serve {
    struct troth_side *side;
    struct troth_teller *teller;
    struct event_base *base;
    struct event *signals[SIGNAL_COUNT];
    struct event *renewal;
    struct troth_local_door door;
    struct troth_relay *relay;
    struct troth_errand fetching, naming;
    struct troth_pieces wanted, fetched; /* on the way; the second is the errand's */
    bool is_renewal;
    struct troth_target found; /* the errand's */
    int64_t named_s;
    pid_t child; /* -1: there is none */
    int status;
};

/* ---- collateral ---- */

static void fetch(void *state)
{
    struct serve *serve = state;

    troth_stock_fetch(&serve->side->stock, &serve->fetched, serve->is_renewal);
}

static void send_for_wanted(struct serve *serve)
{
    if (serve->fetching.is_running || !serve->wanted.count)
        return;
    serve->fetched = serve->wanted;
    serve->wanted = (struct troth_pieces){NULL, 0};
    if (!troth_errand_send(&serve->fetching))
        troth_pieces_release(&serve->fetched);
}

static void set_renewal(struct serve *serve, int64_t least_s)
{
    const int64_t due_s = troth_stock_due_s(&serve->side->stock);
    struct timeval left = {.tv_sec = LONGEST_TIMER_S};
    const int64_t now_s = troth_clock_now_s();

    if (due_s < INT64_MAX && due_s - now_s < LONGEST_TIMER_S)
        left.tv_sec = (time_t)(due_s - now_s > least_s ? due_s - now_s : least_s);
    if (due_s < INT64_MAX)
        (void)event_add(serve->renewal, &left);
}

static void on_fetched(void *state)
{
    struct serve *serve = state;
    const bool is_new = troth_stock_take(&serve->side->stock, &serve->fetched, NULL);

    if (is_new)
        troth_side_renew(serve->side);
    set_renewal(serve, RENEW_AGAIN_S);
    serve->is_renewal = false;
    send_for_wanted(serve);
    /* What some of them wait for may be what was sent for just now. */
    if (!serve->fetching.is_running)
        troth_relay_looked(serve->relay);
    if (is_new)
        troth_relay_changed(serve->relay);
}

static bool look(void *state, const struct troth_needs *needs)
{
    struct serve *serve = state;

    troth_stock_note(&serve->wanted, needs);
    send_for_wanted(serve);
    return !serve->fetching.is_running;
}

static void on_renewal(evutil_socket_t descriptor, short what, void *state)
{
    struct serve *serve = state;

    (void)descriptor;
    (void)what;
    if (!serve->fetching.is_running) {
        troth_stock_note_all(&serve->wanted, &serve->side->stock);
        serve->is_renewal = true;
        send_for_wanted(serve);
    }
    set_renewal(serve, RENEW_AGAIN_S);
}

/* ---- names ---- */

static void look_up(void *state)
{
    struct serve *serve = state;

    (void)troth_target_look_up(&serve->found);
}

static void on_looked_up(void *state)
{
    struct serve *serve = state;

    serve->side->target = serve->found;
    troth_relay_aim(serve->relay, serve->found.rows, serve->found.count);
}

static void on_unreached(void *state, int error)
{
    struct serve *serve = state;
    const int64_t now_s = troth_clock_now_s();
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, error);
    troth_tell_unreached(serve->teller, cause);
    if (!serve->side->target.is_name || serve->naming.is_running ||
        (now_s >= serve->named_s && now_s < serve->named_s + LOOK_UP_AGAIN_S))
        return;
    serve->named_s = now_s;
    serve->found = serve->side->target;
    (void)troth_errand_send(&serve->naming);
}

/* ---- connections ---- */

static void on_opened(void *state, const struct troth_connection *connection)
{
    struct serve *serve = state;

    troth_tell_proven(serve->teller, connection);
}

static void on_closed(void *state, const struct troth_connection *connection)
{
    struct serve *serve = state;

    troth_tell_refused(serve->teller, connection);
}

static bool make_relay(struct serve *serve)
{
    const struct troth_side *side = serve->side;
    const struct troth_relay_options options = {
        .base = serve->base,
        .listener = serve->door.listener,
        .tls = side->tls,
        .tools = &side->tools,
        .asks = side->order->asks,
        .max_age_s = side->order->max_age_s,
        .upstream = side->target.rows[0],
        .server = side->order->address,
        .look = look,
        .opened = on_opened,
        .closed = on_closed,
        .unreached = on_unreached,
        .state = serve,
    };

    if (troth_relay_create(&serve->relay, &options))
        return false;
    troth_relay_aim(serve->relay, side->target.rows, side->target.count);
    return true;
}

/* ---- signals ---- */

static void on_signal(evutil_socket_t number, short what, void *state)
{
    struct serve *serve = state;

    (void)what;
    if (number == SIGCHLD) {
        if (serve->child >= 0 && troth_child_has_ended(&serve->status, serve->child)) {
            serve->child = -1;
            (void)event_base_loopbreak(serve->base);
        }
    } else if (serve->child >= 0) {
        troth_child_signal(serve->child, (int)number);
    } else {
        (void)event_base_loopbreak(serve->base);
    }
}

static bool take_signals(struct serve *serve)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        serve->signals[i] = evsignal_new(serve->base, signals[i], on_signal, serve);
        if (!serve->signals[i] || event_add(serve->signals[i], NULL) != 0)
            return false;
    }
    return true;
}

/* ---- all of it ---- */

/* One thread, and nothing that the environment could change. */
static bool make_base(struct serve *serve)
{
    struct event_config *config = event_config_new();

    if (!config)
        return false;
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
    serve->base = event_base_new_with_config(config);
    event_config_free(config);
    return serve->base != NULL;
}

static bool make_all(struct serve *serve, struct troth_problem *problem)
{
    if (make_base(serve) && take_signals(serve) && make_relay(serve) &&
        !troth_errand_begin(&serve->fetching, serve->base, fetch, on_fetched, serve) &&
        !troth_errand_begin(&serve->naming, serve->base, look_up, on_looked_up, serve)) {
        serve->renewal = evtimer_new(serve->base, on_renewal, serve);
        if (serve->renewal)
            return true;
    }
    return troth_problem_memory(problem);
}

static int run_command(struct serve *serve, struct troth_problem *problem)
{
    struct troth_connect_order *order = serve->side->order;

    return troth_child_start(&serve->child, &order->common.inputs, problem,
                             order->command, serve->door.port);
}

static void announce(const struct serve *serve)
{
    troth_tell_listening(serve->teller, serve->door.at);
    if (serve->door.is_open_to_others)
        troth_say("note",
                  "other machines can reach this address, too, without any proof of "
                  "their own");
}

static void run(struct serve *serve, struct troth_problem *problem)
{
    const struct troth_connect_order *order = serve->side->order;

    serve->status = TROTH_STATUS_UNDETERMINED;
    if (!troth_local_door_open(&serve->door, problem,
                               order->command ? "0" : order->listen) ||
        !make_all(serve, problem))
        return;
    serve->status = order->command ? run_command(serve, problem) : TROTH_STATUS_YES;
    if (problem->name)
        return;
    if (!order->command)
        announce(serve);
    set_renewal(serve, 1);
    if (event_base_dispatch(serve->base) < 0)
        serve->status = TROTH_STATUS_UNDETERMINED;
}

static void end(struct serve *serve)
{
    bool is_free;

    troth_relay_destroy(serve->relay);
    troth_local_door_close(&serve->door);
    is_free = troth_errand_end(&serve->fetching);
    is_free = troth_errand_end(&serve->naming) && is_free;
    if (!is_free) {
        /* A thread still uses what would be freed. */
        (void)fflush(NULL);
        _Exit(serve->status);
    }
    troth_pieces_release(&serve->wanted);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (serve->signals[i])
            event_free(serve->signals[i]);
    if (serve->renewal)
        event_free(serve->renewal);
    if (serve->base)
        event_base_free(serve->base);
}

int troth_serve(struct troth_side *side, struct troth_teller *teller,
                struct troth_problem *problem)
{
    struct serve serve = {
        .side = side,
        .teller = teller,
        .door = {.listener = -1, .socket = {.descriptor = -1, .lock = -1}},
        .child = -1};

    run(&serve, problem);
    end(&serve);
    return serve.status;
}
