/* mint.h - what is to be minted, and what troth-mint writes for each kind. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MINT_H
#define TROTH_SIM_MINT_H

#include <stdbool.h>

#include "sim/keyring.h"

#define MINT_WISHES_MAX 16

extern const char mint_program[]; /* who complains: "troth-mint" */

struct mint_order {
    const char *kind;
    const char *directory;
    uint64_t seed;
    uint64_t count;
    int64_t time_s;
    bool is_debug;
    bool is_old; /* of Intel's kinds: firmware that is out of date */
    const char *wishes[MINT_WISHES_MAX]; /* CLAIM=VALUE, in turn; mint_set.h */
    size_t wish_count;
};

/* Make the directory unless it is there. A file that cannot be written, here and below,
 * ends the program. */
void mint_make_directory(const char *path);

void mint_nitro(const struct mint_order *order, struct sim_keyring *ring);
void mint_milan(const struct mint_order *order, struct sim_keyring *ring);
void mint_genoa(const struct mint_order *order, struct sim_keyring *ring);
void mint_turin(const struct mint_order *order, struct sim_keyring *ring);
void mint_sgx(const struct mint_order *order, struct sim_keyring *ring);
void mint_tdx(const struct mint_order *order, struct sim_keyring *ring);
void mint_tdx15(const struct mint_order *order, struct sim_keyring *ring);

#endif
