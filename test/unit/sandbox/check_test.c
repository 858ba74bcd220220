/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "test/harness.h"
#include "test/unit/sandbox/world.h"

/* A kernel that has never heard of this call. Returns the step that is missing, 'n' for
 * namespaces and so on; 0: none, '?': it could not be tried. */
static int missing_without(unsigned call)
{
    struct troth_sandbox_fault fault;
    int status = '?';
    const pid_t child = fork();

    if (child == 0) {
        if (!world_without(call, ENOSYS))
            _exit('?');
        _exit(troth_sandbox_check(&fault) ? 0 : fault.step[0]);
    }
    (void)waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : '?';
}

int main(void)
{
    struct troth_sandbox_fault fault;

    test_case("this kernel");
    if (!troth_sandbox_check(&fault)) {
        test_skip("it lacks %s", fault.step);
        return test_finish();
    }
    CHECK_INT(missing_without(~0U), 0);
    test_case("one without Landlock");
    CHECK_INT(missing_without(SYS_landlock_create_ruleset), 'l');
    test_case("one without filters of calls");
    CHECK_INT(missing_without(SYS_seccomp), 's');
    return test_finish();
}
