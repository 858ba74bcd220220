/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "troth/ear.h"
#include "troth/provider.h"

/* The payload is reached by a table that takes every signature. */
static enum troth_err verify(void *state, enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_parts message, struct troth_span signature)
{
    (void)state;
    (void)algorithm;
    (void)key;
    (void)message;
    (void)signature;
    return TROTH_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct troth_crypto_ops ops = {.name = "any", .verify = verify};
    static const uint8_t point[65] = {4};
    static uint8_t memory[1024 * 1024];
    const struct troth_public_key key = {.kind = TROTH_KEY_P256,
                                         .point = {point, sizeof point}};
    const struct troth_crypto crypto = {&ops, NULL};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_ear ear;
    enum troth_err err = troth_ear_verify(
        &ear, &fault,
        &(struct troth_ear_input){{data, size}, &key, 1767225600, &crypto, &arena});

    /* Whatever is wrong has a name, and nothing wrong is handed out. */
    if (err && !fault.field)
        abort();
    if (err && err != TROTH_ERR_CLOCK && ear.payload.len > 0)
        abort();
    return 0;
}
