/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/fault.h"
#include "sandbox/landlock.h"
#include "sandbox/sandbox.h"

static const char *const namespaces[] = {
    "/proc/self/ns/pid", "/proc/self/ns/mnt",    "/proc/self/ns/ipc",
    "/proc/self/ns/uts", "/proc/self/ns/cgroup", "/proc/self/ns/net",
};

bool troth_sandbox_check(struct troth_sandbox_fault *fault)
{
    const uint32_t action = SECCOMP_RET_KILL_PROCESS;

    *fault = (struct troth_sandbox_fault){0};
    if (troth_sandbox_landlock_version() == 0)
        return troth_sandbox_fail_with(fault, ENOSYS, "landlock", "");
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
        return troth_sandbox_fail(fault, "seccomp", "");
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++)
        if (access(namespaces[i], F_OK) != 0)
            return troth_sandbox_fail(fault, "namespaces", namespaces[i]);
    return true;
}
