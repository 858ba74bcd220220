/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/guest.h"
#include "sim/guest_serve.h"

#define TEXT(number)  #number
#define TEXT_OF(name) TEXT(name)

enum { BEAT = 0xb7 };

/* As whoever starts an enclave does: the byte comes back. */
static void answer(int client)
{
    uint8_t byte;

    if (read(client, &byte, 1) != 1)
        return;
    (void)fprintf(stderr, "troth-sim: heartbeat 0x%02x\n", byte);
    if (byte == BEAT)
        (void)send(client, &byte, 1, MSG_NOSIGNAL);
}

void sim_guest_heartbeat(int ready)
{
    sim_guest_serve(ready, "vsock:" TEXT_OF(SIM_GUEST_HEARTBEAT), answer);
}
