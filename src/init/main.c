/* The first process of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "init/say.h"
#include "init/start.h"

int main(void)
{
    /* On a machine that is running the steps would be its end. */
    if (getpid() != 1) {
        troth_init_say("error: it is the first process of an image, and nothing else");
        return 2;
    }
    troth_init_start();
}
