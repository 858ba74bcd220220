/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/random.h"

#include <nettle/hmac.h>
#include <string.h>

static void put_number(uint8_t out[static 8], uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static void mac(uint8_t out[static 48], struct troth_span key, struct troth_span message)
{
    struct hmac_sha384_ctx context;

    hmac_sha384_set_key(&context, key.len, key.ptr);
    hmac_sha384_update(&context, message.len, message.ptr);
    hmac_sha384_digest(&context, 48, out);
}

struct sim_seed sim_seed_from_number(uint64_t number)
{
    struct sim_seed seed;
    uint8_t text[8];

    put_number(text, number);
    mac(seed.bytes, TROTH_LITERAL("troth-sim seed"), SIM_ARRAY(text));
    return seed;
}

struct sim_seed sim_seed_derive(const struct sim_seed *seed, struct troth_span label)
{
    struct sim_seed derived;

    mac(derived.bytes, SIM_ARRAY(seed->bytes), label);
    return derived;
}

void sim_random_init(struct sim_random *out, const struct sim_seed *seed,
                     struct troth_span label)
{
    *out = (struct sim_random){.seed = sim_seed_derive(seed, label), .used = 48};
}

static void next_block(struct sim_random *random)
{
    uint8_t counter[8];

    put_number(counter, random->blocks++);
    mac(random->block, SIM_ARRAY(random->seed.bytes), SIM_ARRAY(counter));
    random->used = 0;
}

void sim_random_bytes(void *random, size_t len, uint8_t *out)
{
    struct sim_random *stream = random;

    for (size_t i = 0; i < len; i++) {
        if (stream->used == sizeof stream->block)
            next_block(stream);
        out[i] = stream->block[stream->used++];
    }
}
