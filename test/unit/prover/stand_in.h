/* stand_in.h - a device whose evidence is the 64 bytes it was asked for, and a number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_PROVER_STAND_IN_H
#define TROTH_TEST_PROVER_STAND_IN_H

#include "troth/attester.h"

/* Takes the place of src/attester in the test that links it. */
struct stand_in {
    unsigned asked;      /* quotes so far */
    int fails;           /* an errno; 0: it works */
    size_t evidence_len; /* 0: 72, the bytes it was asked for and the number */
    size_t collateral_len;
    unsigned released;
};
extern struct stand_in stand_in;

#endif
