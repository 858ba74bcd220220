/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder/compile_tree.h"
#include "builder/compile_world.h"
#include "builder/sources.h"

#define NAMESPACES                                                                       \
    ((unsigned long)(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |         \
                     CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP))

/* Whom root compiles as. Not as itself: the kernel lets user 0 of the machine do things
 * in any namespace. */
#define NOBODY 65534

#define TAIL 512

enum { ENDS = 2 /* of a pipe */ };

/* A step under way. */
struct step {
    const struct troth_compile *compile;
    struct troth_build_problem *problem;
    struct troth_compile_owner owner;
    const char *path;                  /* of the scratch folder */
    int scratch, root, source, output; /* open folders, or -1 */
    int words[ENDS], reports[ENDS], parent[ENDS];
    char **environment;
    char tail[TAIL]; /* the end of what was said */
    size_t tail_len;
    struct troth_compile_report report;
    bool is_reported;
};

/* ---- the folders ---- */

/* Is there such a user where this process lives? */
static bool is_mapped(unsigned user)
{
    FILE *map = fopen("/proc/self/uid_map", "re");
    char line[128];
    bool is_found = false;

    while (map && !is_found && fgets(line, sizeof line, map)) {
        char *rest = line;
        const unsigned long first = strtoul(rest, &rest, 10);
        const unsigned long outside = strtoul(rest, &rest, 10);
        const unsigned long count = strtoul(rest, NULL, 10);

        (void)outside;
        is_found = user >= first && user - first < count;
    }
    if (map)
        (void)fclose(map);
    return is_found;
}

static void choose_owner(struct step *s)
{
    s->owner = (struct troth_compile_owner){.is_given = false,
                                            .user = geteuid(),
                                            .group = getegid(),
                                            .time_s = s->compile->time_s};
    if (s->owner.user != 0 || !is_mapped(NOBODY))
        return;
    s->owner.is_given = true;
    s->owner.user = s->owner.group = NOBODY;
}

static bool make_folder(struct step *s, const char *name, int *out)
{
    *out = -1;
    if (mkdirat(s->scratch, name, 0700) == 0)
        *out = openat(s->scratch, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 || troth_build_fail_errno(s->problem, name,
                                               "cannot be made to compile in", errno);
}

static bool make_folders(struct step *s)
{
    const struct troth_compile *c = s->compile;

    s->scratch = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (s->scratch < 0)
        return troth_build_fail_errno(s->problem, s->path, "cannot be opened", errno);
    return make_folder(s, "root", &s->root) && make_folder(s, "source", &s->source) &&
           make_folder(s, "output", &s->output) &&
           troth_compile_write_tree(s->problem, c->root, s->root, &s->owner) &&
           troth_compile_write_places(s->problem, s->root, &s->owner) &&
           troth_compile_finish_tree(s->problem, c->root, s->root, &s->owner) &&
           troth_compile_write_tree(s->problem, c->source, s->source, &s->owner) &&
           troth_compile_finish_tree(s->problem, c->source, s->source, &s->owner) &&
           troth_compile_finish_tree(s->problem, NULL, s->output, &s->owner);
}

/* ---- its environment ---- */

static bool is_overridden(const struct troth_build_words *own, const char *variable)
{
    const size_t len = strcspn(variable, "=") + 1;

    for (size_t i = 0; i < own->count; i++)
        if (strncmp(own->rows[i], variable, len) == 0)
            return true;
    return false;
}

static bool make_environment(struct step *s)
{
    const struct troth_build_words *own = &s->compile->environment;
    char date[48];
    const char *const fixed[] = {
        "PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
        "LC_ALL=C.UTF-8",     "TZ=UTC",    date,
    };
    const size_t fixed_count = sizeof fixed / sizeof fixed[0];
    size_t count = 0;

    (void)snprintf(date, sizeof date, "SOURCE_DATE_EPOCH=%lld",
                   (long long)s->compile->time_s);
    s->environment = calloc(fixed_count + own->count + 1, sizeof *s->environment);
    for (size_t i = 0; s->environment && i < fixed_count + own->count; i++) {
        const char *text = i < fixed_count ? fixed[i] : own->rows[i - fixed_count];

        if (i < fixed_count && is_overridden(own, text))
            continue;
        s->environment[count] = strdup(text);
        if (!s->environment[count++])
            return troth_build_fail(s->problem, "", "out of memory");
    }
    return s->environment || troth_build_fail(s->problem, "", "out of memory");
}

/* ---- its processes ---- */

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

static bool map_user(const struct step *s, const char *process)
{
    return map_one(process, "uid_map", s->owner.user) &&
           map_one(process, "gid_map", s->owner.group);
}

/* The one user and group that the world knows. Root says who they are from outside;
 * anybody else is it, and has to say so inside. */
static bool map_from_outside(const struct step *s, pid_t world)
{
    char process[32];

    (void)snprintf(process, sizeof process, "%ld", (long)world);
    return !s->owner.is_given || map_user(s, process);
}

static bool map_from_inside(const struct step *s)
{
    /* Of what is not to be dumped, the kernel gives these files to root. */
    return s->owner.is_given ||
           (prctl(PR_SET_DUMPABLE, 1) == 0 &&
            write_text("/proc/self/setgroups", "deny") && map_user(s, "self"));
}

/* In the world's first process: wait until it is somebody. */
static _Noreturn void begin(struct step *s)
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

static void keep_tail(struct step *s, const char *bytes, size_t len)
{
    if (len > TAIL) {
        bytes += len - TAIL;
        len = TAIL;
    }
    if (s->tail_len + len > TAIL) {
        const size_t kept = TAIL - len;

        memmove(s->tail, s->tail + s->tail_len - kept, kept);
        s->tail_len = kept;
    }
    memcpy(s->tail + s->tail_len, bytes, len);
    s->tail_len += len;
}

/* Until nothing is left that could speak. */
static void listen_to(struct step *s, int said)
{
    char bytes[4096];

    for (;;) {
        const ssize_t got = read(s->words[0], bytes, sizeof bytes);

        if (got == 0 || (got < 0 && errno != EINTR))
            return;
        if (got <= 0)
            continue;
        keep_tail(s, bytes, (size_t)got);
        for (ssize_t done = 0, put = 0; said >= 0 && done < got; done += put) {
            put = write(said, bytes + done, (size_t)(got - done));
            /* Nobody hears it; the step goes on. */
            if (put <= 0)
                break;
        }
    }
}

static void close_end(int *end)
{
    if (*end >= 0)
        (void)close(*end);
    *end = -1;
}

static bool object_to_step(struct step *s, const char *step, int error)
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

static bool attend(struct step *s, pid_t world, int said)
{
    const bool is_somebody = map_from_outside(s, world);
    const int failed = errno;
    int status = 0;

    close_end(&s->words[1]);
    close_end(&s->reports[1]);
    /* Its other end is open here, too: whoever is gone cannot break the pipe. */
    if (is_somebody && write(s->parent[1], "", 1) == 1) {
        close_end(&s->parent[0]);
        listen_to(s, said);
        s->is_reported = read(s->reports[0], &s->report, sizeof s->report) ==
                         sizeof s->report;
    }
    /* Gone already, but where it was never told to begin. */
    close_end(&s->parent[1]);
    (void)kill(world, SIGKILL);
    while (waitpid(world, &status, 0) < 0 && errno == EINTR)
        ;
    if (is_somebody)
        return true;
    return object_to_step(s, "user", failed);
}

static bool run(struct step *s, int said)
{
    pid_t world;

    if (pipe2(s->words, O_CLOEXEC) != 0 || pipe2(s->reports, O_CLOEXEC) != 0 ||
        pipe2(s->parent, O_CLOEXEC) != 0)
        return troth_build_fail_errno(s->problem, "compile", "no pipe", errno);
    /* So that the command can open /dev/stdout. */
    if (s->owner.is_given && fchown(s->words[1], s->owner.user, s->owner.group) != 0)
        return object_to_step(s, "user", errno);
    world = (pid_t)syscall(SYS_clone, NAMESPACES | SIGCHLD, NULL, NULL, NULL, NULL);
    if (world == 0)
        begin(s);
    return world > 0 ? attend(s, world, said) : object_to_step(s, "namespaces", errno);
}

/* ---- what came of it ---- */

/* The last line that says something, on one line of its own. */
static const char *last_line(struct step *s, char out[static TAIL + 3])
{
    size_t end = s->tail_len, start, len = 0;

    while (end > 0 && (unsigned char)s->tail[end - 1] <= ' ')
        end--;
    for (start = end; start > 0 && s->tail[start - 1] != '\n'; start--)
        ;
    if (start < end) {
        out[len++] = ':';
        out[len++] = ' ';
    }
    for (; start < end; start++) {
        const char byte = s->tail[start];

        out[len++] = '?';
        if ((unsigned char)byte >= ' ' && byte != 0x7f)
            out[len - 1] = byte;
    }
    out[len] = '\0';
    return out;
}

static bool judge(struct step *s)
{
    const char *program = s->compile->command.rows[0];
    const int status = s->report.status;
    char line[TAIL + 3];

    if (!s->is_reported)
        return troth_build_fail(s->problem, program, "was killed with its whole world");
    if (strcmp(s->report.step, "start") == 0)
        return troth_build_fail_errno(s->problem, program, "cannot be started",
                                      s->report.error);
    if (s->report.step[0])
        return object_to_step(s, s->report.step, s->report.error);
    if (WIFSIGNALED(status))
        return troth_build_fail(s->problem, program, "was ended by signal %d%s",
                                WTERMSIG(status), last_line(s, line));
    return WEXITSTATUS(status) == 0 ||
           troth_build_fail(s->problem, program, "ended with status %d%s",
                            WEXITSTATUS(status), last_line(s, line));
}

static bool check_order(const struct troth_compile *compile,
                        struct troth_build_problem *problem)
{
    const unsigned cores = troth_compile_cores();

    if (compile->command.count == 0)
        return troth_build_fail(problem, "compile", "has no command");
    if (compile->cores >= 1 && compile->cores <= cores)
        return true;
    (void)troth_build_fail(problem, "compile.cores",
                           "says %u, and there are %u to be used here",
                           (unsigned)compile->cores, cores);
    troth_build_hint(problem, "what is built may differ with it, so it is never fewer");
    return false;
}

static void release(struct step *s)
{
    for (size_t i = 0; i < ENDS; i++) {
        close_end(&s->words[i]);
        close_end(&s->reports[i]);
        close_end(&s->parent[i]);
    }
    close_end(&s->scratch);
    close_end(&s->root);
    close_end(&s->source);
    close_end(&s->output);
    for (size_t i = 0; s->environment && s->environment[i]; i++)
        free(s->environment[i]);
    free((void *)s->environment);
}

bool troth_compile(struct troth_file_tree *tree, struct troth_build_problem *problem,
                   const struct troth_compile *compile, const char *scratch, int said,
                   size_t row)
{
    struct step s = {.compile = compile,
                     .problem = problem,
                     .path = scratch,
                     .scratch = -1,
                     .root = -1,
                     .source = -1,
                     .output = -1,
                     .words = {-1, -1},
                     .reports = {-1, -1},
                     .parent = {-1, -1}};
    bool is_done;

    if (!check_order(compile, problem))
        return false;
    choose_owner(&s);
    is_done = make_folders(&s) && make_environment(&s) && run(&s, said) && judge(&s) &&
              troth_source_folder(tree, problem, "/output", s.output, row);
    /* What the tree holds is read from there. */
    if (is_done)
        s.output = -1;
    release(&s);
    return is_done;
}
