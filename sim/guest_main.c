/* The first process of a simulated machine, before the image's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "sim/guest.h"
#include "sim/mint.h"

const char mint_program[] = "troth-sim";

int main(void)
{
    if (getpid() != 1) {
        (void)fputs("troth-sim: error: this is for troth-sim boot\n", stderr);
        return 2;
    }
    sim_guest_start();
}
