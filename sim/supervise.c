/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/command.h"

static const int passed_on[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH};

static sigset_t awaited(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        (void)sigaddset(&set, passed_on[i]);
    return set;
}

_Noreturn static void become(char **program, int gate, pid_t parent)
{
    char word;

    /* Whoever started us may have gone before we asked to be told. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || read(gate, &word, 1) != 1)
        _exit(SIM_STATUS_NOT_RUN);
    (void)close(gate);
    (void)execvp(program[0], program);
    const int error = errno;

    (void)fprintf(stderr, "troth-sim: error: cannot run '%s': %s\n", program[0],
                  strerror(error)); /* NOLINT: no other thread here */
    _exit(error == ENOENT ? SIM_STATUS_NOT_FOUND : SIM_STATUS_NO_PROGRAM);
}

struct sim_child sim_child_fork(char **program)
{
    const sigset_t set = awaited();
    const pid_t parent = getpid();
    struct sim_child child;
    sigset_t before;
    int gate[2];

    /* Ignored, as it may have been handed down, nobody would hear of its end. */
    (void)signal(SIGCHLD, SIG_DFL);
    if (sigprocmask(SIG_BLOCK, &set, &before) != 0 || pipe2(gate, O_CLOEXEC) != 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot make a pipe for", program[0], errno);
    child.process = fork();
    if (child.process < 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot start a process for", program[0], errno);
    if (child.process == 0) {
        (void)close(gate[1]);
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
        become(program, gate[0], parent);
    }
    (void)close(gate[0]);
    child.go = gate[1];
    return child;
}

int sim_child_await(struct sim_child child, int *out_told)
{
    const sigset_t set = awaited();
    int status = 0, unused;
    int *told = out_told ? out_told : &unused;

    *told = 0;
    if (write(child.go, "", 1) != 1)
        return SIM_STATUS_NOT_RUN;
    (void)close(child.go);
    while (waitpid(child.process, &status, WNOHANG) != child.process) {
        siginfo_t info;
        const int number = sigwaitinfo(&set, &info);

        if (number > 0 && number != SIGCHLD)
            *told = number;
        /* What a terminal sends, it sends to the program itself as well. */
        if (number > 0 && number != SIGCHLD && info.si_code != SI_KERNEL)
            (void)kill(child.process, number);
    }
    return WIFSIGNALED(status) ? SIM_STATUS_SIGNAL + WTERMSIG(status)
                               : WEXITSTATUS(status);
}
