/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/fault.h"
#include "sandbox/init.h"
#include "sandbox/report.h"
#include "sandbox/sandbox.h"

/* Its mounts the init parts from the machine's itself, its network is handed in. */
#define NAMESPACES (CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

/* As fork(), into namespaces of its own. Signals wait meanwhile: a handler of the
 * caller's would run in the new process too. */
static pid_t fork_into(unsigned long namespaces)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);

    const pid_t made = (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL,
                                      NULL);

    if (made != 0)
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return made;
}

/* Its word, or that it had none: then it was killed. */
static bool hear(pid_t init, int report, struct troth_sandbox_fault *fault)
{
    if (!troth_sandbox_report_read(fault, report))
        (void)troth_sandbox_fail_with(fault, ECHILD, "init", "");
    if (!fault->step)
        return true;
    (void)kill(init, SIGKILL);
    while (waitpid(init, NULL, 0) < 0 && errno == EINTR)
        ;
    return false;
}

static bool start(int *out_init, const struct troth_sandbox *sandbox,
                  struct troth_sandbox_places *places, int self,
                  struct troth_sandbox_fault *fault)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return troth_sandbox_fail(fault, "pipe", "");

    const pid_t init = fork_into(NAMESPACES);

    if (init == 0)
        troth_sandbox_init_run(sandbox, places, self, ends[1]);

    const bool is_made = init > 0 || troth_sandbox_fail(fault, "namespaces", "");

    (void)close(ends[1]);

    const bool is_started = is_made && hear(init, ends[0], fault);

    (void)close(ends[0]);
    if (is_started)
        *out_init = init;
    return is_started;
}

bool troth_sandbox_start(int *out_init, const struct troth_sandbox *sandbox,
                         struct troth_sandbox_fault *fault)
{
    struct troth_sandbox_places *places = malloc(sizeof *places);
    const int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    bool is_started;

    *out_init = -1;
    *fault = (struct troth_sandbox_fault){0};
    if (!places)
        is_started = troth_sandbox_fail_with(fault, ENOMEM, "memory", "");
    else if (self < 0)
        is_started = troth_sandbox_fail(fault, "self", "");
    else
        is_started = start(out_init, sandbox, places, self, fault);
    if (self >= 0)
        (void)close(self);
    free(places);
    return is_started;
}
