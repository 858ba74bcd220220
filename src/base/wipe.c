/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wipe.h"

#include <stdint.h>

void troth_wipe(void *secret, size_t len)
{
    /* A volatile write is an effect that may not be left out, even of dying memory. */
    volatile uint8_t *byte = secret;

    for (size_t i = 0; i < len; i++)
        byte[i] = 0;
}
