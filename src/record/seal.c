/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/sealed.h"

#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "record/schema.h"
#include "record/seal_key.h"

struct sealing {
    struct troth_writer out;
    const struct troth_crypto *crypto;
    const struct troth_seal_epoch *epoch;
    const struct troth_record_secret *secrets;
    size_t count;
};

static enum troth_err check_secrets(const struct sealing *s)
{
    const struct troth_record_secret *first = s->secrets;

    if (s->count == 0)
        return TROTH_ERR_VALUE;
    if (s->count > TROTH_RECORD_PRIVATE_MAX)
        return TROTH_ERR_LIMIT;
    for (size_t i = 0; i < s->count; i++) {
        const struct troth_record_secret *secret = &s->secrets[i];

        if (secret->value.len > TROTH_RECORD_VALUE_MAX)
            return TROTH_ERR_LIMIT;
        if (!troth_record_name_is_valid(secret->name) ||
            !troth_span_equal(secret->origin, first->origin) ||
            !troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(secret->id),
                              (struct troth_span)TROTH_ARRAY_SPAN(first->id)))
            return TROTH_ERR_VALUE;
        for (size_t k = 0; k < i; k++)
            if (troth_span_equal(secret->name, s->secrets[k].name))
                return TROTH_ERR_VALUE;
    }
    return TROTH_OK;
}

/* The one whose name follows on `before`'s; NULL: the last was had. */
static const struct troth_record_secret *next(const struct sealing *s,
                                              const struct troth_record_secret *before)
{
    const struct troth_record_secret *least = NULL;

    for (size_t i = 0; i < s->count; i++) {
        const struct troth_record_secret *it = &s->secrets[i];

        if (before && troth_span_compare(it->name, before->name) <= 0)
            continue;
        if (!least || troth_span_compare(it->name, least->name) < 0)
            least = it;
    }
    return least;
}

/*
 * The nonce comes from the commitment, which differs wherever salt or value do: so even
 * a record that is sealed twice meets no nonce with two contents.
 */
static enum troth_err seal_value(const struct sealing *s, uint8_t *out,
                                 const struct troth_record_secret *secret)
{
    const struct troth_seal_place place = {secret->origin, TROTH_ARRAY_SPAN(secret->id),
                                           secret->name};
    uint8_t *const nonce = out, *const sealed = out + TROTH_AEAD_NONCE_SIZE;
    uint8_t commitment[TROTH_RECORD_COMMITMENT_SIZE];
    uint8_t key[TROTH_AEAD_KEY_SIZE];
    struct troth_bound bound;
    enum troth_err err = troth_record_commit(commitment, s->crypto, secret);

    if (!err)
        err = troth_seal_key_derive(key, s->crypto, s->epoch->key, &place);
    if (err)
        return err;
    memcpy(nonce, commitment, TROTH_AEAD_NONCE_SIZE);
    memcpy(sealed, secret->salt, TROTH_RECORD_SALT_SIZE);
    if (secret->value.len)
        memcpy(sealed + TROTH_RECORD_SALT_SIZE, secret->value.ptr, secret->value.len);
    troth_seal_bind(&bound, &place);
    err = s->crypto->ops->seal(
        s->crypto->state, sealed,
        &(struct troth_aead_lock){key, nonce, troth_bound_parts(&bound)},
        (struct troth_span){sealed, TROTH_RECORD_SALT_SIZE + secret->value.len});
    troth_wipe(key, sizeof key);
    return err;
}

/* Sealed where the end of its text will be, and made that text from the front. */
static enum troth_err write_value(struct sealing *s,
                                  const struct troth_record_secret *secret)
{
    const size_t len = TROTH_AEAD_NONCE_SIZE + TROTH_RECORD_SALT_SIZE +
                       secret->value.len + TROTH_AEAD_TAG_SIZE;
    const size_t text_len = (len + 2) / 3 * 4;
    enum troth_err err;

    if (s->out.full || text_len > s->out.size - s->out.len)
        return TROTH_ERR_LIMIT;

    uint8_t *const bytes = s->out.base + s->out.len + (text_len - len);

    err = seal_value(s, bytes, secret);
    if (!err)
        troth_base64_write(&s->out, (struct troth_span){bytes, len}, TROTH_BASE64);
    return err;
}

static enum troth_err write_sealed(struct sealing *s)
{
    const struct troth_record_secret *secret = NULL;
    enum troth_err err = check_secrets(s);

    if (err)
        return err;
    troth_write_text(&s->out, "{\"sealed\":\"" TROTH_SEALED_VERSION "\",\"wrapped\":\"");
    troth_base64_write(&s->out, (struct troth_span)TROTH_ARRAY_SPAN(s->epoch->wrapped),
                       TROTH_BASE64);
    troth_write_text(&s->out, "\",\"fields\":{");
    for (size_t i = 0; !err && i < s->count; i++) {
        secret = next(s, secret);
        troth_write_text(&s->out, i ? ",\"" : "\"");
        troth_write_bytes(&s->out, secret->name);
        troth_write_text(&s->out, "\":\"");
        err = write_value(s, secret);
        troth_write_u8(&s->out, '"');
    }
    troth_write_text(&s->out, "}}");
    return err;
}

/* NOLINTNEXTLINE(readability-function-size): where to, under what, and which values */
enum troth_err troth_record_seal(uint8_t *out, size_t room, size_t *out_len,
                                 const struct troth_crypto *crypto,
                                 const struct troth_seal_epoch *epoch,
                                 const struct troth_record_secret *secrets, size_t count)
{
    const size_t most = room < TROTH_SEALED_MAX ? room : TROTH_SEALED_MAX;
    struct sealing s = {troth_writer_over(out, most), crypto, epoch, secrets, count};
    struct troth_span written = {NULL, 0};
    enum troth_err err = write_sealed(&s);

    if (!err)
        err = troth_writer_finish(&s.out, &written);
    /* A value may be there that was not sealed any more. */
    if (err && most)
        troth_wipe(out, most);
    *out_len = err ? 0 : written.len;
    return err;
}
