/* patience.h - time and waiting as an argument, so that tests need none of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_PATIENCE_H
#define TROTH_OS_PATIENCE_H

#include <stdint.h>

struct troth_patience {
    void *state;
    /* Milliseconds since 1970, UTC. */
    int64_t (*now_ms)(void *state);
    /* Let so much time pass. `why` is a clause for people: "kdsintf.amd.com asks for it".
     */
    void (*wait)(void *state, int64_t ms, const char *why);
};

/* This machine's clock, and its sleep. */
const struct troth_patience *troth_patience_real(void);

#endif
