/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/record/example.h"

struct troth_crypto example_crypto;

void example_begin(void)
{
    CHECK_ERR(troth_provider_create(&example_crypto), TROTH_OK);
}

void example_end(void)
{
    troth_provider_destroy(&example_crypto);
}

static void count_up(uint8_t *out, size_t len, uint8_t from)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(from + i);
}

struct troth_record_secret example_secret(void)
{
    struct troth_record_secret secret = {.origin = test_text(EXAMPLE_ORIGIN),
                                         .name = test_text("arguments"),
                                         .value = test_text(EXAMPLE_VALUE)};

    count_up(secret.id, sizeof secret.id, 0);
    count_up(secret.salt, sizeof secret.salt, 0x40);
    return secret;
}

struct troth_seal_epoch example_epoch(void)
{
    struct troth_seal_epoch epoch;

    count_up(epoch.key, sizeof epoch.key, 0xc0);
    count_up(epoch.wrapped, sizeof epoch.wrapped, 0);
    return epoch;
}

const struct troth_record *example_record(const char *entry)
{
    static uint8_t memory[2 * TROTH_RECORD_MAX];
    static struct troth_record record;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    CHECK_ERR(troth_record_parse(&record, NULL, test_text(entry), &arena), TROTH_OK);
    return &record;
}
