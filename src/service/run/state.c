/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/lock.h"

/* Whoever was killed here a moment ago may not have left yet. */
enum { LOCK_MS = 5000 };

static bool fail(struct troth_sandbox_fault *fault, const char *step, const char *path,
                 int error)
{
    *fault = (struct troth_sandbox_fault){.step = step, .error = error};
    (void)snprintf(fault->path, sizeof fault->path, "%s", path);
    return false;
}

/* The folder's descriptor is taken over. */
static bool is_empty(int folder)
{
    DIR *directory = fdopendir(folder);
    const struct dirent *entry;
    bool is_found = false;

    if (!directory) {
        (void)close(folder);
        return false;
    }
    while (!is_found) {
        entry = readdir(directory); /* NOLINT(concurrency-mt-unsafe): one thread */
        if (!entry)
            break;
        is_found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(directory);
    return !is_found;
}

/* Ours already, or nobody's yet: what was made for something else stays as it is. */
static bool may_be_taken(int folder, uint32_t agent)
{
    struct stat now;
    int again;

    if (fstat(folder, &now) != 0)
        return false;
    if (now.st_uid == agent)
        return true;
    again = now.st_uid == geteuid() ? openat(folder, ".", O_DIRECTORY | O_CLOEXEC) : -1;
    return again >= 0 && is_empty(again);
}

static bool become_agents(struct troth_sandbox_fault *fault, const char *path,
                          struct troth_run_user agent)
{
    const int folder = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int failed = 0;

    if (folder < 0)
        return fail(fault, "open", path, errno);
    if (!may_be_taken(folder, agent.user))
        failed = ENOTEMPTY;
    else if (fchown(folder, agent.user, agent.group) != 0 || fchmod(folder, 0711) != 0)
        failed = errno;
    (void)close(folder);
    return !failed || fail(fault, "use", path, failed);
}

bool troth_run_state_make(char out_path[static TROTH_RUN_STATE_PATH_MAX],
                          struct troth_sandbox_fault *fault, const char *given,
                          struct troth_run_user agent)
{
    char *whole;

    out_path[0] = '\0';
    if (mkdir(given, 0711) != 0 && errno != EEXIST)
        return fail(fault, "make", given, errno);
    whole = realpath(given, NULL);
    if (!whole || strlen(whole) >= TROTH_RUN_STATE_PATH_MAX) {
        free(whole);
        return fail(fault, "find", given, errno);
    }
    (void)snprintf(out_path, TROTH_RUN_STATE_PATH_MAX, "%s", whole);
    free(whole);
    return become_agents(fault, out_path, agent);
}

/* Nobody else of this machine gets to a socket in it. */
static bool make_program(struct troth_sandbox_fault *fault,
                         const struct troth_run_plan *plan)
{
    const char *path = plan->places.program;
    int folder, failed = 0;

    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return fail(fault, "make", path, errno);
    folder = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(fault, "open", path, errno);
    if (fchown(folder, plan->sandbox.user, plan->agent.group) != 0 ||
        fchmod(folder, 0750) != 0)
        failed = errno;
    (void)close(folder);
    return !failed || fail(fault, "give away", path, failed);
}

bool troth_run_state_take(int *out_lock, struct troth_sandbox_fault *fault,
                          const struct troth_run_plan *plan)
{
    const int failed = troth_lock_take(out_lock, plan->places.lock, troth_patience_real(),
                                       LOCK_MS, "another troth-run has the folder");

    if (failed)
        return fail(fault, "have", plan->places.state, failed);
    if (make_program(fault, plan))
        return true;
    troth_lock_release(*out_lock);
    *out_lock = -1;
    return false;
}

/* The program's folder, and the name of its socket in it; -1: it has none. The folder is
 * the program's: nothing in it is followed. */
static int open_program(const struct troth_run_plan *plan, const char **out_name)
{
    if (!plan->upstream || *plan->upstream != '/')
        return -1;
    *out_name = strrchr(plan->upstream, '/') + 1;
    return open(plan->places.program, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void troth_run_state_clear(const struct troth_run_plan *plan)
{
    struct stat there;
    const char *name;
    const int folder = open_program(plan, &name);

    if (folder < 0)
        return;
    if (fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISSOCK(there.st_mode))
        (void)unlinkat(folder, name, 0);
    (void)close(folder);
}

void troth_run_state_share(const struct troth_run_plan *plan)
{
    char by_descriptor[32];
    struct stat there;
    const char *name;
    const int folder = open_program(plan, &name);
    int socket;

    if (folder < 0)
        return;
    socket = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    (void)snprintf(by_descriptor, sizeof by_descriptor, "/proc/self/fd/%d", socket);
    /* Exactly the one that was looked at. What fails is told by the agent: it is refused.
     */
    if (socket >= 0 && fstat(socket, &there) == 0 && S_ISSOCK(there.st_mode) &&
        there.st_uid == plan->sandbox.user &&
        chown(by_descriptor, (uid_t)-1, plan->agent.group) == 0)
        (void)chmod(by_descriptor, 0660);
    if (socket >= 0)
        (void)close(socket);
    (void)close(folder);
}
