/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_tell.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"

enum { LOOK_EVERY_MS = 10, NOT_STARTED = 126 };

/* A file without a name with these bytes, read from the beginning: a program that reads
 * none of them holds nobody up. */
static FILE *make_input(struct troth_span input)
{
    FILE *file = tmpfile();

    if (!file)
        return NULL;
    if ((input.len == 0 || fwrite(input.ptr, input.len, 1, file) == 1) &&
        fflush(file) == 0 && fseek(file, 0, SEEK_SET) == 0)
        return file;
    (void)fclose(file);
    return NULL;
}

/* In the child. */
static void become(const char *const *words, int input)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigaction(SIGPIPE, &usual, NULL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        (void)execvp(words[0], (char *const *)(const void *)words);
    _exit(NOT_STARTED);
}

/* Its status, or -1: it had to be killed. */
static int wait_for(pid_t child)
{
    const struct timespec moment = {0, LOOK_EVERY_MS * 1000000L};
    const int64_t end_ms = troth_clock_monotonic_ms() +
                           (int64_t)TROTH_FOLLOW_COMMAND_S * 1000;
    int status = 0;

    for (;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);

        if (ended == child)
            return status;
        if (ended < 0 && errno != EINTR)
            return -1;
        if (troth_clock_monotonic_ms() > end_ms) {
            (void)kill(child, SIGKILL);
            (void)waitpid(child, &status, 0);
            return -1;
        }
        (void)nanosleep(&moment, NULL);
    }
}

static bool judge(struct troth_problem *problem, const char *name, int status)
{
    if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (status < 0)
        return troth_problem_usage(problem, "--command: '%s' did not end within %d s",
                                   name, TROTH_FOLLOW_COMMAND_S);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
        return troth_problem_usage(problem, "--command: '%s' cannot be run", name);
    if (WIFEXITED(status))
        return troth_problem_usage(problem, "--command: '%s' ended with status %d", name,
                                   WEXITSTATUS(status));
    return troth_problem_usage(problem, "--command: '%s' was ended by signal %d", name,
                               WTERMSIG(status));
}

bool troth_follow_command(struct troth_problem *problem, const char *const *words,
                          struct troth_span input)
{
    FILE *file = make_input(input);
    pid_t child;

    if (!file)
        return troth_problem_io(problem, "cannot make a file for", words[0], errno);
    (void)fflush(NULL);
    child = fork();
    if (child == 0)
        become(words, fileno(file));
    (void)fclose(file);
    if (child < 0)
        return troth_problem_io(problem, "cannot run", words[0], errno);
    return judge(problem, words[0], wait_for(child));
}
