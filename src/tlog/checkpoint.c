/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/witness.h"

#include "base/base64.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/span.h"
#include "tlog/key.h"
#include "tlog/witnesses.h"

#define SIGNATURE_SIZE 64
#define TIME_SIZE      8

/* "cosignature/v1", "time" and the largest number, each with its newline. */
#define HEADER_MAX 64

/* One question. */
struct inquiry {
    const struct troth_note *note;
    const struct troth_witnesses *witnesses;
    const struct troth_crypto *crypto;
    struct troth_fault *fault;
};

/* "0", or decimal without a zero in front. */
static enum troth_err parse_size(uint64_t *out, struct troth_span text)
{
    if (text.len > 1 && text.ptr[0] == '0')
        return TROTH_ERR_ENCODING;
    return troth_uint_parse(out, text, 10);
}

static enum troth_err parse_root(uint8_t out[static 32], struct troth_span text)
{
    uint8_t bytes[48];
    size_t len = 0;
    enum troth_err err = troth_base64_parse(bytes, sizeof bytes, &len, text,
                                            TROTH_BASE64);

    if (err == TROTH_ERR_LIMIT || (!err && len != 32))
        err = TROTH_ERR_VALUE;
    if (!err)
        memcpy(out, bytes, 32);
    return err;
}

/* What follows the root is the log's own affair, but no line of it is empty. */
static enum troth_err check_extensions(struct troth_span rest)
{
    while (rest.len > 0)
        if (troth_span_next_item(&rest, '\n').len == 0)
            return TROTH_ERR_VALUE;
    return TROTH_OK;
}

/* spec: [C2SP-CHECKPOINT] "Note text" */
static enum troth_err parse_body(struct troth_checkpoint *out, struct troth_fault *fault,
                                 struct troth_span text)
{
    struct troth_span rest = text;
    enum troth_err err;

    out->origin = troth_span_next_item(&rest, '\n');
    if (out->origin.len == 0)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "checkpoint.origin");
    err = parse_size(&out->size, troth_span_next_item(&rest, '\n'));
    if (err)
        return troth_fault_set(fault, err, "checkpoint.size");
    err = parse_root(out->root, troth_span_next_item(&rest, '\n'));
    if (err)
        return troth_fault_set(fault, err, "checkpoint.root");
    err = check_extensions(rest);
    return err ? troth_fault_set(fault, err, "checkpoint.extension") : TROTH_OK;
}

static bool is_by(const struct troth_note_signature *row, struct troth_span name,
                  const uint8_t id[static TROTH_NOTE_KEY_ID_SIZE])
{
    return troth_span_equal(row->name, name) &&
           troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(row->key_id),
                            (struct troth_span){id, TROTH_NOTE_KEY_ID_SIZE});
}

static enum troth_err verify(const struct inquiry *q, const uint8_t key[static 32],
                             struct troth_span message, const uint8_t *signature)
{
    const struct troth_public_key public = {.kind = TROTH_KEY_ED25519,
                                            .point = {key, 32}};

    return q->crypto->ops->verify(q->crypto->state, TROTH_ED25519, &public,
                                  (struct troth_parts){&message, 1},
                                  (struct troth_span){signature, SIGNATURE_SIZE});
}

static enum troth_err verify_log_row(const struct inquiry *q,
                                     const struct troth_note_signature *row)
{
    uint8_t signature[SIGNATURE_SIZE];
    enum troth_err err = troth_note_signature_read(signature, sizeof signature, row);

    return err ? err : verify(q, q->witnesses->log_key, q->note->text, signature);
}

/* The log's own signature: there, and each of it good. */
static enum troth_err check_log(const struct inquiry *q)
{
    static const char field[] = "checkpoint.log_signature";
    struct troth_note_key key = {.name = q->witnesses->log_name,
                                 .type = TROTH_NOTE_ED25519};
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];
    size_t good = 0;

    if (key.name.len == 0)
        key.name = q->witnesses->origin;
    memcpy(key.bytes, q->witnesses->log_key, sizeof key.bytes);
    enum troth_err err = troth_note_key_id(id, q->crypto, &key);

    for (size_t i = 0; !err && i < q->note->count; i++) {
        if (!is_by(&q->note->rows[i], key.name, id))
            continue;
        err = verify_log_row(q, &q->note->rows[i]);
        good++;
    }
    if (!err && good == 0)
        err = TROTH_ERR_MISSING;
    return err ? troth_fault_set(q->fault, err, field) : TROTH_OK;
}

/* spec: [C2SP-COSIGNATURE] "Ed25519 signed message" */
static enum troth_err verify_cosignature(int64_t *out_s, const struct inquiry *q,
                                         const struct troth_witness *witness,
                                         const struct troth_note_signature *row)
{
    uint8_t bytes[TIME_SIZE + SIGNATURE_SIZE];
    uint8_t message[HEADER_MAX + TROTH_CHECKPOINT_MAX];
    struct troth_writer w = troth_writer_over(message, sizeof message);
    uint64_t time_s = 0;
    enum troth_err err = troth_note_signature_read(bytes, sizeof bytes, row);

    *out_s = 0;
    if (err)
        return err;
    for (size_t i = 0; i < TIME_SIZE; i++)
        time_s = time_s << 8 | bytes[i];
    troth_write_text(&w, "cosignature/v1\ntime ");
    troth_write_decimal(&w, time_s);
    troth_write_u8(&w, '\n');
    troth_write_bytes(&w, q->note->text);
    err = verify(q, witness->key, troth_writer_span(&w), bytes + TIME_SIZE);
    /* Zero is how other cosignatures say that they tell no time. */
    if (!err && (time_s == 0 || time_s > (uint64_t)INT64_MAX))
        err = TROTH_ERR_VALUE;
    *out_s = err ? 0 : (int64_t)time_s;
    return err;
}

/* When this witness signed: its latest time, 0 if it did not. */
static enum troth_err ask_witness(int64_t *out_s, const struct inquiry *q,
                                  const struct troth_witness *witness)
{
    struct troth_note_key key = {.name = witness->name, .type = TROTH_NOTE_COSIGNATURE};
    uint8_t id[TROTH_NOTE_KEY_ID_SIZE];

    memcpy(key.bytes, witness->key, sizeof key.bytes);
    *out_s = 0;
    enum troth_err err = troth_note_key_id(id, q->crypto, &key);

    for (size_t i = 0; !err && i < q->note->count; i++) {
        int64_t time_s;

        if (!is_by(&q->note->rows[i], witness->name, id))
            continue;
        err = verify_cosignature(&time_s, q, witness, &q->note->rows[i]);
        if (time_s > *out_s)
            *out_s = time_s;
    }
    return err;
}

/* Keeps the times sorted, the latest first. */
static void insert(int64_t *times_s, size_t count, int64_t time_s)
{
    size_t at = count;

    for (; at > 0 && times_s[at - 1] < time_s; at--)
        times_s[at] = times_s[at - 1];
    times_s[at] = time_s;
}

static enum troth_err ask_witnesses(int64_t *out_s, const struct inquiry *q)
{
    static const char field[] = "checkpoint.cosignatures";
    int64_t times_s[TROTH_WITNESSES_MAX] = {0};
    size_t count = 0;

    for (size_t i = 0; i < q->witnesses->count; i++) {
        int64_t time_s;
        const enum troth_err err = ask_witness(&time_s, q, &q->witnesses->rows[i]);

        if (err)
            return troth_fault_set(q->fault, err, field);
        if (time_s > 0)
            insert(times_s, count++, time_s);
    }
    if (count < q->witnesses->needed)
        return troth_fault_set(q->fault, TROTH_ERR_MISSING, field);
    *out_s = times_s[q->witnesses->needed - 1];
    return TROTH_OK;
}

enum troth_err troth_checkpoint_verify(struct troth_checkpoint *out,
                                       struct troth_fault *fault, struct troth_span note,
                                       const struct troth_witnesses *witnesses,
                                       const struct troth_crypto *crypto)
{
    struct troth_note parsed;
    const struct inquiry q = {&parsed, witnesses, crypto, fault};
    struct troth_checkpoint found = {0};
    enum troth_err err;

    *out = (struct troth_checkpoint){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    err = troth_witnesses_check(fault, witnesses);
    if (!err)
        err = troth_note_parse(&parsed, fault, note);
    if (!err)
        err = parse_body(&found, fault, parsed.text);
    if (!err && !troth_span_equal(found.origin, witnesses->origin))
        err = troth_fault_set(fault, TROTH_ERR_VALUE, "checkpoint.origin");
    if (!err)
        err = check_log(&q);
    if (!err)
        err = ask_witnesses(&found.witnessed_s, &q);
    if (!err)
        *out = found;
    return err;
}
