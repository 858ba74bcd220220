/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim/guest.h"

static void set_address(struct ifreq *request, const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET};

    (void)inet_pton(AF_INET, text, &address.sin_addr);
    memcpy(&request->ifr_addr, &address, sizeof address);
}

static int bring_up(int any, const char *name, const char *address)
{
    struct ifreq request = {.ifr_name = ""};

    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (address) {
        set_address(&request, address);
        if (ioctl(any, SIOCSIFADDR, &request) != 0)
            return errno;
        set_address(&request, "255.255.255.0");
        if (ioctl(any, SIOCSIFNETMASK, &request) != 0)
            return errno;
    }
    if (ioctl(any, SIOCGIFFLAGS, &request) != 0)
        return errno;
    request.ifr_flags |= IFF_UP;
    return ioctl(any, SIOCSIFFLAGS, &request) != 0 ? errno : 0;
}

int sim_guest_network(void)
{
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int error;

    if (any < 0)
        return errno;
    error = bring_up(any, "lo", NULL);
    if (!error)
        error = bring_up(any, "eth0", SIM_GUEST_ADDRESS);
    (void)close(any);
    return error;
}
