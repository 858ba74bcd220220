/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <event2/event.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "os/local_socket.h"
#include "os/process.h"
#include "os/standard.h"
#include "service/address.h"
#include "service/agent/agent.h"
#include "service/agent/api.h"
#include "service/agent/first_events.h"
#include "service/agent/program/channel.h"
#include "service/agent/program/order.h"
#include "service/agent/program/say.h"
#include "service/agent/program/watch.h"
#include "service/listener.h"
#include "service/ready.h"
#include "troth/provider.h"

/* OpenSSL's own memory for private numbers: locked, and never in a dump. A server's
 * connection holds the 32 bytes of its handshake for as long as it lives, and without
 * room for them there is no handshake: enough for 60,000. */
enum { SECURE_BYTES = 2 * 1024 * 1024, SECURE_LEAST = 32 };

enum { STATUS_ENDED = 0, STATUS_ERROR = 2, SIGNALS_MAX = 3 };

/* Everything the process has open, in the order it is opened. */
struct program {
    struct troth_agent_order order;
    struct troth_crypto crypto;
    struct troth_local_socket socket;
    struct troth_attester *attester;
    struct event_base *base;
    struct event *signals[SIGNALS_MAX];
    struct troth_agent *agent;
    struct troth_channel_end *channel; /* NULL: none is asked for */
    struct troth_watch *watch;
    bool is_socket_handed_in;
    int ready;     /* to be told when all that is open; -1: nobody asked */
    bool is_ended; /* somebody asked for the end */
};

static bool fail_at(struct troth_problem *problem, const char *what, const char *subject,
                    int error)
{
    return troth_problem_io(problem, what, subject, error);
}

static bool take_ready(struct program *p, struct troth_problem *problem)
{
    const char *text = p->order.ready;
    const int failed = text ? troth_ready_take(&p->ready, text) : 0;

    if (failed == EINVAL)
        return troth_problem_usage(problem, "--ready: '%s' is no descriptor", text);
    return !failed || fail_at(problem, "cannot say at descriptor", text, failed);
}

/* It stays where it is when this process ends: who asks meanwhile waits for the next. */
static bool take_socket(struct program *p, struct troth_problem *problem)
{
    const int failed = troth_listener_take(&p->socket.descriptor, p->order.socket);

    p->is_socket_handed_in = true;
    return !failed || fail_at(problem, "cannot listen at", p->order.socket, failed);
}

static bool open_socket(struct program *p, struct troth_problem *problem)
{
    if (strncmp(p->order.socket, "fd:", 3) == 0)
        return take_socket(p, problem);
    /* Who may not ask is turned away at the door; without others there is no need that
     * they get so far. */
    const unsigned mode = p->order.user_count ? 0666 : 0600;
    const int failed = troth_local_socket_listen(&p->socket, p->order.socket, mode);

    if (!failed)
        return true;
    (void)fail_at(problem, "cannot listen at", p->order.socket, failed);
    if (failed == EADDRINUSE)
        troth_problem_hint(problem, "another agent is there");
    return false;
}

static bool open_device(struct program *p, struct troth_problem *problem)
{
    struct troth_attester_fault fault;

    return troth_attester_open(&p->attester, &fault) ||
           troth_agent_problem_device(problem, &fault);
}

/* From here on the process is nobody who could open them again. */
static bool become_user(struct program *p, struct troth_problem *problem)
{
    struct troth_attester_fault fault;
    uint32_t user, group;
    int failed;

    if (!p->order.user)
        return true;
    failed = troth_process_find_user(&user, &group, p->order.user);
    if (failed)
        return fail_at(problem, "cannot find the user", p->order.user, failed);
    if (!troth_attester_give(p->attester, &fault, user, group))
        return troth_agent_problem_device(problem, &fault);
    failed = p->is_socket_handed_in ? 0
                                    : troth_local_socket_give(&p->socket, user, group);
    if (!failed)
        failed = troth_process_become(user, group);
    return failed ? fail_at(problem, "cannot become", p->order.user, failed) : true;
}

static bool make_agent(struct program *p, struct troth_problem *problem)
{
    const struct troth_agent_options options = {
        .base = p->base,
        .attester = p->attester,
        .crypto = &p->crypto,
        .timeout_ms = p->order.timeout_s * 1000,
        .epoch_s = p->order.epoch_s,
        .events_path = p->order.events,
    };
    const int failed = troth_agent_create(&p->agent, &options);

    if (!failed)
        return true;
    if (!p->order.events)
        return fail_at(problem, "cannot start for", p->order.socket, failed);
    (void)fail_at(problem, "cannot go on with", p->order.events, failed);
    if (failed == EBADMSG)
        troth_problem_hint(problem, "it is no log of this machine's register (%s)",
                           troth_attester_register(p->attester));
    return false;
}

/* Before anybody can ask for anything: the register begins with these. */
static bool record(struct program *p, struct troth_problem *problem)
{
    struct troth_attester_fault fault;

    switch (troth_first_events_record(p->agent, &fault, p->order.first,
                                      p->order.first_count)) {
    case TROTH_FIRST_DONE:
        return true;
    case TROTH_FIRST_ENDED:
        return false;
    case TROTH_FIRST_NO_REGISTER:
        (void)troth_problem_usage(problem,
                                  "--event: this machine's device (%s) has no "
                                  "register for events",
                                  troth_attester_device(p->attester));
        troth_problem_hint(problem, "the image's own measurement has to cover what they "
                                    "would say");
        return false;
    case TROTH_FIRST_OTHERS:
        (void)troth_problem_usage(problem, "--event: the log '%s' begins with others",
                                  p->order.events);
        troth_problem_hint(problem, "what the register was extended by stays until the "
                                    "machine starts anew");
        return false;
    case TROTH_FIRST_DEVICE:
        return troth_agent_problem_device(problem, &fault);
    case TROTH_FIRST_LOG:
        return fail_at(problem, "cannot keep", p->order.events, fault.error);
    case TROTH_FIRST_MEMORY:
    default:
        return troth_problem_memory(problem);
    }
}

static bool open_door(struct program *p, struct troth_problem *problem)
{
    const struct troth_door_options door = {
        .base = p->base,
        .descriptor = p->socket.descriptor,
        .users = p->order.users,
        .user_count = p->order.user_count,
        .state = p->agent,
        .serve = troth_api_serve,
        .refuse = troth_api_refuse,
    };

    if (troth_door_open(&p->agent->door, &door) == TROTH_OK)
        return true;
    return fail_at(problem, "cannot serve", p->order.socket, ENOMEM);
}

static void on_end(int number, short what, void *given)
{
    struct program *p = given;

    (void)number;
    (void)what;
    p->is_ended = true;
    (void)event_base_loopbreak(p->base);
}

static void on_renew(int number, short what, void *given)
{
    const struct program *p = given;

    (void)number;
    (void)what;
    if (p->channel)
        troth_channel_end_renew(p->channel);
}

static const struct {
    int number;
    event_callback_fn then;
} signals[] = {{SIGTERM, on_end}, {SIGINT, on_end}, {SIGHUP, on_renew}};

enum { SIGNAL_COUNT = sizeof signals / sizeof *signals };

/* One thread, and nothing that the environment could change. */
static bool make_loop(struct program *p, struct troth_problem *problem)
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
        p->signals[i] = evsignal_new(p->base, signals[i].number, signals[i].then, p);
        is_made = p->signals[i] && event_add(p->signals[i], NULL) == 0;
    }
    return is_made || fail_at(problem, "cannot start for", p->order.socket, ENOMEM);
}

static bool prepare_channel(struct program *p, struct troth_problem *problem)
{
    return !p->order.listen ||
           troth_channel_end_prepare(&p->channel, problem, &p->order, &p->crypto);
}

static bool open_channel(struct program *p, struct troth_problem *problem)
{
    return !p->channel || troth_channel_end_open(p->channel, problem, p->agent);
}

static bool watch(struct program *p, struct troth_problem *problem)
{
    if (!p->order.checkpoint)
        return true;
    return troth_watch_create(&p->watch, problem, p->agent, p->order.checkpoint);
}

static bool open_all(struct program *p, struct troth_problem *problem)
{
    struct troth_fault fault = {troth_provider_openssl_create(&p->crypto), NULL, 0};

    if (fault.err)
        return troth_problem_fault(problem, "", &fault);
    /* What was handed in comes first: nothing of our own can be mistaken for it. */
    return take_ready(p, problem) && prepare_channel(p, problem) &&
           open_socket(p, problem) && open_device(p, problem) &&
           become_user(p, problem) && make_loop(p, problem) && make_agent(p, problem) &&
           record(p, problem) && watch(p, problem) && open_channel(p, problem) &&
           open_door(p, problem);
}

static void close_all(struct program *p, int status)
{
    bool is_free;

    troth_watch_destroy(p->watch);
    troth_channel_end_close(p->channel);
    is_free = troth_agent_destroy(p->agent);
    if (p->is_socket_handed_in)
        (void)close(p->socket.descriptor);
    else
        troth_local_socket_close(&p->socket);
    /* A device that hangs has a thread of ours in its hands, and what that uses has to
     * stay until the process ends: so that is now. */
    if (!is_free)
        _exit(status);
    troth_channel_end_destroy(p->channel);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (p->signals[i])
            event_free(p->signals[i]);
    if (p->base)
        event_base_free(p->base);
    troth_attester_close(p->attester);
    troth_provider_openssl_destroy(&p->crypto);
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
        (void)fail_at(problem, "cannot guard", "this process", failed);
    /* Where so much memory cannot be locked, keys are in what the rest is in: out of
     * dumps, but perhaps in swap. */
    if (!failed && CRYPTO_secure_malloc_init(SECURE_BYTES, SECURE_LEAST) != 1)
        troth_agent_say("memory for keys cannot be locked (RLIMIT_MEMLOCK)");
    return failed;
}

/* Until somebody asks for the end. */
static bool serve(struct program *p)
{
    char at[TROTH_ADDRESS_TEXT_MAX];
    struct troth_address address;
    int failed;

    troth_agent_say("%s (%s) is at %s", troth_attester_device(p->attester),
                    troth_attester_kind(p->attester),
                    troth_address_of_socket(&address, p->socket.descriptor)
                        ? troth_address_write(at, &address)
                        : p->order.socket);
    failed = troth_ready_tell(p->ready);
    if (failed)
        troth_agent_say("nobody is told that at descriptor %s", p->order.ready);
    return event_base_dispatch(p->base) >= 0;
}

static int run(struct program *p, struct troth_problem *problem)
{
    if (!open_all(p, problem) && !p->is_ended)
        return troth_agent_say_problem(problem);
    if (!p->is_ended && !serve(p))
        return STATUS_ERROR;
    troth_agent_say("ended");
    return STATUS_ENDED;
}

int main(int argc, char **argv)
{
    struct program program = {.socket = {.descriptor = -1, .lock = -1}, .ready = -1};
    struct troth_problem problem = {0};
    bool wants_help = false;
    int status;

    (void)argc;
    if (harden(&problem))
        return troth_agent_say_problem(&problem);
    if (!troth_agent_order_parse(&program.order, &problem, &wants_help,
                                 (const char *const *)argv + 1))
        return troth_agent_say_problem(&problem);
    if (wants_help) {
        troth_agent_say_help();
        return STATUS_ENDED;
    }
    status = run(&program, &problem);
    close_all(&program, status);
    return status;
}
