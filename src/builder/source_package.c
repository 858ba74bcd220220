/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/package_path.h"
#include "image/oci.h"

#define UNPACKER "/usr/bin/dpkg-deb"

/* dpkg-deb, whose standard output is the tar. */
struct child {
    pid_t id;
    int output;
};

static bool prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes,
                    int input, int output)
{
    sigset_t none, all;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    /* A group of its own, for it starts others: all of them are ended by one signal. */
    return !posix_spawn_file_actions_adddup2(files, input, STDIN_FILENO) &&
           !posix_spawn_file_actions_adddup2(files, output, STDOUT_FILENO) &&
           !posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null", O_WRONLY,
                                             0) &&
           !posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
                                                     POSIX_SPAWN_SETSIGMASK |
                                                     POSIX_SPAWN_SETSIGDEF) &&
           !posix_spawnattr_setpgroup(attributes, 0) &&
           !posix_spawnattr_setsigmask(attributes, &none) &&
           !posix_spawnattr_setsigdefault(attributes, &all);
}

static int spawn(struct child *out, int input, int output)
{
    char program[] = UNPACKER, verb[] = "--fsys-tarfile", standard[] = "-";
    char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
    char *const arguments[] = {program, verb, standard, NULL};
    char *const environment[] = {path, locale, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = ENOMEM;

    if (posix_spawn_file_actions_init(&files))
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) == 0) {
        if (prepare(&files, &attributes, input, output))
            error = posix_spawn(&out->id, program, &files, &attributes, arguments,
                                environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

static bool start(struct child *out, struct troth_build_problem *problem,
                  const char *name, int file)
{
    int ends[2], error;

    if (lseek(file, 0, SEEK_SET) < 0 || pipe2(ends, O_CLOEXEC))
        return troth_build_fail_errno(problem, name, "cannot be unpacked", errno);
    error = spawn(out, file, ends[1]);
    (void)close(ends[1]);
    if (!error) {
        out->output = ends[0];
        return true;
    }
    (void)close(ends[0]);
    (void)troth_build_fail_errno(problem, name, UNPACKER " cannot be started", error);
    if (error == ENOENT)
        troth_build_hint(problem, "apt install dpkg");
    return false;
}

static int wait_for(const struct child *child)
{
    int status = 0;
    pid_t ended;

    do
        ended = waitpid(child->id, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == child->id ? status : -1;
}

/* It has closed its end, and so was not interrupted by us. */
static bool has_ended(const struct child *child)
{
    uint8_t byte;
    ssize_t got;

    do
        got = read(child->output, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 0;
}

/* `good`: everything that it wrote was taken. What it could not unpack ends too early,
 * which is not the reason then. */
static bool finish(const struct child *child, struct troth_build_problem *problem,
                   const char *name, bool good)
{
    const bool ended = good || has_ended(child);
    int status;

    (void)close(child->output);
    if (!ended)
        (void)kill(-child->id, SIGKILL);
    status = wait_for(child);
    if (!ended || status == 0)
        return good;
    if (status != -1 && WIFEXITED(status))
        return troth_build_fail(problem, name,
                                "is no Debian package: dpkg-deb ended with status %d",
                                WEXITSTATUS(status));
    return troth_build_fail(problem, name, "cannot be unpacked: dpkg-deb was killed");
}

bool troth_source_package(struct troth_file_tree *tree,
                          struct troth_build_problem *problem, struct troth_spool *spool,
                          const char *name, int file, size_t row)
{
    struct child child = {.id = -1, .output = -1};
    bool good;

    if (!start(&child, problem, name, file))
        return false;

    const struct troth_tar_input input = {.name = name,
                                          .input = child.output,
                                          .packing = TROTH_OCI_PLAIN,
                                          .manner = TROTH_TAR_PACKAGE,
                                          .max = TROTH_SOURCE_UNPACKED_MAX};

    good = troth_source_tar(tree, problem, spool, &input, row);
    return finish(&child, problem, name, good);
}

static bool add_merged(struct troth_file_tree *tree, struct troth_build_problem *problem,
                       const char *name, bool always, size_t row)
{
    char target[16];
    const int len = snprintf(target, sizeof(target), "usr/%s", name);
    const struct troth_entry folder = {.kind = TROTH_ENTRY_FOLDER,
                                       .path = {(const uint8_t *)target, (size_t)len},
                                       .mode = 0755};
    const struct troth_entry link = {.kind = TROTH_ENTRY_SYMLINK,
                                     .path = troth_span_of_text(name),
                                     .mode = 0777,
                                     .target = folder.path};
    const bool there = troth_file_tree_find(tree, folder.path);

    if (!there && !always)
        return true;
    return (there ||
            troth_file_tree_add(tree, problem, &folder, NULL, row, TROTH_TREE_REFUSE)) &&
           troth_file_tree_add(tree, problem, &link, NULL, row, TROTH_TREE_REFUSE);
}

bool troth_source_merged_usr(struct troth_file_tree *tree,
                             struct troth_build_problem *problem, size_t row)
{
    const char *name;
    bool always;

    for (size_t i = 0; (name = troth_package_folder(i, &always)); i++)
        if (!add_merged(tree, problem, name, always, row))
            return false;
    return true;
}
