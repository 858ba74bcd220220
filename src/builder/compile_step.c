/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile_step.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAMESPACES                                                                       \
    ((unsigned long)(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |         \
                     CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP))

static bool write_text(const char *path, const char *text)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const size_t len = strlen(text);
    bool is_written;

    if (file < 0)
        return false;
    is_written = write(file, text, len) == (ssize_t)len;
    (void)close(file);
    return is_written;
}

static bool map_one(const char *process, const char *file, uint32_t outside)
{
    char path[64], map[64];

    (void)snprintf(path, sizeof path, "/proc/%s/%s", process, file);
    (void)snprintf(map, sizeof map, "%d %u 1\n", TROTH_COMPILE_USER, (unsigned)outside);
    return write_text(path, map);
}

static bool map_user(const struct troth_compile_step *s, const char *process)
{
    return map_one(process, "uid_map", s->owner.user) &&
           map_one(process, "gid_map", s->owner.group);
}

/* The one user and group that the world knows. Root says who they are from outside;
 * anybody else is it, and has to say so inside. */
static bool map_from_outside(const struct troth_compile_step *s, pid_t world)
{
    char process[32];

    (void)snprintf(process, sizeof process, "%ld", (long)world);
    return !s->owner.is_given || map_user(s, process);
}

static bool map_from_inside(const struct troth_compile_step *s)
{
    /* Of what is not to be dumped, the kernel gives these files to root. */
    return s->owner.is_given ||
           (prctl(PR_SET_DUMPABLE, 1) == 0 &&
            write_text("/proc/self/setgroups", "deny") && map_user(s, "self"));
}

/* In the world's first process: wait until it is somebody. */
static _Noreturn void begin(struct troth_compile_step *s)
{
    const struct troth_compile_world world = {
        .path = s->path,
        .scratch = s->scratch,
        .said = s->words[1],
        .report = s->reports[1],
        .parent = s->parent[0],
        .command = (char *const *)s->compile->command.rows,
        .environment = s->environment,
        .cores = s->compile->cores,
    };
    char go = 0;

    (void)close(s->parent[1]);
    if (read(s->parent[0], &go, 1) != 1)
        _exit(1);
    if (map_from_inside(s))
        troth_compile_world_run(&world);
    s->report = (struct troth_compile_report){.step = "user", .error = errno};
    _exit(write(world.report, &s->report, sizeof s->report) < 0);
}

static void keep_tail(struct troth_compile_step *s, const char *bytes, size_t len)
{
    if (len > TROTH_COMPILE_TAIL) {
        bytes += len - TROTH_COMPILE_TAIL;
        len = TROTH_COMPILE_TAIL;
    }
    if (s->tail_len + len > TROTH_COMPILE_TAIL) {
        const size_t kept = TROTH_COMPILE_TAIL - len;

        memmove(s->tail, s->tail + s->tail_len - kept, kept);
        s->tail_len = kept;
    }
    memcpy(s->tail + s->tail_len, bytes, len);
    s->tail_len += len;
}

/* What it says may be for a terminal's eyes, and not for its orders: those are one byte,
 * or two, the first of which is \xc2. */
static void tame(struct troth_compile_step *s, char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)bytes[i];

        if (byte == '\r')
            bytes[i] = '\n';
        else if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f ||
                 (byte >= 0x80 && byte < 0xa0 && s->said_last == 0xc2))
            bytes[i] = '?';
        s->said_last = byte;
    }
}

/* Until nothing is left that could speak. */
static void listen_to(struct troth_compile_step *s, int said)
{
    char bytes[4096];

    for (;;) {
        const ssize_t got = read(s->words[0], bytes, sizeof bytes);

        if (got == 0 || (got < 0 && errno != EINTR))
            return;
        if (got <= 0)
            continue;
        tame(s, bytes, (size_t)got);
        keep_tail(s, bytes, (size_t)got);
        for (ssize_t done = 0, put = 0; said >= 0 && done < got; done += put) {
            put = write(said, bytes + done, (size_t)(got - done));
            /* Nobody hears it; the step goes on. */
            if (put <= 0)
                break;
        }
    }
}

void troth_compile_close(int *end)
{
    if (*end >= 0)
        (void)close(*end);
    *end = -1;
}

bool troth_compile_object(struct troth_compile_step *s, const char *step, int error)
{
    (void)troth_build_fail_errno(s->problem, step, "is what the compile step cannot do",
                                 error);
    if (error == EPERM || error == EACCES || error == ENOSPC)
        troth_build_hint(s->problem, "user namespaces have to be allowed: "
                                     "user.max_user_namespaces, "
                                     "kernel.unprivileged_userns_clone=1, "
                                     "kernel.apparmor_restrict_unprivileged_userns=0");
    return false;
}

static bool attend(struct troth_compile_step *s, pid_t world, int said)
{
    const bool is_somebody = map_from_outside(s, world);
    const int failed = errno;
    int status = 0;

    troth_compile_close(&s->words[1]);
    troth_compile_close(&s->reports[1]);
    /* Its other end is open here, too: whoever is gone cannot break the pipe. */
    if (is_somebody && write(s->parent[1], "", 1) == 1) {
        troth_compile_close(&s->parent[0]);
        listen_to(s, said);
        s->is_reported = read(s->reports[0], &s->report, sizeof s->report) ==
                         sizeof s->report;
    }
    /* Gone already, but where it was never told to begin. */
    troth_compile_close(&s->parent[1]);
    (void)kill(world, SIGKILL);
    while (waitpid(world, &status, 0) < 0 && errno == EINTR)
        ;
    if (is_somebody)
        return true;
    return troth_compile_object(s, "user", failed);
}

bool troth_compile_step_run(struct troth_compile_step *s, int said)
{
    pid_t world;

    if (pipe2(s->words, O_CLOEXEC) != 0 || pipe2(s->reports, O_CLOEXEC) != 0 ||
        pipe2(s->parent, O_CLOEXEC) != 0)
        return troth_build_fail_errno(s->problem, "compile", "no pipe", errno);
    /* So that the command can open /dev/stdout. */
    if (s->owner.is_given && fchown(s->words[1], s->owner.user, s->owner.group) != 0)
        return troth_compile_object(s, "user", errno);
    world = (pid_t)syscall(SYS_clone, NAMESPACES | SIGCHLD, NULL, NULL, NULL, NULL);
    if (world == 0)
        begin(s);
    return world > 0 ? attend(s, world, said)
                     : troth_compile_object(s, "namespaces", errno);
}
