/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note_verify.h"

#include "base/memory.h"
#include "base/span.h"

/* A key that is asked for, and how its lines are known. */
struct asked {
    const struct troth_crypto *crypto;
    const struct troth_note_key *key;
    const struct troth_note_key_facts *facts;
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];
};

static bool is_by(const struct troth_note_signature *row, const struct asked *asked)
{
    return troth_span_equal(row->name, asked->key->name) &&
           troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(row->key_id),
                            (struct troth_span)TROTH_ARRAY_SPAN(asked->id));
}

static enum troth_err verify(const struct asked *asked, struct troth_span message,
                             struct troth_span signature)
{
    const struct troth_public_key public = {
        .kind = troth_signature_facts(asked->facts->algorithm).key,
        .point = TROTH_ARRAY_SPAN(asked->key->bytes)};

    return asked->crypto->ops->verify(asked->crypto->state, asked->facts->algorithm,
                                      &public, (struct troth_parts){&message, 1},
                                      signature);
}

/* spec: [C2SP-COSIGNATURE] "Ed25519 signed message" */
static enum troth_err verify_timed(int64_t *out_s, const struct asked *asked,
                                   struct troth_span text, struct troth_span bytes)
{
    const size_t time_size = asked->facts->time_size;
    uint8_t message[TROTH_NOTE_COSIGNED_MAX];
    struct troth_writer w = troth_writer_over(message, sizeof message);
    uint64_t time_s = 0;

    for (size_t i = 0; i < time_size; i++)
        time_s = time_s << 8 | bytes.ptr[i];
    troth_note_write_cosigned(&w, time_s, text);

    enum troth_err err = verify(asked, troth_writer_span(&w),
                                troth_span_slice(bytes, time_size, bytes.len));

    /* Zero is how other cosignatures say that they tell no time. */
    if (!err && (time_s == 0 || time_s > (uint64_t)INT64_MAX))
        err = TROTH_ERR_VALUE;
    *out_s = err ? 0 : (int64_t)time_s;
    return err;
}

static enum troth_err verify_row(int64_t *out_s, const struct asked *asked,
                                 struct troth_span text,
                                 const struct troth_note_signature *row)
{
    uint8_t bytes[TROTH_NOTE_SIGNATURE_MAX];
    const struct troth_span found = {bytes, asked->facts->time_size +
                                                asked->facts->signature_size};
    const enum troth_err err = troth_note_signature_read(bytes, found.len, row);

    *out_s = 0;
    if (err)
        return err;
    return asked->facts->time_size ? verify_timed(out_s, asked, text, found)
                                   : verify(asked, text, found);
}

enum troth_err troth_note_verify(struct troth_note_word *out,
                                 const struct troth_crypto *crypto,
                                 const struct troth_note *note,
                                 const struct troth_note_key *key)
{
    struct asked asked = {crypto, key, troth_note_key_facts(key->type), {0}};
    struct troth_note_word word = {0};
    enum troth_err err = asked.facts ? troth_note_key_id(asked.id, crypto, key)
                                     : TROTH_ERR_ALGORITHM;

    *out = (struct troth_note_word){0};
    for (size_t i = 0; !err && i < note->count; i++) {
        int64_t time_s;

        if (!is_by(&note->rows[i], &asked))
            continue;
        err = verify_row(&time_s, &asked, note->text, &note->rows[i]);
        if (word.line.len == 0)
            word.line = note->rows[i].line;
        if (time_s > word.time_s)
            word.time_s = time_s;
    }
    if (!err && word.line.len == 0)
        err = TROTH_ERR_MISSING;
    if (!err)
        *out = word;
    return err;
}
