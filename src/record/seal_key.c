/* SPDX-License-Identifier: Apache-2.0 */
#include "record/seal_key.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/wipe.h"
#include "base/writer.h"

/* Two lengths, the longer label, the longest name. */
enum { INFO_MAX = 2 * 8 + 32 + TROTH_RECORD_NAME_MAX };

static enum troth_err derive(uint8_t out[static TROTH_AEAD_KEY_SIZE],
                             const struct troth_crypto *crypto, const uint8_t *secret,
                             const char *label, struct troth_span of)
{
    uint8_t info[INFO_MAX];
    struct troth_writer w = troth_writer_over(info, sizeof info);
    struct troth_span written;
    enum troth_err err;

    troth_write_lp(&w, troth_span_of_text(label));
    troth_write_lp(&w, of);
    err = troth_writer_finish(&w, &written);
    if (err) {
        memset(out, 0, TROTH_AEAD_KEY_SIZE);
        return err;
    }
    return crypto->ops->hkdf(crypto->state, out, TROTH_AEAD_KEY_SIZE, TROTH_SHA256,
                             (struct troth_span){secret, TROTH_SEAL_KEY_SIZE},
                             (struct troth_span){NULL, 0}, written);
}

enum troth_err troth_seal_key_derive(uint8_t out[static TROTH_AEAD_KEY_SIZE],
                                     const struct troth_crypto *crypto,
                                     const uint8_t epoch_key[static TROTH_SEAL_KEY_SIZE],
                                     const struct troth_seal_place *place)
{
    uint8_t record_key[TROTH_AEAD_KEY_SIZE];
    enum troth_err err = derive(record_key, crypto, epoch_key,
                                "troth/record/seal/record/v1", place->id);

    memset(out, 0, TROTH_AEAD_KEY_SIZE);
    if (!err)
        err = derive(out, crypto, record_key, "troth/record/seal/field/v1", place->name);
    troth_wipe(record_key, sizeof record_key);
    return err;
}

void troth_seal_bind(struct troth_bound *out, const struct troth_seal_place *place)
{
    troth_bound_begin(out, "troth/record/seal/v1");
    troth_bound_add(out, place->origin);
    troth_bound_add(out, place->id);
    troth_bound_add(out, place->name);
}
