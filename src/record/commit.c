/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include "base/ct.h"
#include "base/memory.h"
#include "base/span.h"
#include "record/bound.h"
#include "record/schema.h"

/* An origin is a key's name; the check is troth_note_name_is_valid()'s elsewhere. */
static enum troth_err check_bounds(struct troth_span origin, struct troth_span name,
                                   struct troth_span value)
{
    if (origin.len == 0 || !troth_record_name_is_valid(name))
        return TROTH_ERR_VALUE;
    return value.len <= TROTH_RECORD_VALUE_MAX ? TROTH_OK : TROTH_ERR_LIMIT;
}

enum troth_err troth_record_commit(uint8_t out[static TROTH_RECORD_COMMITMENT_SIZE],
                                   const struct troth_crypto *crypto,
                                   const struct troth_record_secret *secret)
{
    struct troth_bound bound;
    enum troth_err err = check_bounds(secret->origin, secret->name, secret->value);

    memset(out, 0, TROTH_RECORD_COMMITMENT_SIZE);
    if (err)
        return err;
    troth_bound_begin(&bound, "troth/record/commitment/v1");
    troth_bound_add(&bound, secret->origin);
    troth_bound_add(&bound, (struct troth_span)TROTH_ARRAY_SPAN(secret->id));
    troth_bound_add(&bound, secret->name);
    troth_bound_add(&bound, (struct troth_span)TROTH_ARRAY_SPAN(secret->salt));
    troth_bound_add(&bound, secret->value);
    return crypto->ops->digest(crypto->state, out, TROTH_SHA256,
                               troth_bound_parts(&bound));
}

static const struct troth_record_mark *find_commitment(const struct troth_record *record,
                                                       struct troth_span name)
{
    for (size_t i = 0; i < record->commitment_count; i++)
        if (troth_span_equal(record->commitments[i].name, name))
            return &record->commitments[i];
    return NULL;
}

enum troth_err troth_record_check(const struct troth_record *record,
                                  const struct troth_crypto *crypto,
                                  const struct troth_record_secret *secret)
{
    const struct troth_record_mark *mark = find_commitment(record, secret->name);
    uint8_t commitment[TROTH_RECORD_COMMITMENT_SIZE];

    if (!mark)
        return TROTH_ERR_MISSING;
    if (!troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(record->id),
                          (struct troth_span)TROTH_ARRAY_SPAN(secret->id)))
        return TROTH_ERR_MISMATCH;

    const enum troth_err err = troth_record_commit(commitment, crypto, secret);

    if (err)
        return err;
    return troth_ct_equal((struct troth_span)TROTH_ARRAY_SPAN(commitment),
                          (struct troth_span)TROTH_ARRAY_SPAN(mark->bytes))
               ? TROTH_OK
               : TROTH_ERR_MISMATCH;
}

enum troth_err troth_record_tag(uint8_t out[static TROTH_RECORD_TAG_SIZE],
                                const struct troth_crypto *crypto,
                                const uint8_t key[static 32], struct troth_span origin,
                                struct troth_span name, struct troth_span value)
{
    uint8_t code[TROTH_HASH_MAX];
    struct troth_bound bound;
    enum troth_err err = check_bounds(origin, name, value);

    memset(out, 0, TROTH_RECORD_TAG_SIZE);
    if (err)
        return err;
    troth_bound_begin(&bound, "troth/record/tag/v1");
    troth_bound_add(&bound, origin);
    troth_bound_add(&bound, name);
    troth_bound_add(&bound, value);
    err = crypto->ops->hmac(crypto->state, code, TROTH_SHA256,
                            (struct troth_span){key, 32}, troth_bound_parts(&bound));
    if (!err)
        memcpy(out, code, TROTH_RECORD_TAG_SIZE);
    return err;
}
