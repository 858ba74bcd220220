/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/program.h"

#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sandbox/calls.h"
#include "sandbox/fault.h"
#include "sandbox/identity.h"
#include "sandbox/landlock.h"
#include "sandbox/limits.h"

/* As it is where nobody has changed it. */
static bool reset_signals(void)
{
    const struct sigaction initial = {.sa_handler = SIG_DFL};
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &initial,
                        NULL); /* fails for two that cannot be changed */
    return sigemptyset(&none) == 0 && pthread_sigmask(SIG_SETMASK, &none, NULL) == 0;
}

static const char *path_of(const char *const *environment)
{
    for (; *environment; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0)
            return *environment + 5;
    return "/usr/local/bin:/usr/bin:/bin";
}

static void execute(const char *file, const struct troth_sandbox *sandbox)
{
    /* Nobody writes to the words: the C library's type is older than const. */
    (void)execve(file, (char *const *)sandbox->argv, (char *const *)sandbox->environment);
}

/* As the shell does it: the first file of the name that can be executed. One that is
 * there but cannot be is better news than none. */
static int search(const struct troth_sandbox *sandbox)
{
    const char *name = sandbox->argv[0];
    int error = ENOENT;

    if (strchr(name, '/')) {
        execute(name, sandbox);
        return errno;
    }
    for (const char *folder = path_of(sandbox->environment);;) {
        char file[TROTH_SANDBOX_PATH_MAX];
        const size_t len = strcspn(folder, ":");
        const int file_len = snprintf(file, sizeof file, "%.*s/%s", (int)len, folder,
                                      name);

        if (len > 0 && file_len > 0 && (size_t)file_len < sizeof file) {
            execute(file, sandbox);
            if (errno != ENOENT && errno != ENOTDIR)
                error = errno;
        }
        if (folder[len] == '\0')
            return error;
        folder += len + 1;
    }
}

/* Programs open /dev/stdout again to log there, as whoever they are: whoever has a pipe
 * without a name may. But not in the other direction: others log there, too, and what is
 * read is gone. Files, terminals and sockets stay as they are. */
static bool open_pipes(void)
{
    struct statfs system;
    struct stat facts;

    for (int stream = 0; stream <= 2; stream++)
        if (fstatfs(stream, &system) == 0 && system.f_type == PIPEFS_MAGIC &&
            (fstat(stream, &facts) != 0 ||
             fchmod(stream, (facts.st_mode & 0777) |
                                (stream == STDIN_FILENO ? S_IROTH : S_IWOTH)) != 0))
            return false;
    return true;
}

/* What is refused from the third step on, the rest of this does without. */
static bool give_up(const struct troth_sandbox *sandbox,
                    const struct troth_sandbox_places *places, bool memfd,
                    struct troth_sandbox_fault *fault)
{
    (void)umask(022);
    if (setsid() < 0 || !reset_signals() || !open_pipes())
        return troth_sandbox_fail(fault, "session", "");
    if (!troth_sandbox_landlock_restrict(places, fault) ||
        !troth_sandbox_calls_restrict(memfd, fault) ||
        !troth_sandbox_limits_set(&sandbox->limits, fault) ||
        !troth_sandbox_identity_become(sandbox->user, sandbox->group, fault))
        return false;
    return chdir(sandbox->directory) == 0 ||
           troth_sandbox_fail(fault, "chdir", sandbox->directory);
}

void troth_sandbox_program_execute(const struct troth_sandbox *sandbox,
                                   const struct troth_sandbox_places *places, bool memfd,
                                   struct troth_sandbox_fault *fault)
{
    if (!give_up(sandbox, places, memfd, fault))
        return;

    const int error = sandbox->argv[0][0] == '\0' ? ENOENT : search(sandbox);

    (void)troth_sandbox_fail_with(fault, error, "exec", sandbox->argv[0]);
}
