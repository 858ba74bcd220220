/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/ear.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/fault.h"
#include "base/number.h"
#include "base/span.h"
#include "codec/json.h"
#include "ear/jws.h"
#include "ear/profile.h"
#include "ear/vector.h"

/* How far ahead the issuer's clock may be. */
#define GRACE_S 60

/* A payload being read. What is not named here is ignored, as the draft wants. */
struct reading {
    struct troth_json r;
    struct troth_arena *arena;
    const struct troth_ear_names *names;
    struct troth_ear ear;
    bool has_status, has_vector, has_issued, has_expires;
    struct troth_ear_vector vector;
};

static void fail(struct reading *t, enum troth_err err, const char *field)
{
    troth_json_expect(&t->r, false, err, field);
}

static struct troth_span read_text(struct reading *t, const char *field)
{
    struct troth_span text = {NULL, 0};
    enum troth_err err = troth_json_unescape(&text, t->arena,
                                             troth_json_string(&t->r, field));

    if (err)
        fail(t, err, field);
    return text;
}

/* NumericDate, of whole seconds. */
static int64_t read_time(struct reading *t, const char *field)
{
    uint64_t at_s = troth_json_uint(&t->r, field);

    if (at_s > (uint64_t)INT64_MAX)
        fail(t, TROTH_ERR_LIMIT, field);
    return at_s > (uint64_t)INT64_MAX ? 0 : (int64_t)at_s;
}

static void read_nonce(struct reading *t)
{
    static const char field[] = "ear.eat_nonce";
    struct troth_span text = read_text(t, field);
    size_t len = 0;
    uint8_t *bytes = troth_arena_take_unset(t->arena, text.len + 1, 1);
    enum troth_err err = bytes ? troth_base64_parse(bytes, text.len, &len, text,
                                                    TROTH_BASE64URL)
                               : TROTH_ERR_MEMORY;

    if (err)
        fail(t, err, field);
    t->ear.nonce = (struct troth_span){bytes, len};
}

static void read_status(struct reading *t)
{
    static const enum troth_ear_tier tiers[] = {TROTH_EAR_NONE, TROTH_EAR_AFFIRMING,
                                                TROTH_EAR_WARNING,
                                                TROTH_EAR_CONTRAINDICATED};
    struct troth_span text = read_text(t, "ear.status");

    for (size_t i = 0; i < sizeof tiers / sizeof tiers[0]; i++)
        if (troth_span_is_text(text, troth_ear_tier_name(tiers[i]))) {
            t->ear.status = tiers[i];
            t->has_status = true;
            return;
        }
    fail(t, TROTH_ERR_VALUE, "ear.status");
}

static size_t claim_of(struct troth_span key)
{
    size_t i = 0;

    while (i < TROTH_EAR_CLAIM_COUNT &&
           !troth_json_text_is(key, troth_ear_claim_names[i]))
        i++;
    return i;
}

/* -128 to 127. */
static int read_value(struct reading *t)
{
    static const char field[] = "ear.trustworthiness_vector";
    int64_t value = 0;

    if (troth_int_parse(&value, troth_json_number(&t->r, field)) || value < INT8_MIN ||
        value > INT8_MAX) {
        fail(t, TROTH_ERR_VALUE, field);
        return 0;
    }
    return (int)value;
}

static void read_vector(struct reading *t)
{
    static const char field[] = "ear.trustworthiness_vector";
    struct troth_span key;

    t->has_vector = true;
    troth_json_enter_object(&t->r, field);
    while (troth_json_member(&t->r, &key, field)) {
        size_t claim = claim_of(key);

        if (claim == TROTH_EAR_CLAIM_COUNT) {
            fail(t, TROTH_ERR_VALUE, field);
            return;
        }
        t->vector.values[claim] = read_value(t);
        t->vector.has[claim] = true;
    }
    troth_json_leave(&t->r, field);
}

static void read_policy(struct reading *t)
{
    static const char field[] = "ear.appraisal_policy";

    if (!t->names->policies_are_listed) {
        t->ear.policy_id = read_text(t, field);
        return;
    }
    troth_json_enter_array(&t->r, field);
    t->ear.policy_id = read_text(t, field);
    troth_json_leave(&t->r, field);
}

static void read_attester(struct reading *t)
{
    static const char field[] = "ear.submods";
    struct troth_span key;

    troth_json_enter_object(&t->r, field);
    while (troth_json_member(&t->r, &key, field)) {
        if (troth_json_text_is(key, t->names->status))
            read_status(t);
        else if (troth_json_text_is(key, t->names->vector))
            read_vector(t);
        else if (troth_json_text_is(key, t->names->policy))
            read_policy(t);
        else
            (void)troth_json_skip(&t->r, field);
    }
    troth_json_leave(&t->r, field);
}

/* One attester; a result on several is another question. */
static void read_submods(struct reading *t)
{
    static const char field[] = "ear.submods";
    struct troth_span key;
    enum troth_err err;

    troth_json_enter_object(&t->r, field);
    if (!troth_json_member(&t->r, &key, field)) {
        fail(t, TROTH_ERR_MISSING, field);
        return;
    }
    err = troth_json_unescape(&t->ear.kind, t->arena, key);
    if (err)
        fail(t, err, field);
    read_attester(t);
    troth_json_expect(&t->r, !troth_json_more(&t->r), TROTH_ERR_UNSUPPORTED, field);
    troth_json_leave(&t->r, field);
}

static void read_verifier(struct reading *t)
{
    static const char field[] = "ear.verifier";
    struct troth_span key;

    troth_json_enter_object(&t->r, field);
    while (troth_json_member(&t->r, &key, field))
        if (troth_json_text_is(key, "developer"))
            t->ear.verifier = read_text(t, field);
        else
            (void)troth_json_skip(&t->r, field);
    troth_json_leave(&t->r, field);
}

static void read_member(struct reading *t, struct troth_span key)
{
    if (troth_json_text_is(key, "iat")) {
        t->ear.issued_at_s = read_time(t, "ear.iat");
        t->has_issued = true;
    } else if (troth_json_text_is(key, "exp")) {
        t->ear.expires_s = read_time(t, "ear.exp");
        t->has_expires = true;
    } else if (troth_json_text_is(key, "eat_nonce")) {
        read_nonce(t);
    } else if (troth_json_text_is(key, "submods")) {
        read_submods(t);
    } else if (troth_json_text_is(key, t->names->verifier)) {
        read_verifier(t);
    } else {
        (void)troth_json_skip(&t->r, "ear.payload");
    }
}

/* Which profile: its name may stand anywhere, and decides how the others are spelled. */
static const struct troth_ear_names *find_names(struct troth_span payload)
{
    static const char field[] = "ear.eat_profile";
    const struct troth_ear_names *names = NULL;
    struct troth_span key;
    struct troth_json r;

    troth_json_init(&r, payload);
    troth_json_enter_object(&r, field);
    while (troth_json_member(&r, &key, field)) {
        if (!troth_json_text_is(key, "eat_profile")) {
            (void)troth_json_skip(&r, field);
            continue;
        }
        key = troth_json_string(&r, field);
        for (size_t i = 0; i < TROTH_EAR_PROFILES; i++)
            if (troth_json_text_is(key, troth_ear_names[i].profile))
                names = &troth_ear_names[i];
    }
    return names;
}

static enum troth_err read_payload(struct reading *t, struct troth_fault *fault,
                                   struct troth_span payload)
{
    struct troth_span key;

    t->names = find_names(payload);
    if (!t->names)
        return troth_fault_set(fault, TROTH_ERR_VERSION, "ear.eat_profile");
    troth_json_init(&t->r, payload);
    troth_json_enter_object(&t->r, "ear.payload");
    while (troth_json_member(&t->r, &key, "ear.payload"))
        read_member(t, key);
    troth_json_leave(&t->r, "ear.payload");
    troth_json_expect(&t->r, t->has_issued, TROTH_ERR_MISSING, "ear.iat");
    troth_json_expect(&t->r, t->has_expires, TROTH_ERR_MISSING, "ear.exp");
    troth_json_expect(&t->r, t->has_status, TROTH_ERR_MISSING, "ear.status");
    troth_json_expect(&t->r, t->has_vector, TROTH_ERR_MISSING,
                      "ear.trustworthiness_vector");
    return troth_fault_name(fault, troth_json_finish(&t->r, fault), "ear.payload");
}

/* A status may be worse than its vector, never better. */
static bool status_fits(const struct reading *t)
{
    enum troth_ear_tier worst = troth_ear_vector_tier(&t->vector);

    switch (t->ear.status) {
    case TROTH_EAR_AFFIRMING:
        return worst == TROTH_EAR_AFFIRMING;
    case TROTH_EAR_WARNING:
        return worst == TROTH_EAR_AFFIRMING || worst == TROTH_EAR_WARNING;
    case TROTH_EAR_NONE:
        return worst != TROTH_EAR_CONTRAINDICATED;
    case TROTH_EAR_CONTRAINDICATED:
        return true;
    }
    return false;
}

static enum troth_err judge(const struct reading *t, struct troth_fault *fault,
                            int64_t at_s)
{
    if (!status_fits(t))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "ear.status");
    if (t->ear.issued_at_s - GRACE_S > at_s)
        return troth_fault_set(fault, TROTH_ERR_CLOCK, "ear.iat");
    if (t->ear.expires_s <= at_s)
        return troth_fault_set(fault, TROTH_ERR_CLOCK, "ear.exp");
    return TROTH_OK;
}

enum troth_err troth_ear_verify(struct troth_ear *out, struct troth_fault *fault,
                                const struct troth_ear_input *input)
{
    struct reading t = {.arena = input->arena};
    struct troth_span payload;
    enum troth_err err = troth_jws_verify(&payload, fault, input->token, input->key,
                                          input->crypto, input->arena);

    *out = (struct troth_ear){0};
    if (!err)
        err = read_payload(&t, fault, payload);
    if (!err)
        err = judge(&t, fault, input->at_s);
    if (err && err != TROTH_ERR_CLOCK)
        return err;
    *out = t.ear;
    out->payload = payload;
    return err;
}
