/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/ear.h"

#include "base/base64.h"
#include "base/instant.h"
#include "base/span.h"
#include "codec/json_value.h"
#include "ear/jws.h"
#include "ear/profile.h"
#include "ear/vector.h"
#include "troth/version.h"

/* No result is good for longer, whatever its evidence. */
#define LONGEST_S INT64_C(86400)

/* EAT wants a nonce of 8 to 88 characters, and these are base64url. [RFC9711] 4.1 */
enum { NONCE_MIN = 6, NONCE_MAX = 66 };

/* What evidence says that its readers act upon; the rest stays with the verifier, and so
 * does all of it where nobody knows who signed it. */
static const char *const told[] = {
    "measurement", "debug", "hardware_id", "tcb.status", "tcb.date", "tcb.advisories",
};

/* A payload being written. */
struct token {
    struct troth_json_writer w;
    const struct troth_result *result;
    const struct troth_ear_options *options;
    const struct troth_ear_names *names;
};

static void text_member(struct token *t, const char *key, const char *text)
{
    troth_json_write_key(&t->w, key);
    troth_json_write_text(&t->w, text);
}

/* Seconds since 1970; what is before is 1970. */
static void time_member(struct token *t, const char *key, int64_t at_s)
{
    troth_json_write_key(&t->w, key);
    troth_json_write_uint(&t->w, at_s > 0 ? (uint64_t)at_s : 0);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t end_of(const struct troth_result *result,
                      const struct troth_ear_options *options)
{
    const int64_t issued_s = earlier(options->issued_at_s, INT64_MAX - LONGEST_S);
    int64_t end_s = earlier(issued_s + LONGEST_S, result->valid_until_s);

    if (options->expires_s)
        end_s = earlier(end_s, options->expires_s);
    return end_s > options->issued_at_s ? end_s : options->issued_at_s;
}

static void write_verifier(struct token *t)
{
    troth_json_write_key(&t->w, t->names->verifier);
    troth_json_begin_object(&t->w);
    text_member(t, "developer", TROTH_EAR_DEVELOPER);
    text_member(t, "build", troth_version());
    troth_json_end_object(&t->w);
}

static void write_nonce(struct token *t)
{
    uint8_t room[96];
    struct troth_writer text = troth_writer_over(room, sizeof room);

    if (!t->result->has_nonce)
        return;
    troth_base64_write(&text, t->result->nonce, TROTH_BASE64URL);
    troth_json_write_key(&t->w, "eat_nonce");
    troth_json_write_string(&t->w, troth_writer_span(&text));
}

static void write_vector(struct token *t, const struct troth_ear_vector *vector)
{
    troth_json_write_key(&t->w, t->names->vector);
    troth_json_begin_object(&t->w);
    for (size_t i = 0; i < TROTH_EAR_CLAIM_COUNT; i++)
        if (vector->has[i]) {
            troth_json_write_key(&t->w, troth_ear_claim_names[i]);
            troth_json_write_uint(&t->w, (uint64_t)vector->values[i]);
        }
    troth_json_end_object(&t->w);
}

static void write_policy(struct token *t)
{
    uint8_t room[sizeof TROTH_EAR_POLICY_PREFIX + (size_t)2 * TROTH_POLICY_DIGEST_SIZE];
    struct troth_writer text = troth_writer_over(room, sizeof room);

    if (!t->result->policy)
        return;
    troth_write_text(&text, TROTH_EAR_POLICY_PREFIX);
    troth_write_hex(&text, (struct troth_span){troth_policy_digest(t->result->policy),
                                               TROTH_POLICY_DIGEST_SIZE});
    troth_json_write_key(&t->w, t->names->policy);
    if (t->names->policies_are_listed)
        troth_json_begin_array(&t->w);
    troth_json_write_string(&t->w, troth_writer_span(&text));
    if (t->names->policies_are_listed)
        troth_json_end_array(&t->w);
}

static void write_told(struct token *t)
{
    const size_t count = troth_ear_is_signed(&t->result->verdict)
                             ? sizeof told / sizeof told[0]
                             : 0;

    troth_json_write_key(&t->w, t->names->told);
    troth_json_begin_object(&t->w);
    for (size_t i = 0; i < count; i++) {
        const struct troth_claim *claim = troth_claims_find(&t->result->claims,
                                                            troth_span_of_text(told[i]));

        if (!claim || claim->value.type == TROTH_VALUE_NONE)
            continue;
        troth_json_write_key(&t->w, claim->name);
        troth_json_write_value(&t->w, &claim->value);
    }
    troth_json_end_object(&t->w);
}

static void write_concluded(struct token *t, const uint8_t *digest)
{
    const struct troth_result *r = t->result;

    troth_json_write_key(&t->w, t->names->concluded);
    troth_json_begin_object(&t->w);
    text_member(t, "verdict", troth_answer_name(r->answer));
    troth_json_write_key(&t->w, "simulated");
    troth_json_write_bool(&t->w, r->simulated);
    if (r->image.len > 0 && troth_ear_is_signed(&r->verdict)) {
        troth_json_write_key(&t->w, "image");
        troth_json_write_string(&t->w, r->image);
    }
    if (digest) {
        troth_json_write_key(&t->w, "evidence_sha256");
        troth_json_write_hex(&t->w, (struct troth_span){digest, 32});
    }
    troth_json_write_key(&t->w, "not_proven");
    troth_json_begin_array(&t->w);
    for (size_t i = 0; i < r->not_proven_count; i++)
        troth_json_write_text(&t->w, r->not_proven[i]->name);
    troth_json_end_array(&t->w);
    troth_json_end_object(&t->w);
}

/* The one attester, under its kind's name. */
static void write_attester(struct token *t, const uint8_t *digest)
{
    const struct troth_ear_vector vector = troth_ear_vector_of(t->result);

    troth_json_write_key(&t->w, "submods");
    troth_json_begin_object(&t->w);
    troth_json_write_key(&t->w, t->result->kind);
    troth_json_begin_object(&t->w);
    text_member(t, t->names->status,
                troth_ear_tier_name(troth_ear_status_of(t->result, &vector)));
    write_vector(t, &vector);
    write_policy(t);
    write_told(t);
    write_concluded(t, digest);
    troth_json_end_object(&t->w);
    troth_json_end_object(&t->w);
}

static enum troth_err write_payload(struct troth_span *out, struct troth_writer *room,
                                    const struct troth_result *result,
                                    const struct troth_ear_options *options)
{
    struct token t = {troth_json_writer_over(room, false), result, options,
                      &troth_ear_names[options->profile]};
    bool has_digest = options->raw_evidence.len > 0;
    uint8_t digest[TROTH_HASH_MAX];
    enum troth_err err = TROTH_OK;

    if (has_digest)
        err = troth_digest(options->crypto, digest, TROTH_SHA256, options->raw_evidence);
    if (err)
        return err;
    troth_json_begin_object(&t.w);
    text_member(&t, "eat_profile", t.names->profile);
    time_member(&t, "iat", options->issued_at_s);
    time_member(&t, "exp", end_of(result, options));
    write_verifier(&t);
    write_nonce(&t);
    write_attester(&t, has_digest ? digest : NULL);
    troth_json_end_object(&t.w);
    return troth_writer_finish(room, out);
}

enum troth_err troth_ear_write(uint8_t *out, size_t size, size_t *out_len,
                               const struct troth_result *result,
                               const struct troth_ear_options *options,
                               const struct troth_signer *signer)
{
    /* The payload waits at the end of the room while its base64 is written at the start.
     */
    size_t kept = size / 8 * 3;
    struct troth_writer room = troth_writer_over(out + (size - kept), kept);
    struct troth_writer w = troth_writer_over(out, size - kept);
    struct troth_span payload;
    enum troth_err err = TROTH_OK;

    *out_len = 0;
    if (result->archival)
        return TROTH_ERR_CLOCK;
    if (result->has_nonce &&
        (result->nonce.len < NONCE_MIN || result->nonce.len > NONCE_MAX))
        return TROTH_ERR_LIMIT;
    err = write_payload(&payload, &room, result, options);
    if (!err)
        err = troth_jws_write(&w, payload, signer);
    if (!err)
        *out_len = w.len;
    return err;
}
