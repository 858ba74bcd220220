/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 12, WORD_ROOM = 8192 };

/* An environment of its own: nothing of this one's is in it. */
struct environment {
    char text[WORDS][WORD_ROOM];
    char *words[WORDS + 1];
    unsigned count;
};

static void set(struct environment *e, const char *name, const char *a, const char *b)
{
    (void)snprintf(e->text[e->count], WORD_ROOM, "%s=%s%s", name, a, b);
    e->words[e->count] = e->text[e->count];
    e->words[++e->count] = NULL;
}

static void make_environment(struct environment *e, const struct troth_build_world *world)
{
    const bool other = world->other;

    e->count = 0;
    set(e, "PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "");
    set(e, "HOME", world->home, "");
    set(e, "TMPDIR", world->home, "");
    set(e, "XDG_CACHE_HOME", world->home, other ? "/cache-of-the-other" : "/cache");
    set(e, "TZ", other ? "Pacific/Kiritimati" : "UTC", "");
    set(e, "LC_ALL", other ? "tr_TR.UTF-8" : "C", "");
    set(e, "LANG", other ? "tr_TR.UTF-8" : "C", "");
    set(e, "LANGUAGE", other ? "tr" : "en", "");
    set(e, "USER", other ? "somebody" : "me", "");
    set(e, "LOGNAME", other ? "somebody" : "me", "");
    set(e, "SOURCE_DATE_EPOCH", other ? "4102444799" : "never", "");
    set(e, "HOSTNAME", other ? "elsewhere" : "here", "");
}

static bool has_core(const cpu_set_t *set, unsigned core)
{
    return CPU_ISSET(core, set);
}

/* As many of those that this process may use, from the first one on. */
static void limit_cores(unsigned cores)
{
    cpu_set_t may, shall;
    unsigned seen = 0;

    if (cores == 0 || sched_getaffinity(0, sizeof may, &may))
        return;
    shall = may;
    for (unsigned i = 0; i < CPU_SETSIZE; i++)
        if (has_core(&may, i) && seen++ >= cores)
            CPU_CLR(i, &shall);
    (void)sched_setaffinity(0, sizeof shall, &shall);
}

static bool become(uint32_t user)
{
    if (geteuid() != 0 || user == 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
           setresuid(user, user, user) == 0;
}

/* Without whoever waits for it there is nothing to build for. A change of user forgets
 * it, so this comes after. */
static bool end_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

static _Noreturn void be_child(const struct troth_build_world *world, int program,
                               pid_t parent, const char *const *words)
{
    /* Too large for a stack that others share; this process is a copy. */
    static struct environment environment;
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    make_environment(&environment, world);
    limit_cores(world->cores);
    (void)umask(world->other ? 077 : 022);
    if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
        dup2(nowhere, STDOUT_FILENO) >= 0 && become(world->user) && end_with(parent) &&
        chdir(world->home) == 0)
        (void)fexecve(program, (char *const *)words, environment.words);
    _exit(TROTH_BUILD_CHILD_NOT_RUN);
}

int troth_build_child_run(int *out_status, const struct troth_build_world *world,
                          const char *const *words)
{
    /* By what is running, not by a path that the other user might not reach. */
    const int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    const pid_t self = getpid();
    int status, failed = 0;
    pid_t child;

    if (program < 0)
        return errno;
    child = fork();
    if (child == 0)
        be_child(world, program, self, words);
    if (child < 0)
        failed = errno;
    (void)close(program);
    while (!failed && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            failed = errno;
    if (!failed)
        *out_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return failed;
}
