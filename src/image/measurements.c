/* SPDX-License-Identifier: Apache-2.0 */
#include "image/measurements.h"

#include "base/memory.h"
#include "base/span.h"

void troth_measurements_add(struct troth_measurements *measurements, const char *claim,
                            struct troth_span value, const char *covers)
{
    struct troth_measurement *row = &measurements->rows[measurements->count++];

    *row = (struct troth_measurement){.claim = claim, .len = value.len, .covers = covers};
    if (value.len)
        memcpy(row->value, value.ptr, value.len);
}

const struct troth_measurement *
troth_measurements_find(const struct troth_measurements *measurements, const char *claim)
{
    const struct troth_span wanted = troth_span_of_text(claim);

    for (size_t i = 0; i < measurements->count; i++)
        if (troth_span_is_text(wanted, measurements->rows[i].claim))
            return &measurements->rows[i];
    return NULL;
}
