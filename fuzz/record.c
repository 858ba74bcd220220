/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an entry: what is taken is written again the same, in whatever order its
 * values are; what is refused leaves nothing, and says where. */
#include "troth/record.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_same(const struct troth_record *record, struct troth_span entry)
{
    static uint8_t again[TROTH_RECORD_MAX];
    size_t len = 0;

    require(troth_record_write(again, sizeof again, &len, NULL, record) == TROTH_OK);
    require(troth_span_equal((struct troth_span){again, len}, entry));
}

static void turn_around(struct troth_record *record)
{
    for (size_t i = 0, k = record->value_count; i + 1 < k; i++) {
        const struct troth_record_value value = record->values[i];

        record->values[i] = record->values[--k];
        record->values[k] = value;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2 * TROTH_RECORD_MAX];
    static struct troth_record record;
    const struct troth_span entry = {data, size};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    /* As much as is said to suffice. */
    struct troth_arena arena = {memory, size < TROTH_RECORD_MAX ? 2 * size : 0, 0};
    const enum troth_err err = troth_record_parse(&record, &fault, entry, &arena);

    require(err != TROTH_ERR_MEMORY && err != TROTH_ERR_CRYPTO);
    if (err) {
        require(fault.err == err && fault.field);
        require(troth_span_is_zero(
            (struct troth_span){(const uint8_t *)&record, sizeof record}));
        return 0;
    }
    require_same(&record, entry);
    turn_around(&record);
    require_same(&record, entry);
    return 0;
}
