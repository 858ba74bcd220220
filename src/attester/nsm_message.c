/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/nsm_message.h"

#include "base/span.h"
#include "codec/cbor.h"
#include "codec/cbor_writer.h"

/* A name, and what its answer's fields are called; an answer without any is the name. */
static const struct {
    const char *name, *bytes, *flag;
} kinds[] = {
    [TROTH_NSM_ATTESTATION] = {"Attestation", "document", NULL},
    [TROTH_NSM_DESCRIBE_PCR] = {"DescribePCR", "data", "lock"},
    [TROTH_NSM_EXTEND_PCR] = {"ExtendPCR", "data", NULL},
    [TROTH_NSM_LOCK_PCR] = {"LockPCR", NULL, NULL},
    [TROTH_NSM_GET_RANDOM] = {"GetRandom", "random", NULL},
};

static void begin(struct troth_writer *w, enum troth_nsm_kind kind, uint64_t fields)
{
    troth_cbor_begin_map(w, 1);
    troth_cbor_write_text(w, kinds[kind].name);
    troth_cbor_begin_map(w, fields);
}

static void write_index(struct troth_writer *w, uint16_t pcr)
{
    troth_cbor_write_text(w, "index");
    troth_cbor_write_uint(w, pcr);
}

/* The answer's fields, each exactly once. */
static void read_fields(struct troth_cbor *r, struct troth_nsm_answer *answer,
                        enum troth_nsm_kind kind)
{
    bool has_bytes = false, has_flag = !kinds[kind].flag;

    troth_cbor_enter_map(r, "nsm.answer");
    while (troth_cbor_more(r)) {
        const struct troth_span key = troth_cbor_text(r, "nsm.answer.key");

        if (troth_span_is_text(key, kinds[kind].bytes)) {
            answer->bytes = troth_cbor_bytes(r, "nsm.answer.bytes");
            has_bytes = true;
        } else if (kinds[kind].flag && troth_span_is_text(key, kinds[kind].flag)) {
            answer->is_locked = troth_cbor_bool(r, "nsm.answer.lock");
            has_flag = true;
        } else {
            (void)troth_cbor_skip(r, "nsm.answer.other");
        }
    }
    troth_cbor_leave(r, "nsm.answer");
    troth_cbor_expect(r, has_bytes && has_flag, TROTH_ERR_MISSING, "nsm.answer");
}

/* {name: fields} or {"Error": word} */
static void read_map(struct troth_cbor *r, struct troth_nsm_answer *answer,
                     enum troth_nsm_kind kind)
{
    troth_cbor_enter_map(r, "nsm.answer");

    const struct troth_span name = troth_cbor_text(r, "nsm.answer.name");

    if (troth_span_is_text(name, "Error")) {
        answer->error = troth_cbor_text(r, "nsm.error");
        troth_cbor_expect(r, answer->error.len > 0, TROTH_ERR_VALUE, "nsm.error");
    } else if (kinds[kind].bytes && troth_span_is_text(name, kinds[kind].name)) {
        read_fields(r, answer, kind);
    } else {
        troth_cbor_expect(r, false, TROTH_ERR_VALUE, "nsm.answer.name");
    }
    troth_cbor_leave(r, "nsm.answer");
}

const char *troth_nsm_name(enum troth_nsm_kind kind)
{
    return kinds[kind].name;
}

void troth_nsm_write_attestation(struct troth_writer *w, struct troth_span user_data)
{
    begin(w, TROTH_NSM_ATTESTATION, 3);
    troth_cbor_write_text(w, "user_data");
    troth_cbor_write_bytes(w, user_data);
    troth_cbor_write_text(w, "nonce");
    troth_cbor_write_null(w);
    troth_cbor_write_text(w, "public_key");
    troth_cbor_write_null(w);
}

void troth_nsm_write_describe(struct troth_writer *w, uint16_t pcr)
{
    begin(w, TROTH_NSM_DESCRIBE_PCR, 1);
    write_index(w, pcr);
}

void troth_nsm_write_extend(struct troth_writer *w, uint16_t pcr, struct troth_span data)
{
    begin(w, TROTH_NSM_EXTEND_PCR, 2);
    write_index(w, pcr);
    troth_cbor_write_text(w, "data");
    troth_cbor_write_bytes(w, data);
}

void troth_nsm_write_lock(struct troth_writer *w, uint16_t pcr)
{
    begin(w, TROTH_NSM_LOCK_PCR, 1);
    write_index(w, pcr);
}

void troth_nsm_write_random(struct troth_writer *w)
{
    troth_cbor_write_text(w, kinds[TROTH_NSM_GET_RANDOM].name);
}

enum troth_err troth_nsm_answer_parse(struct troth_nsm_answer *out,
                                      struct troth_fault *fault, enum troth_nsm_kind kind,
                                      struct troth_span raw)
{
    struct troth_nsm_answer answer = {0};
    struct troth_cbor r;

    troth_cbor_init(&r, raw, TROTH_CBOR_SHORTEST);
    if (troth_cbor_peek(&r) == TROTH_CBOR_TEXT && !kinds[kind].bytes) {
        const struct troth_span name = troth_cbor_text(&r, "nsm.answer.name");

        troth_cbor_expect(&r, troth_span_is_text(name, kinds[kind].name), TROTH_ERR_VALUE,
                          "nsm.answer.name");
    } else {
        read_map(&r, &answer, kind);
    }

    const enum troth_err err = troth_cbor_finish(&r, fault);

    *out = err ? (struct troth_nsm_answer){0} : answer;
    return err;
}
