/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile_world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder/compile_calls.h"

/* Processors of the largest machines that Linux is built for. */
#define PROCESSORS 8192

struct processors {
    _Alignas(cpu_set_t) unsigned char bits[PROCESSORS / 8];
};

/* What could differ between machines, or end a build on one of them. */
static const struct {
    int what;
    rlim_t value;
} limits[] = {
    {RLIMIT_CORE, 0},
    {RLIMIT_NOFILE, 4096},
    {RLIMIT_NPROC, 4096},
    {RLIMIT_STACK, (rlim_t)8 * 1024 * 1024},
};

static bool fail(struct troth_compile_report *report, const char *step)
{
    report->error = errno;
    (void)snprintf(report->step, sizeof report->step, "%s", step);
    return false;
}

static void say(const struct troth_compile_world *world,
                const struct troth_compile_report *report)
{
    while (write(world->report, report, sizeof *report) < 0 && errno == EINTR)
        ;
}

static bool get_processors(struct processors *out)
{
    return sched_getaffinity(0, sizeof *out, (cpu_set_t *)(void *)out) >= 0;
}

unsigned troth_compile_cores(void)
{
    struct processors all = {{0}};

    if (!get_processors(&all))
        return 0;
    return (unsigned)CPU_COUNT_S(sizeof all, (cpu_set_t *)(void *)&all);
}

/* The first of those there are. */
static bool limit_cores(uint32_t cores)
{
    struct processors all = {{0}}, few = {{0}};
    cpu_set_t *const from = (cpu_set_t *)(void *)&all, *const to =
                                                           (cpu_set_t *)(void *)&few;

    if (!get_processors(&all))
        return false;
    for (size_t i = 0; i < PROCESSORS && cores > 0; i++)
        if (CPU_ISSET_S(i, sizeof all, from)) {
            CPU_SET_S(i, sizeof few, to);
            cores--;
        }
    return cores == 0 && sched_setaffinity(0, sizeof few, to) == 0;
}

/* Never more than there may be. */
static bool limit_resources(void)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct rlimit limit;

        if (getrlimit((__rlimit_resource_t)limits[i].what, &limit) != 0)
            return false;
        if (limit.rlim_max > limits[i].value)
            limit.rlim_max = limits[i].value;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit((__rlimit_resource_t)limits[i].what, &limit) != 0)
            return false;
    }
    return true;
}

/* Nobody any more who could change this world. */
static bool give_up(struct troth_compile_report *report)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(report, "no new privileges");
    if (syscall(SYS_capset, &header, none) != 0)
        return fail(report, "capabilities");
    return troth_compile_calls_restrict() || fail(report, "system calls");
}

/* Changing the user forgets both, so this comes after it. */
static bool depend(const struct troth_compile_world *world,
                   struct troth_compile_report *report)
{
    struct pollfd parent = {.fd = world->parent, .events = POLLIN};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return fail(report, "ties");
    /* It may have ended before the kernel was asked to tell. */
    if (poll(&parent, 1, 0) == 0)
        return true;
    errno = ESRCH;
    return fail(report, "parent");
}

static bool take_streams(const struct troth_compile_world *world,
                         struct troth_compile_report *report)
{
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
        dup2(world->said, STDOUT_FILENO) < 0 || dup2(world->said, STDERR_FILENO) < 0)
        return fail(report, "streams");
    return syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 ||
           fail(report, "descriptors");
}

/* What a new process inherits, and a program should not see of who started it. */
static bool reset(const struct troth_compile_world *world,
                  struct troth_compile_report *report)
{
    sigset_t none;

    (void)sigemptyset(&none);
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        (void)signal(signal_number, SIG_DFL);
    (void)umask(022);
    if (pthread_sigmask(SIG_SETMASK, &none, NULL) != 0 || setsid() < 0)
        return fail(report, "session");
    if (!limit_cores(world->cores))
        return fail(report, "processors");
    /* Addresses that differ every time find their way into what is built. */
    if (personality(ADDR_NO_RANDOMIZE) < 0)
        return fail(report, "addresses");
    return limit_resources() || fail(report, "limits");
}

static _Noreturn void become(const struct troth_compile_world *world)
{
    struct troth_compile_report report = {.step = ""};

    if (reset(world, &report) && take_streams(world, &report)) {
        if (chdir("/source") == 0) {
            environ = world->environment;
            (void)execvp(world->command[0], world->command);
        }
        (void)fail(&report, "start");
    }
    say(world, &report);
    _exit(127);
}

/* To the command's end; whatever else ends meanwhile is buried. */
static bool wait_for(pid_t command, struct troth_compile_report *report)
{
    for (;;) {
        const pid_t ended = waitpid(-1, &report->status, 0);

        if (ended == command)
            return true;
        if (ended < 0 && errno != EINTR)
            return fail(report, "wait");
    }
}

static bool run(const struct troth_compile_world *world,
                struct troth_compile_report *report)
{
    pid_t command;

    if (!troth_compile_world_mount(world, report) || !give_up(report) ||
        !depend(world, report))
        return false;
    command = fork();
    if (command == 0)
        become(world);
    return command > 0 ? wait_for(command, report) : fail(report, "fork");
}

_Noreturn void troth_compile_world_run(const struct troth_compile_world *world)
{
    struct troth_compile_report report = {.step = ""};

    (void)run(world, &report);
    say(world, &report);
    _exit(0);
}
