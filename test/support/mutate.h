/* mutate.h - spoil good input a little, the same way every run. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_MUTATE_H
#define TROTH_TEST_MUTATE_H

#include "test/harness.h"

/*
 * A copy of `seed` in `room`, changed in one to four places: bytes overwritten, inserted,
 * removed, repeated or cut off. New bytes are mostly from `alphabet`, so that what comes
 * out is wrong in interesting ways.
 */
struct troth_span test_mutate(struct test_random *random, uint8_t *room, size_t room_size,
                              struct troth_span seed, struct troth_span alphabet);

#endif
