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
    /* One thread, and nobody else reads this one. NOLINTNEXTLINE(concurrency-mt-unsafe)
     */
    while (!is_found && (entry = readdir(directory)))
        is_found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
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

static bool make_program(struct troth_sandbox_fault *fault, const char *path,
                         const struct troth_sandbox *sandbox)
{
    int folder, failed = 0;

    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return fail(fault, "make", path, errno);
    folder = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(fault, "open", path, errno);
    if (fchown(folder, sandbox->user, sandbox->group) != 0 || fchmod(folder, 0755) != 0)
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
    if (make_program(fault, plan->places.program, &plan->sandbox))
        return true;
    troth_lock_release(*out_lock);
    *out_lock = -1;
    return false;
}

/* The folder is the program's: nothing there is followed, and nothing else removed. */
void troth_run_state_clear(const struct troth_run_plan *plan)
{
    struct stat there;
    const char *name;
    int folder;

    if (!plan->upstream || *plan->upstream != '/')
        return;
    folder = open(plan->places.program, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    name = strrchr(plan->upstream, '/') + 1;
    if (fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISSOCK(there.st_mode))
        (void)unlinkat(folder, name, 0);
    (void)close(folder);
}
