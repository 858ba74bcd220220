/* SPDX-License-Identifier: Apache-2.0 */
#include "init/network.h"

#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool troth_init_network(struct troth_init_fault *fault)
{
    struct ifreq loopback = {.ifr_name = "lo"};
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int error = 0;

    if (any < 0)
        return troth_init_fail_errno(fault, "lo", errno);
    if (ioctl(any, SIOCGIFFLAGS, &loopback) != 0)
        error = errno;
    loopback.ifr_flags |= IFF_UP;
    if (!error && ioctl(any, SIOCSIFFLAGS, &loopback) != 0)
        error = errno;
    (void)close(any);
    return !error || troth_init_fail_errno(fault, "lo", error);
}
