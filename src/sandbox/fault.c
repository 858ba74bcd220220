/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/fault.h"

#include <errno.h>
#include <string.h>

bool troth_sandbox_fail_with(struct troth_sandbox_fault *fault, int error,
                             const char *step, const char *path)
{
    *fault = (struct troth_sandbox_fault){.step = step, .error = error};
    memcpy(fault->path, path, strnlen(path, sizeof fault->path - 1));
    return false;
}

bool troth_sandbox_fail(struct troth_sandbox_fault *fault, const char *step,
                        const char *path)
{
    return troth_sandbox_fail_with(fault, errno, step, path);
}
