/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/writer.h"

/* As shells and env have them. */
enum { CANNOT_RUN = 126, NOT_FOUND = 127, ENDED_BY_SIGNAL = 128 };

enum { ADDRESS_ROOM = 32 };

extern char **environ;

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

/* SIGPIPE is ignored here, and should not be there. */
static int spawn(pid_t *out, char *const *words)
{
    posix_spawnattr_t attributes;
    sigset_t usual;
    int failed = posix_spawnattr_init(&attributes);

    if (failed)
        return failed;
    (void)sigemptyset(&usual);
    (void)sigaddset(&usual, SIGPIPE);
    failed = posix_spawnattr_setsigdefault(&attributes, &usual);
    if (!failed)
        failed = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (!failed)
        failed = posix_spawnp(out, words[0], NULL, &attributes, words, environ);
    (void)posix_spawnattr_destroy(&attributes);
    return failed;
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
