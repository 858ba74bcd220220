/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/beside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/supervise.h"

#define PATH_ROOM 4096

char *sim_beside_find(const char *name)
{
    char folder[PATH_ROOM] = "";
    char *path = malloc(2 * (size_t)PATH_ROOM);

    if (!path || readlink("/proc/self/exe", folder, sizeof folder - 1) <= 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot tell where it is itself:", name, errno);
    *strrchr(folder, '/') = 0;
    (void)snprintf(path, 2 * (size_t)PATH_ROOM, "%s/%s", folder, name);
    char *last = strrchr(folder, '/');

    /* Where we were built, the simulator has a folder of its own. */
    if (access(path, X_OK) != 0 && last && strcmp(last, "/sim") == 0) {
        *last = 0;
        (void)snprintf(path, 2 * (size_t)PATH_ROOM, "%s/%s", folder, name);
    }
    /* Where we are installed, what only we run is in no folder of commands. */
    if (access(path, X_OK) != 0)
        (void)snprintf(path, 2 * (size_t)PATH_ROOM, "%s/../lib/troth/sim/%s", folder,
                       name);
    if (access(path, X_OK) != 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot find", path, errno);
    return path;
}

static struct sim_bytes read_all(int from)
{
    struct sim_bytes said = {0};
    uint8_t piece[1024];
    ssize_t got;

    while ((got = read(from, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            sim_bytes_append(&said, (struct troth_span){piece, (size_t)got});
    return said;
}

struct sim_bytes sim_beside_ask(char **words)
{
    int ends[2], status = 0;
    struct sim_bytes said;
    pid_t asked;

    if (pipe(ends) != 0 || (asked = fork()) < 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot start", words[0], errno);
    if (asked == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execv(words[0], words);
        sim_fail(SIM_STATUS_NOT_RUN, "cannot run", words[0], errno);
    }
    (void)close(ends[1]);
    said = read_all(ends[0]);
    (void)close(ends[0]);
    while (waitpid(asked, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(status))
        sim_fail(SIM_STATUS_NOT_RUN, "a signal ended", words[0], 0);
    if (WEXITSTATUS(status) != 0)
        exit(WEXITSTATUS(status));
    return said;
}
