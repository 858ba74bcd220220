/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/writer.h"

/* As shells and env have them. */
enum { CANNOT_RUN = 126, NOT_FOUND = 127, ENDED_BY_SIGNAL = 128 };

enum { ADDRESS_ROOM = 32 };

/* What stands at `text` and is to be replaced, and by what; NULL: nothing is. */
static const char *find_mark(const char *text, const char *address, const char **out_for)
{
    const char *port = strrchr(address, ':') + 1;

    if (strncmp(text, "{}", 2) == 0)
        return *out_for = address, "{}";
    if (strncmp(text, "{port}", 6) == 0)
        return *out_for = port, "{port}";
    return NULL;
}

static char *fill(struct troth_inputs *inputs, struct troth_problem *problem,
                  const char *word, const char *address)
{
    const size_t room = (strlen(word) + 1) * ADDRESS_ROOM;
    char *out = troth_inputs_allocate(inputs, problem, room);
    struct troth_writer w = troth_writer_over((uint8_t *)out, out ? room - 1 : 0);

    while (out && *word) {
        const char *by = NULL;
        const char *mark = find_mark(word, address, &by);

        if (mark)
            troth_write_text(&w, by);
        else
            troth_write_u8(&w, (uint8_t)*word);
        word += mark ? strlen(mark) : 1;
    }
    return out;
}

static char **fill_all(struct troth_inputs *inputs, struct troth_problem *problem,
                       const char *const *words, unsigned port)
{
    char address[ADDRESS_ROOM];
    size_t count = 0;
    char **out;

    (void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
    while (words[count])
        count++;
    out = troth_inputs_allocate(inputs, problem, (count + 1) * sizeof *out);
    for (size_t i = 0; out && i < count; i++) {
        out[i] = fill(inputs, problem, words[i], address);
        if (!out[i])
            return NULL;
    }
    return out;
}

/* No handler of ours runs in what becomes the command; what was ignored stays so, but for
 * SIGPIPE, which is ignored for our own sake. */
static void reset_signals(void)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    struct sigaction now;

    for (int number = 1; number <= SIGRTMAX; number++)
        if (sigaction(number, NULL, &now) == 0 &&
            (now.sa_handler != SIG_IGN || number == SIGPIPE))
            (void)sigaction(number, &usual, NULL); /* fails for two that have none */
}

/* It ends with its parent, however that ends: its way is gone then. */
static _Noreturn void become(char *const *words, pid_t parent, const sigset_t *mask,
                             int report)
{
    int error;

    reset_signals();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(CANNOT_RUN);
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    (void)execvp(words[0], words);
    error = errno;
    _exit(write(report, &error, sizeof error) < 0 ? CANNOT_RUN : NOT_FOUND);
}

/* Why it could not be executed; 0: it was, which closes the other end. */
static int hear(pid_t child, int report)
{
    int error = 0;
    ssize_t got;

    do
        got = read(report, &error, sizeof error);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof error)
        return 0;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return error;
}

static int spawn(pid_t *out, char *const *words)
{
    const pid_t parent = getpid();
    sigset_t all, before;
    int ends[2], error;

    if (pipe(ends) != 0)
        return errno;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, &before);
    *out = fork();
    if (*out == 0)
        become(words, parent, &before, ends[1]);
    error = errno;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    (void)close(ends[1]);
    if (*out > 0)
        error = hear(*out, ends[0]);
    (void)close(ends[0]);
    return error;
}

int troth_child_start(pid_t *out, struct troth_inputs *inputs,
                      struct troth_problem *problem, const char *const *words,
                      unsigned port)
{
    char **filled = fill_all(inputs, problem, words, port);
    int failed;

    *out = -1;
    if (!filled)
        return 2;
    failed = spawn(out, filled);
    if (!failed)
        return 0;
    *out = -1;
    (void)troth_problem_io(problem, "cannot run", filled[0], failed);
    return failed == ENOENT ? NOT_FOUND : CANNOT_RUN;
}

bool troth_child_has_ended(int *out_status, pid_t child)
{
    int status = 0;

    if (waitpid(child, &status, WNOHANG) != child)
        return false;
    *out_status = WIFSIGNALED(status) ? ENDED_BY_SIGNAL + WTERMSIG(status)
                                      : WEXITSTATUS(status);
    return true;
}

void troth_child_signal(pid_t child, int number)
{
    const bool is_terminals = number == SIGINT || number == SIGQUIT;

    if (is_terminals && tcgetpgrp(STDIN_FILENO) == getpgrp())
        return;
    (void)kill(child, number);
}
