/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sandbox/limits.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

static bool is(__rlimit_resource_t resource, rlim_t wanted)
{
    struct rlimit seen;

    return getrlimit(resource, &seen) == 0 && seen.rlim_cur == wanted &&
           seen.rlim_max == wanted;
}

/* Memory has a limit that a sanitizer's shadow fits into. */
static bool sets(void)
{
    const uint64_t memory = UINT64_C(1) << 46;
    const struct troth_sandbox_limits limits = {memory, 64, 100};
    struct troth_sandbox_fault fault;

    return troth_sandbox_limits_set(&limits, &fault) && is(RLIMIT_AS, memory) &&
           is(RLIMIT_NOFILE, 64) && is(RLIMIT_NPROC, 100) && is(RLIMIT_CORE, 0);
}

static bool leaves_alone(void)
{
    const struct troth_sandbox_limits none = {0};
    struct troth_sandbox_fault fault;
    struct rlimit before, after;

    return getrlimit(RLIMIT_NOFILE, &before) == 0 &&
           troth_sandbox_limits_set(&none, &fault) &&
           getrlimit(RLIMIT_NOFILE, &after) == 0 && before.rlim_cur == after.rlim_cur &&
           before.rlim_max == after.rlim_max && is(RLIMIT_CORE, 0);
}

/* More than there may be is as much as there may be, and no error. */
static bool does_not_raise(void)
{
    const struct rlimit few = {32, 32};
    const struct troth_sandbox_limits limits = {.files = 64};
    struct troth_sandbox_fault fault;

    if (setrlimit(RLIMIT_NOFILE, &few) != 0 ||
        (geteuid() == 0 && setresuid(60601, 60601, 60601) != 0))
        return false;
    return troth_sandbox_limits_set(&limits, &fault) && is(RLIMIT_NOFILE, 32);
}

static int in_a_child(bool (*holds)(void))
{
    int status = -1;
    const pid_t child = fork();

    if (child == 0)
        _exit(holds() ? 0 : 1);
    (void)waitpid(child, &status, 0);
    return status;
}

int main(void)
{
    test_case("what is named");
    CHECK_INT(in_a_child(sets), 0);
    test_case("what is not, but no core dumps");
    CHECK_INT(in_a_child(leaves_alone), 0);
    test_case("a ceiling that is lower");
    CHECK_INT(in_a_child(does_not_raise), 0);
    return test_finish();
}
