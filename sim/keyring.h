/* keyring.h - all the keys one seed decides, each made when it is first asked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_KEYRING_H
#define TROTH_SIM_KEYRING_H

#include "sim/key.h"

struct sim_keyring;

struct sim_keyring *sim_keyring_create(uint64_t seed);
void sim_keyring_destroy(struct sim_keyring *ring);

/* The key of this kind and label; lives as long as the ring. */
const struct sim_key *sim_keyring_key(struct sim_keyring *ring, enum sim_key_kind kind,
                                      const char *label);

/* Bytes that the ring's seed and a label decide: identifiers, measurements. */
void sim_keyring_fill(const struct sim_keyring *ring, const char *label, uint8_t *out,
                      size_t len);

/* "`what`/`number`": the label of one of many. */
struct sim_label {
    char text[64];
};
struct sim_label sim_label_of(const char *what, unsigned number);

#endif
