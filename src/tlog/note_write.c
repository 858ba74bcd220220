/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note_write.h"

#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"

static enum troth_err finish(const struct troth_writer *w)
{
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}

/* A run of text without a newline or any other control character. */
static bool is_line(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20)
            return false;
    return text.len > 0 && troth_utf8_is_valid(text);
}

static bool is_name(struct troth_span name)
{
    return is_line(name) && troth_note_name_is_valid(name);
}

enum troth_err troth_checkpoint_write(struct troth_writer *w, struct troth_span origin,
                                      const struct troth_log_tree *tree)
{
    if (!is_line(origin))
        return TROTH_ERR_VALUE;
    troth_write_bytes(w, origin);
    troth_write_u8(w, '\n');
    troth_write_decimal(w, tree->size);
    troth_write_u8(w, '\n');
    troth_base64_write(w, (struct troth_span)TROTH_ARRAY_SPAN(tree->root.bytes),
                       TROTH_BASE64);
    troth_write_u8(w, '\n');
    return finish(w);
}

/* The key that others will know this signer by. */
static enum troth_err key_of(struct troth_note_key *out,
                             const struct troth_note_signer *by,
                             enum troth_note_key_type type)
{
    const struct troth_public_key *key = &by->signer->key;

    *out = (struct troth_note_key){.name = by->name, .type = type};
    if (by->signer->algorithm != troth_note_key_facts(type)->algorithm ||
        key->kind != TROTH_KEY_ED25519 || key->point.len != sizeof out->bytes)
        return TROTH_ERR_KEY;
    memcpy(out->bytes, key->point.ptr, sizeof out->bytes);
    return TROTH_OK;
}

static void write_line(struct troth_writer *w, struct troth_span name,
                       struct troth_span blob)
{
    /* An em dash. */
    troth_write_text(w, "\xe2\x80\x94 ");
    troth_write_bytes(w, name);
    troth_write_u8(w, ' ');
    troth_base64_write(w, blob, TROTH_BASE64);
    troth_write_u8(w, '\n');
}

/* Whatever the type's signature is over. `time_s` is written in front of it where the
 * type has one. */
static enum troth_err write_signature(struct troth_writer *w,
                                      const struct troth_crypto *crypto,
                                      const struct troth_note_signer *by,
                                      const struct troth_note_key *key, uint64_t time_s,
                                      struct troth_span message)
{
    const struct troth_note_key_facts *facts = troth_note_key_facts(key->type);
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];
    uint8_t signature[TROTH_SIGNATURE_MAX];
    uint8_t bytes[TROTH_NOTE_KEY_ID_SIZE + TROTH_NOTE_SIGNATURE_MAX];
    struct troth_writer blob = troth_writer_over(bytes, sizeof bytes);
    size_t len = 0;
    enum troth_err err = troth_note_key_id(id, crypto, key);

    if (!err)
        err = by->signer->sign(by->signer->state, signature, &len, message);
    if (!err && len != facts->signature_size)
        err = TROTH_ERR_CRYPTO;
    if (err)
        return err;
    troth_write_bytes(&blob, (struct troth_span)TROTH_ARRAY_SPAN(id));
    if (facts->time_size)
        troth_write_uint_be(&blob, time_s, facts->time_size);
    troth_write_bytes(&blob, (struct troth_span){signature, len});
    write_line(w, by->name, troth_writer_span(&blob));
    return finish(w);
}

/* What both kinds of lines ask for, before anything is signed. */
static enum troth_err prepare(struct troth_note_key *out,
                              const struct troth_note_signer *by,
                              enum troth_note_key_type type, struct troth_span text)
{
    enum troth_err err = is_name(by->name) ? key_of(out, by, type) : TROTH_ERR_VALUE;

    if (!err)
        err = troth_note_text_check(text);
    /* What is no text is one reason to a caller, who made it. */
    return err == TROTH_ERR_TEXT ? TROTH_ERR_VALUE : err;
}

enum troth_err troth_note_sign(struct troth_writer *w, const struct troth_crypto *crypto,
                               const struct troth_note_signer *by, struct troth_span text)
{
    struct troth_note_key key;
    const enum troth_err err = prepare(&key, by, TROTH_NOTE_ED25519, text);

    return err ? err : write_signature(w, crypto, by, &key, 0, text);
}

enum troth_err troth_note_cosign(struct troth_writer *w,
                                 const struct troth_crypto *crypto,
                                 const struct troth_note_signer *by,
                                 struct troth_span text, int64_t time_s)
{
    uint8_t bytes[TROTH_NOTE_COSIGNED_MAX];
    struct troth_writer message = troth_writer_over(bytes, sizeof bytes);
    struct troth_note_key key;
    const enum troth_err err = time_s > 0
                                   ? prepare(&key, by, TROTH_NOTE_COSIGNATURE, text)
                                   : TROTH_ERR_VALUE;

    if (err)
        return err;
    troth_note_write_cosigned(&message, (uint64_t)time_s, text);
    return write_signature(w, crypto, by, &key, (uint64_t)time_s,
                           troth_writer_span(&message));
}

enum troth_err troth_note_key_write(struct troth_writer *w,
                                    const struct troth_crypto *crypto,
                                    const struct troth_note_key *key)
{
    const struct troth_note_key_facts *facts = troth_note_key_facts(key->type);
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];
    uint8_t material[1 + sizeof key->bytes] = {(uint8_t)key->type};

    if (!facts)
        return TROTH_ERR_ALGORITHM;
    if (!is_name(key->name))
        return TROTH_ERR_VALUE;

    const enum troth_err err = troth_note_key_id(id, crypto, key);

    if (err)
        return err;
    memcpy(material + 1, key->bytes, sizeof key->bytes);
    troth_write_bytes(w, key->name);
    troth_write_u8(w, '+');
    troth_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(id));
    troth_write_u8(w, '+');
    troth_base64_write(w, (struct troth_span)TROTH_ARRAY_SPAN(material), TROTH_BASE64);
    return finish(w);
}
