/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/span.h"
#include "os/cause.h"
#include "os/clock.h"
#include "service/run/probe.h"
#include "service/run/restarts.h"
#include "service/run/signals.h"
#include "service/run/spawn.h"
#include "service/run/state.h"
#include "service/run/words.h"

enum {
    /* Two for each of 10,000 connections, and what the program itself has open. */
    DESCRIPTORS = 20480 + 1024,
    STATUS_NO_PROGRAM = 126,
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128,
    POLLED = 3 + TROTH_RUN_PARTS
};

struct keeper {
    const struct troth_run_keeping *given;
    const struct troth_run_plan *plan;
    struct troth_run_state state;
    pid_t processes[TROTH_RUN_PARTS];             /* 0: none */
    int ready[TROTH_RUN_PARTS];                   /* where a helper says that it is; -1 */
    struct troth_run_list words[TROTH_RUN_PARTS]; /* of the program its environment */
    struct troth_run_probe probe;
    int signals;
};

static const char *const names[TROTH_RUN_PARTS] = {
    [TROTH_RUN_AGENT] = "troth-agent",
    [TROTH_RUN_OUTBOUND] = "troth-outbound",
    [TROTH_RUN_PROGRAM] = "the program",
};

/* ---- what is said ---- */

static void tell_front(const struct keeper *k, char word)
{
    (void)send(k->given->front, &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void say_end(const struct keeper *k, enum troth_run_part part,
                    struct troth_run_end end, int64_t pause_ms)
{
    char how[TROTH_RUN_SIGNAL_NAME_MAX], then[64] = "";

    if (pause_ms >= 0)
        (void)snprintf(then, sizeof then, ": again in %lld ms", (long long)pause_ms);
    /* Of the program its init tells, which has a status for either. */
    if (part == TROTH_RUN_PROGRAM && !end.by_signal && end.number > STATUS_SIGNAL)
        end = (struct troth_run_end){true, end.number - STATUS_SIGNAL};
    if (end.by_signal) {
        troth_run_signal_name(how, end.number);
        k->given->say("%s was ended by %s%s", names[part], how, then);
    } else {
        k->given->say("%s ended with status %d%s", names[part], end.number, then);
    }
}

static void say_fault(const struct keeper *k, const struct troth_sandbox_fault *fault)
{
    char cause[TROTH_CAUSE_MAX];
    const bool is_exec = strcmp(fault->step, "exec") == 0;

    troth_cause_text(cause, fault->error);
    if (is_exec)
        k->given->say("error: cannot run '%s': %s", fault->path, cause);
    else
        k->given->say("error: cannot start the program: %s%s%s: %s", fault->step,
                      *fault->path ? " " : "", fault->path, cause);
    if (is_exec && fault->error == ENOENT)
        k->given->say(
            "hint: it, and the interpreter and libraries it needs, have to lie in "
            "what `read` names");
    if (is_exec && fault->error == EACCES)
        k->given->say(
            "hint: what may be written is not run; a file has to be executable, "
            "for the program's user too");
}

/* ---- starting ---- */

static void come_to_end(struct keeper *k, enum troth_run_part part,
                        struct troth_run_end end)
{
    const bool was_up = k->state.lives[part].was_up, was_over = k->state.is_over;
    int64_t pause_ms;

    if (k->ready[part] >= 0)
        (void)close(k->ready[part]);
    k->ready[part] = -1;
    k->processes[part] = 0;
    pause_ms = troth_run_ended(&k->state, part, end, troth_clock_monotonic_ms());
    if (part == TROTH_RUN_PROGRAM) {
        troth_run_probe_end(&k->probe);
        tell_front(k, k->state.is_over ? TROTH_RUN_SAYS_ENDING : TROTH_RUN_SAYS_STARTING);
    }
    if (was_over && part != TROTH_RUN_PROGRAM)
        return;
    say_end(k, part, end, pause_ms);
    if (part != TROTH_RUN_PROGRAM && !was_up && k->state.is_over && !was_over)
        k->given->say("error: %s cannot start: the program is not run", names[part]);
}

static void start_helper(struct keeper *k, enum troth_run_part part)
{
    const struct troth_run_doors *doors = &k->given->doors;
    const bool is_agent = part == TROTH_RUN_AGENT;
    const struct troth_run_spawn spawn = {
        .words = k->words[part].rows,
        .listener = is_agent ? doors->listener : doors->outbound_listener,
        .lock = doors->lock,
        .socket = is_agent ? doors->socket.descriptor : -1,
        .network = is_agent && !k->plan->upstream_outside ? doors->network : -1,
        .descriptors = DESCRIPTORS,
    };
    const pid_t made = troth_run_spawn(&k->ready[part], &spawn);

    troth_run_started(&k->state, part, troth_clock_monotonic_ms());
    if (made > 0)
        k->processes[part] = made;
    else
        come_to_end(k, part, (struct troth_run_end){false, TROTH_RUN_STATUS_NOT_RUN});
}

static int status_of_fault(const struct troth_sandbox_fault *fault)
{
    if (strcmp(fault->step, "exec") != 0)
        return TROTH_RUN_STATUS_NOT_RUN;
    return fault->error == ENOENT || fault->error == ENOTDIR ? STATUS_NOT_FOUND
                                                             : STATUS_NO_PROGRAM;
}

static void start_program(struct keeper *k)
{
    struct troth_sandbox sandbox = k->plan->sandbox;
    struct troth_sandbox_fault fault;
    int init;

    sandbox.environment = k->words[TROTH_RUN_PROGRAM].rows;
    sandbox.network = k->given->doors.network;
    troth_run_state_clear(k->plan);
    if (troth_sandbox_start(&init, &sandbox, &fault)) {
        k->processes[TROTH_RUN_PROGRAM] = init;
        troth_run_started(&k->state, TROTH_RUN_PROGRAM, troth_clock_monotonic_ms());
        troth_run_probe_begin(&k->probe, troth_clock_monotonic_ms());
        return;
    }
    say_fault(k, &fault);
    come_to_end(k, TROTH_RUN_PROGRAM,
                (struct troth_run_end){false, status_of_fault(&fault)});
}

/* ---- ending ---- */

static void send_signal(const struct keeper *k, enum troth_run_part part, int number)
{
    if (k->processes[part] > 0)
        (void)kill(k->processes[part], number);
}

static void kill_part(const struct keeper *k, enum troth_run_part part)
{
    k->given->say(part == TROTH_RUN_PROGRAM ? "%s is killed"
                                            : "%s is not ready in time: it is killed",
                  names[part]);
    send_signal(k, part, SIGKILL);
}

/* Whatever has ended, strangers too. */
static void reap(struct keeper *k)
{
    int status;
    pid_t ended;

    while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
        for (enum troth_run_part part = 0; part < TROTH_RUN_PARTS; part++)
            if (k->processes[part] == ended)
                come_to_end(k, part,
                            WIFEXITED(status)
                                ? (struct troth_run_end){false, WEXITSTATUS(status)}
                                : (struct troth_run_end){true, WTERMSIG(status)});
}

/* ---- what happens ---- */

static void on_signal(struct keeper *k, int number)
{
    char name[TROTH_RUN_SIGNAL_NAME_MAX];

    if (number == SIGCHLD) {
        reap(k);
        return;
    }
    if (number == SIGHUP && k->state.lives[TROTH_RUN_AGENT].stage == TROTH_RUN_UP)
        send_signal(k, TROTH_RUN_AGENT, SIGHUP);
    if (troth_run_signal_ends(number)) {
        if (!troth_run_asked_to_end(&k->state, number, troth_clock_monotonic_ms()))
            return;
        troth_run_signal_name(name, number);
        k->given->say("%s: the end", name);
        tell_front(k, TROTH_RUN_SAYS_ENDING);
    }
    send_signal(k, TROTH_RUN_PROGRAM, number);
}

static void on_ready(struct keeper *k, enum troth_run_part part)
{
    const bool is_back = k->state.lives[part].was_up;
    char word;
    const ssize_t got = read(k->ready[part], &word, 1);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    (void)close(k->ready[part]);
    k->ready[part] = -1;
    /* Without a word it has ended, which is told by another way. */
    if (got != 1)
        return;
    troth_run_ready(&k->state, part, troth_clock_monotonic_ms());
    if (is_back)
        k->given->say("%s is back", names[part]);
}

/* False: there is no front any more. */
static bool on_front(const struct keeper *k)
{
    char word;
    const ssize_t got = recv(k->given->front, &word, 1, MSG_DONTWAIT);

    if (got == 1 && word == TROTH_RUN_ASKS_ALIVE)
        tell_front(k, TROTH_RUN_SAYS_ALIVE);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static void go_on_probing(struct keeper *k)
{
    const int64_t now_ms = troth_clock_monotonic_ms();

    if (troth_run_probe_try(&k->probe, now_ms)) {
        troth_run_state_share(k->plan);
        k->given->say("ready: %s", k->plan->listen);
        tell_front(k, TROTH_RUN_SAYS_READY);
    } else if (troth_run_probe_is_late(&k->probe, now_ms)) {
        k->given->say("the program does not answer at %s yet", k->plan->upstream);
    }
}

static int earlier(int64_t a_ms, int64_t b_ms)
{
    const int64_t first_ms = a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;

    return first_ms > INT32_MAX ? INT32_MAX : (int)first_ms;
}

/* Until something happens, and do what it asks for. False: there is no front any more. */
static bool wait_for_all(struct keeper *k, int64_t wait_ms)
{
    struct pollfd polled[POLLED] = {{.fd = k->signals, .events = POLLIN},
                                    {.fd = k->given->front, .events = POLLIN},
                                    {.fd = k->probe.descriptor, .events = POLLOUT}};
    const int64_t now_ms = troth_clock_monotonic_ms();
    int number;

    for (size_t i = 0; i < TROTH_RUN_PARTS; i++)
        polled[3 + i] = (struct pollfd){.fd = k->ready[i], .events = POLLIN};
    if (poll(polled, POLLED, earlier(wait_ms, troth_run_probe_wait(&k->probe, now_ms))) <
            0 &&
        errno != EINTR)
        return false;
    /* A helper's word before its end. */
    for (enum troth_run_part part = 0; part < TROTH_RUN_PARTS; part++)
        if (polled[3 + part].revents)
            on_ready(k, part);
    while ((number = troth_run_signals_next(k->signals)) != 0)
        on_signal(k, number);
    go_on_probing(k);
    return !polled[1].revents || on_front(k);
}

static int serve(struct keeper *k)
{
    for (;;) {
        const struct troth_run_step step = troth_run_next(&k->state,
                                                          troth_clock_monotonic_ms());

        switch (step.act) {
        case TROTH_RUN_WAIT:
            if (!wait_for_all(k, step.wait_ms))
                return TROTH_RUN_STATUS_NOT_RUN;
            break;
        case TROTH_RUN_START:
            if (step.part == TROTH_RUN_PROGRAM)
                start_program(k);
            else
                start_helper(k, step.part);
            break;
        case TROTH_RUN_STOP:
            send_signal(k, step.part, SIGTERM);
            break;
        case TROTH_RUN_KILL:
            kill_part(k, step.part);
            break;
        case TROTH_RUN_FINISH:
            return k->state.status;
        }
    }
}

int troth_run_keep(const struct troth_run_keeping *keeping)
{
    const struct troth_run_plan *plan = keeping->plan;
    const struct troth_run_doors *doors = &keeping->doors;
    struct keeper keeper = {
        .given = keeping,
        .plan = plan,
        .ready = {-1, -1, -1},
        .probe = {.network = doors->network,
                  .port = plan->port,
                  .path = plan->port ? NULL : plan->upstream,
                  .descriptor = -1},
        .signals = troth_run_signals_open(),
    };
    int status = TROTH_RUN_STATUS_NOT_RUN;

    if (keeper.signals >= 0 &&
        troth_run_words_agent(&keeper.words[TROTH_RUN_AGENT], plan) &&
        troth_run_words_outbound(&keeper.words[TROTH_RUN_OUTBOUND], plan) &&
        troth_run_words_environment(&keeper.words[TROTH_RUN_PROGRAM], plan,
                                    doors->proxy_port)) {
        troth_run_begin(&keeper.state, plan->restart, doors->outbound_listener >= 0);
        status = serve(&keeper);
    } else {
        keeping->say("error: out of memory");
    }
    for (size_t i = 0; i < TROTH_RUN_PARTS; i++)
        troth_run_list_finish(&keeper.words[i]);
    if (keeper.signals >= 0)
        (void)close(keeper.signals);
    return status;
}
