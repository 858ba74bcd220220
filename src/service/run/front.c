/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/front.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.h"
#include "service/run/restarts.h"
#include "service/run/signals.h"

struct front {
    const struct troth_run_notify *notify;
    const char *listen;
    pid_t keeper;
    int line; /* to the keeper */
    int signals;
    int64_t asked_ms; /* when it was asked for a sign of life */
};

/* Dies with the front: by the kernel's word, and, where the front was gone before that
 * could be asked for, by the end of the line. */
static _Noreturn void be_keeper(struct troth_run_keeping *keeping, int line, int others)
{
    (void)close(others);
    keeping->front = line;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || setsid() < 0)
        _exit(TROTH_RUN_STATUS_NOT_RUN);
    _exit(troth_run_keep(keeping));
}

/* As fork(), into a process namespace of its own. */
static pid_t fork_first(void)
{
    return (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void say_state(const struct front *front, char word)
{
    char text[256];

    switch (word) {
    case TROTH_RUN_SAYS_READY:
        (void)snprintf(text, sizeof text, "READY=1\nSTATUS=ready: %s", front->listen);
        break;
    case TROTH_RUN_SAYS_STARTING:
        (void)snprintf(text, sizeof text, "STATUS=the program is started again");
        break;
    case TROTH_RUN_SAYS_ENDING:
        (void)snprintf(text, sizeof text, "STOPPING=1\nSTATUS=ending");
        break;
    case TROTH_RUN_SAYS_ALIVE:
        (void)snprintf(text, sizeof text, "WATCHDOG=1");
        break;
    default:
        return;
    }
    troth_run_notify_say(front->notify, text);
}

static void hear(const struct front *front)
{
    char word;

    while (recv(front->line, &word, 1, MSG_DONTWAIT) == 1)
        say_state(front, word);
}

/* What the keeper does not answer, the manager does not hear. */
static int64_t ask_for_life(struct front *front)
{
    const int64_t every_ms = front->notify->watchdog_ms;
    const int64_t now_ms = troth_clock_monotonic_ms();
    const char word = TROTH_RUN_ASKS_ALIVE;

    if (every_ms == 0)
        return -1;
    if (now_ms - front->asked_ms >= every_ms) {
        front->asked_ms = now_ms;
        (void)send(front->line, &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    return front->asked_ms + every_ms - now_ms;
}

/* Whatever has ended, strangers too. True: the keeper. */
static bool reap(const struct front *front, int *out_status)
{
    int status;
    pid_t ended;

    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended != front->keeper)
            continue;
        *out_status = troth_run_status_of(
            WIFEXITED(status) ? (struct troth_run_end){false, WEXITSTATUS(status)}
                              : (struct troth_run_end){true, WTERMSIG(status)});
        return true;
    }
    return false;
}

static int serve(struct front *front)
{
    int status, number;

    for (;;) {
        const int64_t wait_ms = ask_for_life(front);
        struct pollfd polled[] = {{.fd = front->signals, .events = POLLIN},
                                  {.fd = front->line, .events = POLLIN}};

        (void)poll(polled, 2, (int)(wait_ms > INT32_MAX ? INT32_MAX : wait_ms));
        hear(front);
        /* Its end shows on the line first, and would be read for ever. */
        if (polled[1].revents & POLLHUP)
            front->line = -1;
        while ((number = troth_run_signals_next(front->signals)) != 0)
            if (number != SIGCHLD)
                (void)kill(front->keeper, number);
            else if (reap(front, &status))
                return status;
    }
}

int troth_run_front(struct troth_run_keeping *keeping,
                    const struct troth_run_notify *notify)
{
    struct front front = {.notify = notify, .listen = keeping->plan->listen};
    int lines[2], error, status = -1;

    front.signals = troth_run_signals_open();
    if (front.signals < 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, lines) != 0)
        return -1;
    front.keeper = fork_first();
    if (front.keeper == 0) {
        (void)close(front.signals);
        be_keeper(keeping, lines[1], lines[0]);
    }
    error = errno;
    (void)close(lines[1]);
    front.line = lines[0];
    if (front.keeper > 0)
        status = serve(&front);
    (void)close(lines[0]);
    (void)close(front.signals);
    errno = error;
    return status;
}
