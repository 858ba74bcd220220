/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/fault.h"
#include "sandbox/identity.h"
#include "sandbox/landlock.h"
#include "sandbox/program.h"
#include "sandbox/report.h"
#include "sandbox/tree.h"

/* Its own status where the program has none: as env(1) and timeout(1). */
#define STATUS_OWN 125

static const int forwarded[] = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,
                                SIGUSR1, SIGUSR2, SIGWINCH};

/* The kernel kills it with the caller, unless that was gone before it could be asked to.
 */
static bool tie_to(int caller, struct troth_sandbox_fault *fault)
{
    struct pollfd ended = {.fd = caller, .events = POLLIN};

    if (getpid() != 1)
        return troth_sandbox_fail_with(fault, EINVAL, "init", "");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return troth_sandbox_fail(fault, "death signal", "");
    if (poll(&ended, 1, 0) != 0)
        return troth_sandbox_fail_with(fault, ESRCH, "death signal", "");
    return true;
}

/* The two that are handed in come to lie behind the standard ones; all others are gone.
 */
static bool keep_descriptors(int *report, int *network, struct troth_sandbox_fault *fault)
{
    const int high_report = fcntl(*report, F_DUPFD_CLOEXEC, 10);
    const int high_network = fcntl(*network, F_DUPFD_CLOEXEC, 10);

    if (high_report < 0 || high_network < 0 || dup3(high_report, 3, O_CLOEXEC) != 3 ||
        dup3(high_network, 4, O_CLOEXEC) != 4 || close_range(5, ~0U, 0) != 0)
        return troth_sandbox_fail(fault, "descriptors", "");
    *report = 3;
    *network = 4;
    return true;
}

/* Keys of the caller's session are none of the program's. A kernel without keys has none
 * to leave behind. */
static bool leave_keys(struct troth_sandbox_fault *fault)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 || errno == ENOSYS)
        return true;
    return troth_sandbox_fail(fault, "keys", "");
}

static bool prepare(bool *out_memfd, const struct troth_sandbox *sandbox,
                    struct troth_sandbox_places *places, int network,
                    struct troth_sandbox_fault *fault)
{
    *out_memfd = false;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setsid() < 0)
        return troth_sandbox_fail(fault, "session", "");
    if (setns(network, CLONE_NEWNET) != 0)
        return troth_sandbox_fail(fault, "network", "");
    (void)umask(0);
    return leave_keys(fault) && troth_sandbox_places_list(places, sandbox, fault) &&
           troth_sandbox_tree_build(out_memfd, places, fault);
}

/* Returns the program's process; 0: none, and why. */
static pid_t start(const struct troth_sandbox *sandbox,
                   const struct troth_sandbox_places *places, bool memfd,
                   struct troth_sandbox_fault *fault)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        (void)troth_sandbox_fail(fault, "pipe", "");
        return 0;
    }

    const pid_t program = fork();

    if (program == 0) {
        if (dup3(ends[1], 3, O_CLOEXEC) == 3 && close_range(4, ~0U, 0) == 0)
            troth_sandbox_program_execute(sandbox, places, memfd, fault);
        else
            (void)troth_sandbox_fail(fault, "descriptors", "");
        troth_sandbox_report_write(3, fault);
        _exit(STATUS_OWN);
    }
    (void)close(ends[1]);
    if (program < 0) {
        (void)troth_sandbox_fail(fault, "fork", "");
        return 0;
    }

    const bool has_failed = troth_sandbox_report_read(fault, ends[0]);

    (void)close(ends[0]);
    return has_failed ? 0 : program;
}

/* What is left to it: to kill, and to wait. It opens no file any more. */
static bool retire(struct troth_sandbox_fault *fault)
{
    return troth_sandbox_identity_keep(CAP_KILL, fault) &&
           troth_sandbox_landlock_restrict(NULL, fault);
}

/* Take leave of all that has ended. Returns the exit status once the program has; -1. */
static int reap(pid_t program)
{
    int status;
    pid_t ended;

    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended != program)
            continue;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return -1;
}

static _Noreturn void serve(pid_t program)
{
    sigset_t awaited;

    (void)sigemptyset(&awaited);
    (void)sigaddset(&awaited, SIGCHLD);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++)
        (void)sigaddset(&awaited, forwarded[i]);
    for (;;) {
        const int status = reap(program);

        if (status >= 0)
            _exit(status);

        const int number = sigwaitinfo(&awaited, NULL);

        if (number > 0 && number != SIGCHLD)
            (void)kill(program, number);
    }
}

void troth_sandbox_init_run(const struct troth_sandbox *sandbox,
                            struct troth_sandbox_places *places, int caller, int report)
{
    struct troth_sandbox_fault fault = {0};
    const struct sigaction initial = {.sa_handler = SIG_DFL};
    int network = sandbox->network;
    bool memfd;
    pid_t program = 0;

    /* Handlers of the caller's are none of its own. */
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &initial, NULL);
    if (tie_to(caller, &fault) && keep_descriptors(&report, &network, &fault) &&
        prepare(&memfd, sandbox, places, network, &fault))
        program = start(sandbox, places, memfd, &fault);
    if (program > 0 && retire(&fault))
        fault = (struct troth_sandbox_fault){0};
    troth_sandbox_report_write(report, &fault);
    if (fault.step)
        _exit(STATUS_OWN);
    (void)close_range(3, ~0U, 0);
    serve(program);
}
