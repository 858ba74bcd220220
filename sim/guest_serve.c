/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/guest_serve.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/address.h"
#include "sim/command.h"
#include "sim/guest.h"
#include "sim/supervise.h"

void sim_guest_serve(int ready, const char *address, void (*meet)(int client))
{
    struct troth_address at;
    const int door = troth_address_parse(&at, address) ? -1 : troth_address_listen(&at);
    struct pollfd comes = {.fd = door, .events = POLLIN};

    if (door < 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot listen at", address, errno);
    sim_guest_say_ready(ready);
    for (;;) {
        (void)poll(&comes, 1, -1);

        const int client = accept4(door, NULL, NULL, SOCK_CLOEXEC);

        if (client >= 0 && fork() == 0) {
            meet(client);
            _exit(0);
        }
        if (client >= 0)
            (void)close(client);
    }
}
