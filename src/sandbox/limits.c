/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/limits.h"

#include <sys/resource.h>

#include "sandbox/fault.h"

static bool set(int resource, rlim_t most)
{
    struct rlimit limit = {.rlim_cur = most, .rlim_max = most};

    if (setrlimit((__rlimit_resource_t)resource, &limit) == 0)
        return true;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0)
        return false;
    /* Only the privileged raise a ceiling. */
    limit.rlim_cur = limit.rlim_max;
    return limit.rlim_max <= most &&
           setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

bool troth_sandbox_limits_set(const struct troth_sandbox_limits *limits,
                              struct troth_sandbox_fault *fault)
{
    const struct {
        const char *step;
        int resource;
        uint64_t most;
    } rows[] = {
        {"limit memory", RLIMIT_AS, limits->memory},
        {"limit files", RLIMIT_NOFILE, limits->files},
        {"limit processes", RLIMIT_NPROC, limits->processes},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].most != 0 && !set(rows[i].resource, (rlim_t)rows[i].most))
            return troth_sandbox_fail(fault, rows[i].step, "");
    return set(RLIMIT_CORE, 0) || troth_sandbox_fail(fault, "limit core", "");
}
