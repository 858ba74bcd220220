/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/limits.h"

/* clang-format off */
static const struct troth_limit table[TROTH_LIMIT_COUNT] = {
#define X(id, name, text) {name, text},
    TROTH_LIMITS(X)
#undef X
};
/* clang-format on */

_Static_assert(TROTH_LIMIT_COUNT <= 32, "struct troth_limits has a bit for each");

void troth_limits_add(struct troth_limits *limits, enum troth_limit_id id)
{
    limits->bits |= UINT32_C(1) << id;
}

size_t troth_limits_list(const struct troth_limit *out[static TROTH_LIMIT_COUNT],
                         struct troth_limits limits)
{
    size_t count = 0;

    for (size_t i = 0; i < TROTH_LIMIT_COUNT; i++)
        if (limits.bits >> i & 1)
            out[count++] = &table[i];
    return count;
}
