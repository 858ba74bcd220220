/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder/surroundings.h"

#define FIRST_ROOM 4096
#define UNHEARD    127

/* What a program has to know of this machine to reach others. */
static const char *const kept[] = {
    "http_proxy",  "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
    "HTTPS_PROXY", "FTP_PROXY",   "ALL_PROXY", "NO_PROXY",  "TMPDIR",   "APT_CONFIG",
};
static const char *const fixed[] = {
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL=C",
    "HOME=/",
};

enum {
    KEPT = sizeof kept / sizeof kept[0],
    FIXED = sizeof fixed / sizeof fixed[0],
    ENDS = 2 /* of a pipe */
};

static void release_environment(char **environment)
{
    for (size_t i = 0; environment && environment[i]; i++)
        free(environment[i]);
    free((void *)environment);
}

/* NULL: no memory. */
static char **make_environment(void)
{
    char **out = calloc(FIXED + KEPT + 1, sizeof *out);
    size_t count = 0;

    for (size_t i = 0; out && i < FIXED; i++)
        if ((out[count] = strdup(fixed[i])))
            count++;
    for (size_t i = 0; out && i < KEPT; i++) {
        const char *value = troth_builder_variable(kept[i]);
        const size_t room = value ? strlen(kept[i]) + strlen(value) + 2 : 0;

        if (!value || !(out[count] = malloc(room)))
            continue;
        (void)snprintf(out[count++], room, "%s=%s", kept[i], value);
    }
    return out;
}

/* In the new process; what fails here ends it. */
static _Noreturn void become(const char *const *words, char *const *environment,
                             const char *folder, const int out[static ENDS],
                             const int complaint[static ENDS])
{
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    sigset_t none;

    (void)sigemptyset(&none);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && nothing >= 0 &&
        dup2(nothing, STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0 &&
        dup2(complaint[1], STDERR_FILENO) >= 0 && (!folder || chdir(folder) == 0) &&
        pthread_sigmask(SIG_SETMASK, &none, NULL) == 0)
        (void)execve(words[0], (char *const *)words, environment);
    _exit(UNHEARD);
}

static int grow(struct troth_child_output *out, size_t *room)
{
    const size_t wanted = *room ? *room * 2 : FIRST_ROOM;
    char *text;

    if (out->len + 1 < *room)
        return 0;
    if (out->len >= TROTH_CHILD_OUTPUT_MAX)
        return EFBIG;
    text = realloc(out->text, wanted);
    if (!text)
        return ENOMEM;
    out->text = text;
    *room = wanted;
    return 0;
}

/* Some of its output; 0, EPIPE at its end, or another errno. */
static int take_text(struct troth_child_output *out, size_t *room, int from)
{
    const int failed = grow(out, room);
    ssize_t got;

    if (failed)
        return failed;
    got = read(from, out->text + out->len, *room - out->len - 1);
    if (got < 0)
        return errno == EINTR ? 0 : errno;
    out->len += (size_t)got;
    out->text[out->len] = '\0';
    return got == 0 ? EPIPE : 0;
}

/* The same of what it complains of: the end counts. */
static int take_complaint(struct troth_child_output *out, int from)
{
    char bytes[sizeof out->complaint / 2];
    const size_t len = strlen(out->complaint);
    ssize_t got = read(from, bytes, sizeof bytes);
    size_t kept_len = len;

    if (got <= 0)
        return got == 0 ? EPIPE : errno == EINTR ? 0 : errno;
    for (ssize_t i = 0; i < got; i++)
        if (bytes[i] == '\0')
            bytes[i] = '?';
    if (len + (size_t)got >= sizeof out->complaint) {
        kept_len = sizeof out->complaint - 1 - (size_t)got;
        memmove(out->complaint, out->complaint + len - kept_len, kept_len);
    }
    memcpy(out->complaint + kept_len, bytes, (size_t)got);
    out->complaint[kept_len + (size_t)got] = '\0';
    return 0;
}

/* What one stream has to say, if it has; at its end it is looked at no more. */
static int take(struct troth_child_output *out, size_t *room, struct pollfd *end,
                bool is_text)
{
    int failed;

    if (end->fd < 0 || !end->revents)
        return 0;
    failed = is_text ? take_text(out, room, end->fd) : take_complaint(out, end->fd);
    if (failed != EPIPE)
        return failed;
    end->fd = -1;
    return 0;
}

/* Both streams to their ends. */
static int listen_to(struct troth_child_output *out, int text, int complaint)
{
    struct pollfd ends[ENDS] = {{text, POLLIN, 0}, {complaint, POLLIN, 0}};
    size_t room = 0;
    int failed = 0;

    while (!failed && (ends[0].fd >= 0 || ends[1].fd >= 0)) {
        ends[0].revents = ends[1].revents = 0;
        if (poll(ends, ENDS, -1) < 0 && errno != EINTR)
            return errno;
        failed = take(out, &room, &ends[0], true);
        if (!failed)
            failed = take(out, &room, &ends[1], false);
    }
    return failed;
}

static int wait_for(pid_t child, int *out_status)
{
    while (waitpid(child, out_status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

static int start(struct troth_child_output *out, const char *const *words,
                 const char *folder, const int text[static ENDS],
                 const int complaint[static ENDS])
{
    char **environment = make_environment();
    const pid_t child = environment ? fork() : -1;
    int failed = environment ? errno : ENOMEM, waited;

    if (child == 0)
        become(words, environment, folder, text, complaint);
    release_environment(environment);
    (void)close(text[1]);
    (void)close(complaint[1]);
    if (child < 0)
        return failed;
    failed = listen_to(out, text[0], complaint[0]);
    if (failed)
        (void)kill(child, SIGKILL);
    waited = wait_for(child, &out->status);
    return failed ? failed : waited;
}

int troth_child_ask(struct troth_child_output *out, const char *const *words,
                    const char *folder)
{
    int text[ENDS], complaint[ENDS], failed;

    *out = (struct troth_child_output){.text = NULL};
    if (pipe2(text, O_CLOEXEC) != 0)
        return errno;
    if (pipe2(complaint, O_CLOEXEC) != 0) {
        failed = errno;
        (void)close(text[0]);
        (void)close(text[1]);
        return failed;
    }
    failed = start(out, words, folder, text, complaint);
    (void)close(text[0]);
    (void)close(complaint[0]);
    if (failed)
        troth_child_output_release(out);
    return failed;
}

void troth_child_output_release(struct troth_child_output *output)
{
    free(output->text);
    *output = (struct troth_child_output){.text = NULL};
}
