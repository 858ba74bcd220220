/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/fault.h"

/* User 0 is nobody special when it executes a program; nothing of this can be undone. */
#define LOCKED                                                                           \
    (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |              \
     SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |                             \
     SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* What no program that is executed can have: everything. Kernels know more capabilities
 * than headers name; they say EINVAL for the first one there is not. */
static bool empty_bounding_set(void)
{
    unsigned long capability = 0;

    while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
        capability++;
    return errno == EINVAL && capability > CAP_SETPCAP;
}

static bool set_capabilities(int capability)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (capability >= 0)
        data[capability / 32].effective = data[capability / 32].permitted =
            UINT32_C(1) << (capability % 32);
    return syscall(SYS_capset, &header, data) == 0;
}

static bool lock(struct troth_sandbox_fault *fault)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
        !empty_bounding_set() || prctl(PR_SET_SECUREBITS, LOCKED, 0, 0, 0) != 0)
        return troth_sandbox_fail(fault, "capabilities", "");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return troth_sandbox_fail(fault, "no new privileges", "");
    return true;
}

bool troth_sandbox_identity_keep(int capability, struct troth_sandbox_fault *fault)
{
    return lock(fault) && (set_capabilities(capability) ||
                           troth_sandbox_fail(fault, "capabilities", ""));
}

bool troth_sandbox_identity_become(uint32_t user, uint32_t group,
                                   struct troth_sandbox_fault *fault)
{
    if (user == 0 || group == 0 || user == UINT32_MAX || group == UINT32_MAX)
        return troth_sandbox_fail_with(fault, EINVAL, "user", "");
    if (!lock(fault))
        return false;
    if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 ||
        setresuid(user, user, user) != 0)
        return troth_sandbox_fail(fault, "user", "");
    if (!set_capabilities(-1))
        return troth_sandbox_fail(fault, "capabilities", "");
    if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0)
        return troth_sandbox_fail_with(fault, EPERM, "user", "");
    return true;
}
