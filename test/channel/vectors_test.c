/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol-vectors.json, which another implementation wrote, through this one. */
#include "test/channel/vectors_file.h"

#include <string.h>

#include "base/span.h"
#include "channel/commitment.h"
#include "channel/frame.h"
#include "pki/public_key.h"
#include "test/harness.h"
#include "troth/provider.h"

#define STAND_IN "stand-in evidence: "

static struct troth_crypto crypto;

/* ---- frames ---- */

static void check_hello(struct troth_writer *w, struct troth_span body,
                        const json_t *says)
{
    const json_t *held = json_object_get(says, "held");
    struct troth_hello hello;

    CHECK_ERR(troth_hello_parse(&hello, NULL, body), TROTH_OK);
    CHECK_INT(hello.role, vectors_role(says, "role"));
    CHECK_TEXT(troth_level_name(hello.asks), vectors_text(says, "asks"));
    CHECK(hello.takes_checkpoint ==
          json_is_true(json_object_get(says, "takes_checkpoint")));
    CHECK_SPAN(hello.challenge, vectors_hex(says, "challenge"));
    CHECK_INT(hello.held.len, json_array_size(held) * 32);
    for (size_t i = 0; i < json_array_size(held); i++)
        CHECK_SPAN(troth_span_slice(hello.held, i * 32, i * 32 + 32),
                   test_hex(json_string_value(json_array_get(held, i))));
    troth_hello_write(w, &hello);
}

static void check_proof(struct troth_writer *w, struct troth_span body,
                        const json_t *says)
{
    struct troth_proof_frame frame;
    const struct troth_proof *proof = &frame.proof;

    CHECK_ERR(troth_proof_parse(&frame, NULL, body), TROTH_OK);
    CHECK_INT(frame.role, vectors_role(says, "role"));
    CHECK_TEXT(troth_level_name(proof->level), vectors_text(says, "level"));
    CHECK(proof->is_held == !strcmp(vectors_text(says, "form"), "held"));
    CHECK_SPAN(proof->evidence, vectors_hex(says, "evidence"));
    CHECK_SPAN(proof->collateral, vectors_hex(says, "collateral"));
    CHECK_SPAN(frame.signature, vectors_hex(says, "signature"));
    if (proof->level == TROTH_LEVEL_EPOCH)
        CHECK_SPAN(((struct troth_span){proof->evidence_sha256, 32}),
                   vectors_hex(says, "digest"));
    CHECK_INT(proof->epoch_s, vectors_number(says, "epoch"));
    CHECK_SPAN(proof->nonce, vectors_hex(says, "nonce"));
    CHECK_SPAN(proof->checkpoint, vectors_hex(says, "checkpoint"));
    CHECK_SPAN(proof->key, vectors_hex(says, "key"));
    troth_proof_write(w, &frame);
}

static void check_done(struct troth_writer *w, struct troth_span body, const json_t *says)
{
    enum troth_role role;

    CHECK_ERR(troth_done_parse(&role, NULL, body), TROTH_OK);
    CHECK_TEXT(troth_role_name(role), vectors_text(says, "role"));
    troth_done_write(w, role);
}

static void check_refuse(struct troth_writer *w, struct troth_span body,
                         const json_t *says)
{
    enum troth_channel_reason reason;

    CHECK_ERR(troth_refuse_parse(&reason, NULL, body), TROTH_OK);
    CHECK_TEXT(troth_channel_reason_name(reason), vectors_text(says, "reason"));
    troth_refuse_write(w, reason);
}

static void write_data(struct troth_writer *w, struct troth_span body)
{
    uint8_t header[TROTH_FRAME_HEADER];

    troth_frame_data_header(header, body.len);
    troth_write_bytes(w, (struct troth_span)TROTH_ARRAY_SPAN(header));
    troth_write_bytes(w, body);
}

/* It says what the file says, and would be written as it is. */
static void check_frame(const struct troth_frame *frame, const json_t *step)
{
    static uint8_t room[TROTH_FRAME_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    const json_t *says = json_object_get(step, "says");
    struct troth_span written;

    switch (frame->type) {
    case TROTH_FRAME_HELLO:
        check_hello(&w, frame->body, says);
        break;
    case TROTH_FRAME_PROOF:
        check_proof(&w, frame->body, says);
        break;
    case TROTH_FRAME_DONE:
        check_done(&w, frame->body, says);
        break;
    case TROTH_FRAME_REFUSE:
        check_refuse(&w, frame->body, says);
        break;
    case TROTH_FRAME_DATA:
        CHECK_SPAN(frame->body, vectors_hex(says, "bytes"));
        write_data(&w, frame->body);
        break;
    case TROTH_FRAME_END:
        CHECK_INT(frame->body.len, 0);
        troth_write_text(&w, "\x06");
        troth_write_uint_be(&w, 0, 3);
        break;
    }
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_SPAN(written, vectors_hex(step, "frame"));
}

/* ---- what proofs commit to ---- */

/* A connection as both sides see it. */
struct seen {
    const json_t *connection;
    uint8_t transcript[32];
    struct troth_span challenges[3]; /* by role */
    uint8_t certificates[3][32];
};

static struct troth_span certificate_of(struct seen *seen, enum troth_role role)
{
    const json_t *all = json_object_get(seen->connection, "certificates");
    const struct troth_span der = vectors_hex(all, troth_role_name(role));

    if (!der.len)
        return der;
    CHECK_ERR(troth_digest(&crypto, seen->certificates[role], TROTH_SHA256, der),
              TROTH_OK);
    return (struct troth_span)TROTH_ARRAY_SPAN(seen->certificates[role]);
}

static void check_signature(const json_t *facts, struct troth_span signature,
                            struct troth_span commitment, enum troth_err wanted)
{
    struct troth_public_key key;

    CHECK_ERR(troth_spki_p256_parse(&key, vectors_hex(facts, "signed_by")), TROTH_OK);
    CHECK_ERR(crypto.ops->verify(crypto.state, TROTH_ECDSA_P256_SHA256, &key,
                                 (struct troth_parts){&commitment, 1}, signature),
              wanted);
}

/* The stand-in carries it, whole. */
static void check_carried(const struct troth_proof *proof, struct troth_span commitment)
{
    const size_t lead = sizeof STAND_IN - 1;

    CHECK(troth_span_starts_with(proof->evidence, test_text(STAND_IN)));
    CHECK_SPAN(troth_span_slice(proof->evidence, lead, proof->evidence.len), commitment);
}

static void check_key_commitment(const struct troth_proof_frame *frame,
                                 const json_t *facts)
{
    const struct troth_proof *proof = &frame->proof;
    uint8_t bytes[TROTH_BINDING_SIZE], text[TROTH_COMMITMENT_TEXT_MAX];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_span written;

    CHECK_ERR(troth_key_commitment_compute(bytes, &crypto, frame->role, proof), TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(bytes)),
               vectors_hex(facts, "key_commitment"));
    CHECK_ERR(troth_key_commitment_write(&w, &crypto, frame->role, proof), TROTH_OK);
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_SPAN(written, test_text(vectors_text(facts, "key_text")));
    check_carried(proof, (struct troth_span)TROTH_ARRAY_SPAN(bytes));
    CHECK_ERR(troth_digest(&crypto, bytes, TROTH_SHA256, proof->evidence), TROTH_OK);
    CHECK(!memcmp(bytes, proof->evidence_sha256, 32));
}

static struct troth_commitment commitment_seen(struct seen *seen,
                                               const struct troth_proof_frame *frame)
{
    const enum troth_role verifier = frame->role == TROTH_CLIENT ? TROTH_SERVER
                                                                 : TROTH_CLIENT;
    const struct troth_span exporter = vectors_exporter(seen->connection,
                                                        seen->challenges[verifier]);
    struct troth_commitment commitment = {
        .role = frame->role,
        .level = frame->proof.level,
        .client_certificate = certificate_of(seen, TROTH_CLIENT),
        .server_certificate = certificate_of(seen, TROTH_SERVER),
    };

    memcpy(commitment.frames, seen->transcript, sizeof commitment.frames);
    if (CHECK_INT(exporter.len, TROTH_EXPORTER_SIZE))
        memcpy(commitment.exporter, exporter.ptr, exporter.len);
    if (frame->proof.level == TROTH_LEVEL_EPOCH)
        commitment.evidence = (struct troth_span){frame->proof.evidence_sha256, 32};
    return commitment;
}

static void check_commitment(struct seen *seen, struct troth_span body,
                             const json_t *facts)
{
    struct troth_proof_frame frame;
    uint8_t bytes[TROTH_BINDING_SIZE], text[TROTH_COMMITMENT_TEXT_MAX];
    const struct troth_span commitment = TROTH_ARRAY_SPAN(bytes);
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_span written;

    CHECK_ERR(troth_proof_parse(&frame, NULL, body), TROTH_OK);
    const struct troth_commitment c = commitment_seen(seen, &frame);

    CHECK_ERR(troth_commitment_compute(bytes, &crypto, &c), TROTH_OK);
    CHECK_SPAN(commitment, vectors_hex(facts, "commitment"));
    troth_commitment_write(&w, &c);
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_SPAN(written, test_text(vectors_text(facts, "text")));
    if (frame.proof.level == TROTH_LEVEL_STRICT) {
        check_carried(&frame.proof, commitment);
        return;
    }
    check_signature(facts, frame.signature, commitment, TROTH_OK);
    if (!frame.proof.is_held)
        check_key_commitment(&frame, facts);
}

static void check_step(struct seen *seen, const json_t *step)
{
    const struct troth_span whole = vectors_hex(step, "frame");
    const enum troth_role sender = vectors_role(step, "from");
    struct troth_frame frame;
    size_t len = 0;

    CHECK_ERR(troth_frame_length(&len, whole.ptr), TROTH_OK);
    CHECK_INT(len, whole.len);
    if (!CHECK_ERR(troth_frame_parse(&frame, NULL, whole), TROTH_OK))
        return;
    check_frame(&frame, step);
    if (frame.type == TROTH_FRAME_HELLO)
        seen->challenges[sender] = vectors_hex(json_object_get(step, "says"),
                                               "challenge");
    if (frame.type == TROTH_FRAME_PROOF)
        check_commitment(seen, frame.body, json_object_get(step, "proof"));
    CHECK_ERR(troth_transcript_add(seen->transcript, &crypto, sender, whole), TROTH_OK);
    if (json_object_get(step, "transcript"))
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(seen->transcript)),
                   vectors_hex(step, "transcript"));
}

static void test_connections(const json_t *all)
{
    const json_t *connection, *step;
    size_t i, k;

    json_array_foreach(json_object_get(all, "connections"), i, connection)
    {
        struct seen seen = {.connection = connection};

        test_case("%s", vectors_text(connection, "name"));
        json_array_foreach(json_object_get(connection, "steps"), k, step)
            check_step(&seen, step);
    }
    CHECK(i > 0);
}

/* ---- what is refused ---- */

static enum troth_err parse_body(struct troth_fault *fault,
                                 const struct troth_frame *frame)
{
    struct troth_hello hello;
    struct troth_proof_frame proof;
    enum troth_role role;
    enum troth_channel_reason reason;

    switch (frame->type) {
    case TROTH_FRAME_HELLO:
        return troth_hello_parse(&hello, fault, frame->body);
    case TROTH_FRAME_PROOF:
        return troth_proof_parse(&proof, fault, frame->body);
    case TROTH_FRAME_DONE:
        return troth_done_parse(&role, fault, frame->body);
    case TROTH_FRAME_REFUSE:
        return troth_refuse_parse(&reason, fault, frame->body);
    case TROTH_FRAME_DATA:
    case TROTH_FRAME_END:
        break;
    }
    return TROTH_OK;
}

static void test_refused_frames(const json_t *all)
{
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(all, "refused_frames"), i, row)
    {
        struct troth_frame frame;
        struct troth_fault fault;
        enum troth_err err = troth_frame_parse(&frame, &fault, vectors_hex(row, "frame"));

        test_case("refused: %s", vectors_text(row, "why"));
        if (!err)
            err = parse_body(&fault, &frame);
        CHECK(err != TROTH_OK);
        CHECK((err == TROTH_ERR_VERSION) ==
              !strcmp(vectors_text(row, "reason"), "version"));
        CHECK_TEXT(fault.field, vectors_text(row, "field"));
    }
    CHECK(i > 0);
}

static void test_wrong_signatures(const json_t *all)
{
    const json_t *rows = json_object_get(all, "wrong_signatures"), *row;
    json_t *facts = json_pack("{s:O}", "signed_by", json_object_get(rows, "key"));
    const struct troth_span commitment = vectors_hex(rows, "commitment");
    size_t i;

    test_case("the right signature");
    check_signature(facts, vectors_hex(rows, "signature"), commitment, TROTH_OK);
    json_array_foreach(json_object_get(rows, "wrong"), i, row)
    {
        test_case("wrong signature: %s", vectors_text(row, "why"));
        check_signature(facts, vectors_hex(row, "signature"), commitment,
                        TROTH_ERR_SIGNATURE);
    }
    CHECK(i > 0);
    json_decref(facts);
}

/* ---- the checkpoint ---- */

static void test_checkpoint(const json_t *all)
{
    const json_t *keys = json_object_get(all, "keys"), *row;
    const json_t *checkpoint = json_object_get(all, "checkpoint");
    const json_t *rows = json_object_get(keys, "witnesses");
    const struct troth_span note = test_text(vectors_text(checkpoint, "note"));
    struct troth_witness witness[TROTH_WITNESSES_MAX];
    struct troth_witnesses witnesses = {.rows = witness};
    struct troth_checkpoint out;
    uint8_t digest[32];

    test_case("the checkpoint, by the log's key and its witnesses'");
    CHECK_ERR(troth_witness_key_parse(
                  &witnesses.origin, witnesses.log_key,
                  test_text(vectors_text(json_object_get(keys, "log"), "verifier")),
                  &crypto),
              TROTH_OK);
    json_array_foreach(rows, witnesses.count, row)
        CHECK_ERR(troth_witness_key_parse(
                      &witness[witnesses.count].name, witness[witnesses.count].key,
                      test_text(vectors_text(row, "verifier")), &crypto),
                  TROTH_OK);
    witnesses.needed = (size_t)vectors_number(keys, "witnesses_needed");
    CHECK_ERR(troth_checkpoint_verify(&out, NULL, note, &witnesses, &crypto), TROTH_OK);
    CHECK_INT(out.witnessed_s, vectors_number(checkpoint, "witnessed"));
    CHECK_ERR(troth_digest(&crypto, digest, TROTH_SHA256, note), TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)),
               vectors_hex(checkpoint, "sha256"));
}

int main(void)
{
    json_t *all = vectors_load();

    if (!all || troth_provider_create(&crypto))
        return 1;
    test_case("the words of the protocol");
    CHECK_TEXT(vectors_text(all, "protocol"), TROTH_CHANNEL_ALPN);
    CHECK_TEXT(vectors_text(all, "exporter_label"), TROTH_EXPORTER_LABEL);
    CHECK_INT(vectors_number(all, "longest_age"), TROTH_EPOCH_MAX_AGE_S);
    test_connections(all);
    test_refused_frames(all);
    test_wrong_signatures(all);
    test_checkpoint(all);
    troth_provider_destroy(&crypto);
    json_decref(all);
    return test_finish();
}
