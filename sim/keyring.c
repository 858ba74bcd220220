/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct held {
    struct held *next;
    struct sim_label label;
    struct sim_key *key;
};

struct sim_keyring {
    struct sim_seed seed;
    struct held *first;
};

struct sim_keyring *sim_keyring_create(uint64_t seed)
{
    struct sim_keyring *ring = calloc(1, sizeof *ring);

    if (!ring)
        sim_die("out of memory");
    ring->seed = sim_seed_from_number(seed);
    return ring;
}

void sim_keyring_destroy(struct sim_keyring *ring)
{
    if (!ring)
        return;
    for (struct held *held = ring->first; held;) {
        struct held *next = held->next;

        sim_key_destroy(held->key);
        free(held);
        held = next;
    }
    free(ring);
}

static struct sim_label label_from(const char *text)
{
    struct sim_label label;
    int len = snprintf(label.text, sizeof label.text, "%s", text);

    if (len < 0 || (size_t)len >= sizeof label.text)
        sim_die("a key's label is too long");
    return label;
}

const struct sim_key *sim_keyring_key(struct sim_keyring *ring, enum sim_key_kind kind,
                                      const char *label)
{
    for (const struct held *held = ring->first; held; held = held->next)
        if (sim_key_kind_of(held->key) == kind && strcmp(held->label.text, label) == 0)
            return held->key;

    struct held *made = calloc(1, sizeof *made);
    if (!made)
        sim_die("out of memory");
    made->label = label_from(label);
    made->key = sim_key_create(kind, &ring->seed, label);
    made->next = ring->first;
    ring->first = made;
    return made->key;
}

void sim_keyring_fill(const struct sim_keyring *ring, const char *label, uint8_t *out,
                      size_t len)
{
    const struct sim_seed seed = sim_seed_derive(&ring->seed,
                                                 TROTH_LITERAL("identifiers"));
    struct sim_random random;

    sim_random_init(&random, &seed, sim_text(label));
    sim_random_bytes(&random, len, out);
}

struct sim_label sim_label_of(const char *what, unsigned number)
{
    struct sim_label label;
    int len = snprintf(label.text, sizeof label.text, "%s/%u", what, number);

    if (len < 0 || (size_t)len >= sizeof label.text)
        sim_die("a key's label is too long");
    return label;
}
