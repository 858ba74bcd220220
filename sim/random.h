/* random.h - an endless stream of bytes that a seed and a label decide. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_RANDOM_H
#define TROTH_SIM_RANDOM_H

#include "sim/bytes.h"

struct sim_seed {
    uint8_t bytes[48];
};

struct sim_seed sim_seed_from_number(uint64_t number);

/* The seed of one thing among all that `seed` decides. */
struct sim_seed sim_seed_derive(const struct sim_seed *seed, struct troth_span label);

struct sim_random {
    struct sim_seed seed;
    uint64_t blocks; /* made so far */
    uint8_t block[48];
    size_t used; /* bytes of the present block */
};

void sim_random_init(struct sim_random *out, const struct sim_seed *seed,
                     struct troth_span label);

/* The next `len` bytes. `random` is a struct sim_random: the shape nettle asks for. */
void sim_random_bytes(void *random, size_t len, uint8_t *out);

#endif
