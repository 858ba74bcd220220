/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/rtmr.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "attester/fault.h"

/* [LINUX] ABI/testing/sysfs-devices-virtual-misc-tdx_guest: what is written extends it */
#define PATH "/sys/devices/virtual/misc/tdx_guest/measurements/rtmr3:sha384"

bool troth_rtmr_is_present(void)
{
    return access(PATH, F_OK) == 0;
}

bool troth_rtmr_give(struct troth_attester_fault *fault, uint32_t user, uint32_t group)
{
    return chown(PATH, user, group) == 0 || errno == ENOENT ||
           troth_attester_fail(fault, errno, "give rtmr3", PATH);
}

bool troth_rtmr_extend(struct troth_attester_fault *fault,
                       const uint8_t digest[static 48])
{
    const int file = open(PATH, O_WRONLY | O_CLOEXEC);

    if (file < 0)
        return troth_attester_fail(fault, errno == ENOENT ? ENOTSUP : errno, "open rtmr3",
                                   PATH);
    /* Once, whatever happens: to extend twice makes another value. */
    const ssize_t count = write(file, digest, 48);
    const int error = count < 0 ? errno : EIO;

    (void)close(file);
    if (count != 48)
        return troth_attester_fail(fault, error, "extend rtmr3", PATH);
    *fault = (struct troth_attester_fault){0};
    return true;
}
