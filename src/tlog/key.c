/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/key.h"

#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"

#define KEY_SIZE 32

/* Longer than the keys of all types, so that those unknown here are told by their type.
 */
#define MATERIAL_MAX 3072

const struct troth_note_key_facts *troth_note_key_facts(unsigned type)
{
    static const struct troth_note_key_facts facts[] = {
        {TROTH_NOTE_ED25519, TROTH_ED25519, KEY_SIZE, 0, 64},
        {TROTH_NOTE_COSIGNATURE, TROTH_ED25519, KEY_SIZE, 8, 64}};

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (facts[i].type == type)
            return &facts[i];
    return NULL;
}

enum troth_err troth_note_key_id(uint8_t out[static TROTH_NOTE_KEY_ID_SIZE],
                                 const struct troth_crypto *crypto,
                                 const struct troth_note_key *key)
{
    const uint8_t separator[] = {'\n', (uint8_t)key->type};
    const struct troth_span parts[] = {key->name, TROTH_ARRAY_SPAN(separator),
                                       TROTH_ARRAY_SPAN(key->bytes)};
    uint8_t digest[TROTH_HASH_MAX] = {0};
    const enum troth_err err = crypto->ops->digest(crypto->state, digest, TROTH_SHA256,
                                                   (struct troth_parts){parts, 3});

    if (err)
        memset(digest, 0, sizeof digest);
    memcpy(out, digest, TROTH_NOTE_KEY_ID_SIZE);
    return err;
}

/* Lower case, of one length, is how it is written: there is one spelling of each key. */
static bool is_id_text(struct troth_span text,
                       const uint8_t id[static TROTH_NOTE_KEY_ID_SIZE])
{
    uint8_t hex[2 * TROTH_NOTE_KEY_ID_SIZE];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    troth_write_hex(&w, (struct troth_span){id, TROTH_NOTE_KEY_ID_SIZE});
    return troth_span_equal(text, troth_writer_span(&w));
}

/* The type byte, and the key behind it. */
static enum troth_err parse_material(struct troth_note_key *out, struct troth_span text)
{
    uint8_t bytes[MATERIAL_MAX];
    size_t len = 0;
    enum troth_err err = troth_base64_parse(bytes, sizeof bytes, &len, text,
                                            TROTH_BASE64);

    if (err)
        return err == TROTH_ERR_LIMIT ? TROTH_ERR_VALUE : err;
    if (len == 0)
        return TROTH_ERR_VALUE;

    const struct troth_note_key_facts *facts = troth_note_key_facts(bytes[0]);

    if (!facts)
        return TROTH_ERR_ALGORITHM;
    if (len != 1 + facts->key_size)
        return TROTH_ERR_VALUE;
    out->type = facts->type;
    memcpy(out->bytes, bytes + 1, KEY_SIZE);
    return TROTH_OK;
}

enum troth_err troth_note_key_parse(struct troth_note_key *out, struct troth_span text,
                                    const struct troth_crypto *crypto)
{
    struct troth_span rest = text;
    struct troth_note_key key = {.name = troth_span_next_item(&rest, '+')};
    const struct troth_span id_text = troth_span_next_item(&rest, '+');
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];
    enum troth_err err = TROTH_ERR_VALUE;

    *out = (struct troth_note_key){0};
    if (troth_utf8_is_valid(text) && troth_note_name_is_valid(key.name))
        err = parse_material(&key, rest);
    if (!err)
        err = troth_note_key_id(id, crypto, &key);
    if (!err && !is_id_text(id_text, id))
        err = TROTH_ERR_KEY;
    if (!err)
        *out = key;
    return err;
}

enum troth_err troth_witness_key_parse(struct troth_span *out_name,
                                       uint8_t out_key[static 32], struct troth_span text,
                                       const struct troth_crypto *crypto)
{
    struct troth_note_key key;
    const enum troth_err err = troth_note_key_parse(&key, text, crypto);

    *out_name = key.name;
    memcpy(out_key, key.bytes, KEY_SIZE);
    return err;
}
