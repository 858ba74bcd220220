/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/checkpoint.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "tlog/lines.h"
#include "tlog/note_verify.h"
#include "tlog/witnesses.h"

/* One question. */
struct inquiry {
    const struct troth_note *note;
    const struct troth_witnesses *witnesses;
    const struct troth_crypto *crypto;
    struct troth_fault *fault;
};

/* What follows the root is the log's own affair, but no line of it is empty. */
static enum troth_err check_extensions(struct troth_span rest)
{
    while (rest.len > 0)
        if (troth_span_next_item(&rest, '\n').len == 0)
            return TROTH_ERR_VALUE;
    return TROTH_OK;
}

static enum troth_err parse(struct troth_checkpoint *out, struct troth_fault *fault,
                            struct troth_span text)
{
    struct troth_span rest = text;
    enum troth_err err;

    out->origin = troth_span_next_item(&rest, '\n');
    if (out->origin.len == 0)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "checkpoint.origin");
    err = troth_line_number(&out->size, troth_span_next_item(&rest, '\n'));
    if (err)
        return troth_fault_set(fault, err, "checkpoint.size");
    err = troth_line_hash(out->root, troth_span_next_item(&rest, '\n'));
    if (err)
        return troth_fault_set(fault, err, "checkpoint.root");
    err = check_extensions(rest);
    return err ? troth_fault_set(fault, err, "checkpoint.extension") : TROTH_OK;
}

/* The log's own signature: there, and each of it good. */
static enum troth_err check_log(const struct inquiry *q)
{
    struct troth_note_key key = {.name = q->witnesses->log_name,
                                 .type = TROTH_NOTE_ED25519};
    struct troth_note_word word;

    if (key.name.len == 0)
        key.name = q->witnesses->origin;
    memcpy(key.bytes, q->witnesses->log_key, sizeof key.bytes);

    const enum troth_err err = troth_note_verify(&word, q->crypto, q->note, &key);

    return err ? troth_fault_set(q->fault, err, "checkpoint.log_signature") : TROTH_OK;
}

/* When this witness signed: its latest time, 0 if it did not. */
static enum troth_err ask_witness(int64_t *out_s, const struct inquiry *q,
                                  const struct troth_witness *witness)
{
    struct troth_note_key key = {.name = witness->name, .type = TROTH_NOTE_COSIGNATURE};
    struct troth_note_word word;

    memcpy(key.bytes, witness->key, sizeof key.bytes);

    const enum troth_err err = troth_note_verify(&word, q->crypto, q->note, &key);

    *out_s = word.time_s;
    return err == TROTH_ERR_MISSING ? TROTH_OK : err;
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
    *out_s = q->witnesses->needed > 0 ? times_s[q->witnesses->needed - 1] : 0;
    return TROTH_OK;
}

/* Of witnesses that can be believed. */
static enum troth_err check(struct troth_checkpoint *out, struct troth_fault *fault,
                            struct troth_span note,
                            const struct troth_witnesses *witnesses,
                            const struct troth_crypto *crypto)
{
    struct troth_note parsed;
    const struct inquiry q = {&parsed, witnesses, crypto, fault};
    struct troth_checkpoint found = {0};
    enum troth_err err = troth_note_parse(&parsed, fault, note);

    if (!err)
        err = parse(&found, fault, parsed.text);
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

static void clear(struct troth_checkpoint *out, struct troth_fault *fault)
{
    *out = (struct troth_checkpoint){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
}

enum troth_err troth_checkpoint_parse(struct troth_checkpoint *out,
                                      struct troth_fault *fault, struct troth_span text)
{
    struct troth_checkpoint found = {0};

    clear(out, fault);

    const enum troth_err err = parse(&found, fault, text);

    if (!err)
        *out = found;
    return err;
}

enum troth_err troth_checkpoint_check(struct troth_checkpoint *out,
                                      struct troth_fault *fault, struct troth_span note,
                                      const struct troth_witnesses *witnesses,
                                      const struct troth_crypto *crypto)
{
    clear(out, fault);

    const enum troth_err err = troth_witnesses_check(fault, witnesses, 0);

    return err ? err : check(out, fault, note, witnesses, crypto);
}

enum troth_err troth_checkpoint_verify(struct troth_checkpoint *out,
                                       struct troth_fault *fault, struct troth_span note,
                                       const struct troth_witnesses *witnesses,
                                       const struct troth_crypto *crypto)
{
    clear(out, fault);

    const enum troth_err err = troth_witnesses_check(fault, witnesses, 1);

    if (!err && note.len > TROTH_CHECKPOINT_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "checkpoint.note");
    return err ? err : check(out, fault, note, witnesses, crypto);
}
