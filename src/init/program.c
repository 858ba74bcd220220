/* SPDX-License-Identifier: Apache-2.0 */
#include "init/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/places.h"

#define RUN TROTH_INIT_PROGRAMS "/troth-run"

enum { STATUS_CANNOT_RUN = 126, STATUS_OF_SIGNAL = 128 };

static _Noreturn void become(void)
{
    static char run[] = "troth-run", file[] = "--run-file",
                path[] = "/etc/troth/run.yaml", state[] = "--state",
                folder[] = "/run/troth";
    /* It does: where no register takes events, the image's own measurement covers it. */
    static char held[] = "--image-holds-run-file";
    static char *const words[] = {run, file, path, state, folder, held, NULL};
    static char *const nothing[] = {NULL};
    const int nowhere = open("/dev/null", O_RDONLY);

    if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
        (nowhere <= STDERR_FILENO || close(nowhere) == 0) && setsid() >= 0)
        (void)execve(RUN, words, nothing);
    _exit(STATUS_CANNOT_RUN);
}

bool troth_init_program(int *out_status, struct troth_init_fault *fault)
{
    const pid_t program = fork();
    int status = 0;

    *out_status = STATUS_CANNOT_RUN;
    if (program < 0)
        return troth_init_fail_errno(fault, RUN, errno);
    if (program == 0)
        become();
    for (pid_t ended = 0; ended != program;) {
        ended = wait(&status);
        if (ended < 0 && errno != EINTR)
            return troth_init_fail_errno(fault, RUN, errno);
    }
    *out_status = WIFEXITED(status) ? WEXITSTATUS(status)
                                    : STATUS_OF_SIGNAL + WTERMSIG(status);
    return true;
}
