/* SPDX-License-Identifier: Apache-2.0 */
#include "record/bound.h"

#include "base/span.h"
#include "base/writer.h"

void troth_bound_add(struct troth_bound *bound, struct troth_span text)
{
    uint8_t *length = bound->lengths[bound->count / 2];
    struct troth_writer w = troth_writer_over(length, sizeof bound->lengths[0]);

    troth_write_uint_be(&w, text.len, sizeof bound->lengths[0]);
    bound->spans[bound->count++] = troth_writer_span(&w);
    bound->spans[bound->count++] = text;
}

void troth_bound_begin(struct troth_bound *bound, const char *label)
{
    bound->count = 0;
    troth_bound_add(bound, troth_span_of_text(label));
}

struct troth_parts troth_bound_parts(const struct troth_bound *bound)
{
    return (struct troth_parts){bound->spans, bound->count};
}
