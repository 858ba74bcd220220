/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "test/unit/sandbox/world.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test/harness.h"

static const char *const words_of_environment[] = {
    "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8", NULL};
static const char *const system_folders[] = {"/usr",   "/bin",   "/sbin",   "/lib",
                                             "/lib32", "/lib64", "/libx32", "/etc"};

/* No errno, and no shell's status. */
#define UNTRIED 250

const char *world_obstacle(void)
{
    struct troth_sandbox_fault fault;
    struct statx root;
    int network;

    if (geteuid() != 0)
        return "only root can make a sandbox";
    if (statx(AT_FDCWD, "/", 0, 0, &root) != 0 ||
        (root.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0)
        return "the root is no mount point";
    if (!troth_sandbox_check(&fault))
        return fault.step;
    if (!troth_sandbox_network(&network, &fault))
        return "namespaces cannot be made here";
    (void)close(network);
    return NULL;
}

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    FAIL(what);
    exit(test_finish());
}

static void copy_program(char *out, const struct world *world, const char *name)
{
    char from[4096];
    const int len = snprintf(from, sizeof from, "%s/test/unit/sandbox/%s",
                             TROTH_BUILD_DIR, name);
    FILE *copy;

    must(len > 0 && (size_t)len < sizeof from, "a short path");
    (void)snprintf(out, WORLD_PATH_MAX, "%s", world_path(world->bin, name));

    const struct troth_span bytes = test_file(from);

    must(bytes.ptr != NULL, from);
    copy = fopen(out, "wb");
    must(copy && fwrite(bytes.ptr, 1, bytes.len, copy) == bytes.len &&
             fclose(copy) == 0 && chmod(out, 0755) == 0,
         "a copy of a program");
}

static void make_folder(char *out, const struct world *world, const char *name,
                        mode_t mode)
{
    (void)snprintf(out, WORLD_PATH_MAX, "%s", world_path(world->folder, name));
    must(mkdir(out, 0700) == 0 && chmod(out, mode) == 0, "a folder");
}

void world_open(struct world *world)
{
    struct troth_sandbox_fault fault;
    struct stat status;
    size_t count = 0;

    *world = (struct world){.folder = "/var/tmp/troth-sandbox-XXXXXX"};
    must(mkdtemp(world->folder) && chmod(world->folder, 0755) == 0, "a folder");
    make_folder(world->bin, world, "bin", 0755);
    make_folder(world->kept, world, "kept", 0755);
    make_folder(world->outside, world, "outside", 0777);
    must(chown(world->kept, WORLD_USER, WORLD_USER) == 0, "a folder of the user's");
    copy_program(world->hostile, world, "hostile");
    copy_program(world->friendly, world, "friendly");
    for (size_t i = 0; i < COUNT(system_folders); i++)
        if (stat(system_folders[i], &status) == 0)
            world->read[count++] = system_folders[i];
    world->read[count++] = world->bin;
    world->write[0] = world->kept;
    world->sandbox = (struct troth_sandbox){
        .environment = words_of_environment,
        .directory = "/",
        .user = WORLD_USER,
        .group = WORLD_USER,
        .read = world->read,
        .read_count = count,
        .write = world->write,
        .write_count = 1,
    };
    must(troth_sandbox_network(&world->sandbox.network, &fault), "a network");
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void world_close(struct world *world)
{
    (void)nftw(world->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    (void)close(world->sandbox.network);
}

const char *world_path(const char *folder, const char *name)
{
    static char paths[8][2 * WORLD_PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % COUNT(paths)];

    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *world_words(const struct world *world, const char *text)
{
    static char texts[8][4 * WORLD_PATH_MAX];
    static unsigned next;
    const struct {
        const char *name, *path;
    } folders[] = {
        {"{kept}", world->kept}, {"{bin}", world->bin}, {"{outside}", world->outside}};
    char *out = texts[next++ % COUNT(texts)];
    size_t len = 0;

    while (*text && len + WORLD_PATH_MAX < sizeof texts[0]) {
        size_t i = 0;

        while (i < COUNT(folders) &&
               strncmp(text, folders[i].name, strlen(folders[i].name)) != 0)
            i++;
        if (i == COUNT(folders)) {
            out[len++] = *text++;
            continue;
        }
        len = (size_t)(stpcpy(out + len, folders[i].path) - out);
        text += strlen(folders[i].name);
    }
    out[len] = '\0';
    return out;
}

void world_read(int stream, char *out, size_t size, const char *until)
{
    size_t len = 0;
    ssize_t more;

    out[0] = '\0';
    while (len + 1 < size && (more = read(stream, out + len, size - 1 - len)) > 0) {
        len += (size_t)more;
        out[len] = '\0';
        if (until && strstr(out, until))
            return;
    }
}

int world_start(const struct world *world, const char *const *words, int *out_stream)
{
    struct troth_sandbox sandbox = world->sandbox;
    struct troth_sandbox_fault fault;
    int ends[2], init = -1;
    const int own = dup(STDOUT_FILENO);

    (void)fflush(stdout);
    must(own >= 0 && pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[1], STDOUT_FILENO) >= 0,
         "a pipe");
    (void)close(ends[1]);
    sandbox.argv = words;

    const bool is_started = troth_sandbox_start(&init, &sandbox, &fault);

    (void)dup2(own, STDOUT_FILENO);
    (void)close(own);
    *out_stream = ends[0];
    if (!is_started) {
        printf("# %s %s: %s\n", fault.step, fault.path, strerror(fault.error));
        FAIL("it starts");
    }
    return init;
}

int world_wait(int process)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    int status = 0;

    for (int i = 0; i < 2000; i++) {
        if (waitpid(process, &status, WNOHANG) == process)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        (void)nanosleep(&pause, NULL);
    }
    (void)kill(process, SIGKILL);
    (void)waitpid(process, NULL, 0);
    return -1;
}

int world_run(const struct world *world, const char *const *words, char *out, size_t size)
{
    char rest[4096];
    int stream;
    const int init = world_start(world, words, &stream);

    if (init > 0) {
        world_read(stream, out, size, NULL);
        world_read(stream, rest, sizeof rest, NULL);
    }
    (void)close(stream);
    return init > 0 ? world_wait(init) : -1;
}

bool world_is_outside(int process)
{
    return process > 50;
}

bool world_without(unsigned call, int error)
{
    struct sock_filter rows[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog filter = {COUNT(rows), rows};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

int world_try(const struct world *world, bool (*confine)(const struct world *world),
              const char *attempt)
{
    (void)fflush(stdout);

    const pid_t child = fork();

    if (child == 0) {
        (void)!freopen("/dev/null", "w", stdout);
        /* What should be refused and is not changes no mount but its own. */
        if (geteuid() == 0 && (unshare(CLONE_NEWNS) != 0 ||
                               mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0))
            _exit(UNTRIED);
        if (confine && !confine(world))
            _exit(UNTRIED);
        (void)execl(world->hostile, "hostile", world_words(world, attempt), (char *)NULL);
        _exit(UNTRIED);
    }

    const int status = world_wait(child);

    return status == UNTRIED ? -1 : status;
}
