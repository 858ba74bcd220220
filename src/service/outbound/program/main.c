/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <unistd.h>

#include "os/descriptors.h"
#include "os/process.h"
#include "os/standard.h"
#include "service/listener.h"
#include "service/outbound/outbound.h"
#include "service/outbound/program/order.h"
#include "service/outbound/program/say.h"
#include "service/ready.h"

enum { STATUS_ENDED = 0, STATUS_ERROR = 2 };

static const int ending[] = {SIGTERM, SIGINT};

enum { SIGNAL_COUNT = sizeof ending / sizeof *ending };

/* Everything the process has open, in the order it is opened. */
struct program {
    struct troth_outbound_order order;
    int listener, ready; /* -1: none */
    struct event_base *base;
    struct event *signals[SIGNAL_COUNT];
    struct troth_outbound *outbound;
};

/* First of all, so that no number that was handed in can be one of ours. */
static bool take_descriptors(struct program *p, struct troth_problem *problem)
{
    const char *listen = p->order.listen, *ready = p->order.ready;
    int failed = ready ? troth_ready_take(&p->ready, ready) : 0;

    if (failed)
        return troth_problem_io(problem, "--ready: cannot tell", ready, failed);
    failed = troth_listener_take(&p->listener, listen);
    if (failed == EINVAL)
        return troth_problem_usage(
            problem, "--listen: '%s' is no address with a port, and no fd:N", listen);
    return !failed || troth_problem_io(problem, "cannot listen at", listen, failed);
}

static bool become_user(struct program *p, struct troth_problem *problem)
{
    const char *name = p->order.user;
    uint32_t user, group;
    int failed;

    if (!name)
        return true;
    failed = troth_process_find_user(&user, &group, name);
    if (failed)
        return troth_problem_io(problem, "cannot find the user", name, failed);
    failed = troth_process_become(user, group);
    return !failed || troth_problem_io(problem, "cannot become", name, failed);
}

static void on_end(int number, short what, void *given)
{
    const struct program *p = given;

    (void)number;
    (void)what;
    (void)event_base_loopbreak(p->base);
}

static void on_log(void *state, const char *line)
{
    (void)state;
    troth_outbound_log(line);
}

/* Nothing that the environment could change. */
static bool make_loop(struct program *p)
{
    struct event_config *config = event_config_new();
    bool is_made;

    if (config) {
        (void)event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
        p->base = event_base_new_with_config(config);
        event_config_free(config);
    }
    is_made = p->base != NULL;
    for (size_t i = 0; is_made && i < SIGNAL_COUNT; i++) {
        p->signals[i] = evsignal_new(p->base, ending[i], on_end, p);
        is_made = p->signals[i] && event_add(p->signals[i], NULL) == 0;
    }
    return is_made;
}

static bool open_all(struct program *p, struct troth_problem *problem)
{
    int failed;

    if (!take_descriptors(p, problem))
        return false;
    (void)troth_descriptors_raise(TROTH_OUTBOUND_DESCRIPTORS);
    if (!become_user(p, problem))
        return false;
    if (!make_loop(p))
        return troth_problem_memory(problem);

    const struct troth_outbound_options options = {
        .base = p->base,
        .listener = p->listener,
        .allow = &p->order.allow,
        .timeout_s = p->order.timeout_s,
        .resolve = troth_resolve,
        .log = on_log,
    };

    failed = troth_outbound_create(&p->outbound, &options);
    if (failed)
        return troth_problem_io(problem, "cannot serve", p->order.listen, failed);
    failed = troth_ready_tell(p->ready);
    p->ready = -1;
    return !failed || troth_problem_io(problem, "cannot tell", p->order.ready, failed);
}

static void close_all(struct program *p)
{
    /* A look-up under way has what it uses in its hands until the process ends: so that
     * is now. */
    if (!troth_outbound_destroy(p->outbound))
        _exit(STATUS_ENDED);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (p->signals[i])
            event_free(p->signals[i]);
    if (p->base)
        event_base_free(p->base);
    if (p->listener >= 0)
        (void)close(p->listener);
}

static int harden(struct troth_problem *problem)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    int failed = troth_standard_hold();

    if (!failed)
        failed = troth_process_harden();
    if (!failed && sigaction(SIGPIPE, &ignore, NULL) != 0)
        failed = errno;
    if (failed)
        (void)troth_problem_io(problem, "cannot guard", "this process", failed);
    return failed;
}

static int run(struct program *p, struct troth_problem *problem)
{
    if (!open_all(p, problem))
        return troth_outbound_say_problem(problem);
    troth_outbound_log("ready");
    if (event_base_dispatch(p->base) < 0)
        return STATUS_ERROR;
    troth_outbound_log("ended");
    return STATUS_ENDED;
}

int main(int argc, char **argv)
{
    static struct program program = {.listener = -1, .ready = -1};
    struct troth_problem problem = {0};
    bool wants_help = false;
    int status;

    (void)argc;
    if (harden(&problem))
        return troth_outbound_say_problem(&problem);
    if (!troth_outbound_order_parse(&program.order, &problem, &wants_help,
                                    (const char *const *)argv + 1))
        return troth_outbound_say_problem(&problem);
    if (wants_help) {
        troth_outbound_say_help();
        return STATUS_ENDED;
    }
    status = run(&program, &problem);
    close_all(&program);
    return status;
}
