/* SPDX-License-Identifier: Apache-2.0 */
#include "init/switch_root.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mount.h>
#include <unistd.h>

#include "init/places.h"

bool troth_init_switch_root(struct troth_init_fault *fault)
{
    if (chdir(TROTH_INIT_ROOT) == 0 && mount(".", "/", NULL, MS_MOVE, NULL) == 0 &&
        chroot(".") == 0 && chdir("/") == 0)
        return true;
    return troth_init_fail_errno(fault, TROTH_INIT_ROOT, errno);
}
