/* stand_in.h - a device whose evidence is the 64 bytes it was asked for, and a number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_PROVER_STAND_IN_H
#define TROTH_TEST_PROVER_STAND_IN_H

#include <stdatomic.h>

#include "troth/attester.h"

/* Takes the place of src/attester in the test that links it; any thread may ask it. */
struct stand_in {
    _Atomic unsigned asked;      /* quotes so far */
    _Atomic int fails;           /* an errno; 0: it works */
    _Atomic int seal_fails;      /* the same, of sealing alone */
    _Atomic int takes_ms;        /* each call */
    _Atomic bool is_held;        /* calls wait until this ends */
    _Atomic bool has_register;   /* and random bytes */
    _Atomic size_t evidence_len; /* 0: 72, the bytes it was asked for and the number */
    _Atomic size_t collateral_len;
    _Atomic unsigned released, extended, sealed;
    uint8_t digests[16][48]; /* that the register was extended by */
};
extern struct stand_in stand_in;

/* As new: it works, at once, and was never asked. */
void stand_in_reset(void);

#endif
