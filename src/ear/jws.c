/* SPDX-License-Identifier: Apache-2.0 */
#include "ear/jws.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/fault.h"
#include "base/span.h"
#include "codec/json.h"

/* The two that are here: both sign with 64 bytes. */
static const struct algorithm {
    enum troth_signature_algorithm id;
    const char *name;
    const char *header;
} algorithms[] = {
    {TROTH_ECDSA_P256_SHA256, "ES256", "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"},
    {TROTH_ED25519, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}"},
};

enum { ALGORITHMS = sizeof algorithms / sizeof algorithms[0], SIGNATURE_SIZE = 64 };

static const struct algorithm *algorithm_for_key(enum troth_key_kind kind)
{
    for (size_t i = 0; i < ALGORITHMS; i++)
        if (troth_signature_facts(algorithms[i].id).key == kind)
            return &algorithms[i];
    return NULL;
}

enum troth_err troth_jws_write(struct troth_writer *w, struct troth_span payload,
                               const struct troth_signer *signer)
{
    const struct algorithm *algorithm = algorithm_for_key(signer->key.kind);
    size_t start = w->len, len = 0;
    uint8_t signature[TROTH_SIGNATURE_MAX];
    struct troth_span all;
    enum troth_err err;

    if (!algorithm || algorithm->id != signer->algorithm)
        return TROTH_ERR_ALGORITHM;
    troth_base64_write(w, troth_span_of_text(algorithm->header), TROTH_BASE64URL);
    troth_write_u8(w, '.');
    troth_base64_write(w, payload, TROTH_BASE64URL);
    err = troth_writer_finish(w, &all);
    if (!err)
        err = signer->sign(signer->state, signature, &len,
                           troth_span_slice(all, start, all.len));
    if (err)
        return err;
    if (len != SIGNATURE_SIZE)
        return TROTH_ERR_CRYPTO;
    troth_write_u8(w, '.');
    troth_base64_write(w, (struct troth_span){signature, len}, TROTH_BASE64URL);
    return troth_writer_finish(w, &all);
}

/* The three texts of a token, and the two first as they were signed. */
struct parts {
    struct troth_span header, payload, signature, signed_text;
};

static bool is_white(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static struct troth_span trim(struct troth_span text)
{
    while (text.len > 0 && is_white(text.ptr[0]))
        text = troth_span_slice(text, 1, text.len);
    while (text.len > 0 && is_white(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static enum troth_err split(struct parts *out, struct troth_span token)
{
    size_t dots[2], count = 0;

    for (size_t i = 0; i < token.len; i++) {
        if (token.ptr[i] != '.')
            continue;
        if (count == 2)
            return TROTH_ERR_VALUE;
        dots[count++] = i;
    }
    if (count != 2)
        return TROTH_ERR_VALUE;
    out->header = troth_span_slice(token, 0, dots[0]);
    out->payload = troth_span_slice(token, dots[0] + 1, dots[1]);
    out->signature = troth_span_slice(token, dots[1] + 1, token.len);
    out->signed_text = troth_span_slice(token, 0, dots[1]);
    return TROTH_OK;
}

static enum troth_err decode(struct troth_span *out, struct troth_span text,
                             struct troth_arena *arena)
{
    size_t room = text.len / 4 * 3 + 3, len = 0;
    uint8_t *bytes = troth_arena_take_unset(arena, room, 1);
    enum troth_err err;

    *out = (struct troth_span){NULL, 0};
    if (!bytes)
        return TROTH_ERR_MEMORY;
    err = troth_base64_parse(bytes, room, &len, text, TROTH_BASE64URL);
    if (!err)
        *out = (struct troth_span){bytes, len};
    return err;
}

static enum troth_err check_header(struct troth_fault *fault, struct troth_span header,
                                   const struct algorithm *algorithm)
{
    static const char field[] = "ear.header";
    bool has_algorithm = false;
    struct troth_span key;
    struct troth_json r;

    troth_json_init(&r, header);
    troth_json_enter_object(&r, field);
    while (troth_json_member(&r, &key, field)) {
        if (troth_json_text_is(key, "alg")) {
            has_algorithm = true;
            troth_json_expect(
                &r, troth_json_text_is(troth_json_string(&r, field), algorithm->name),
                TROTH_ERR_ALGORITHM, "ear.header.alg");
        } else if (troth_json_text_is(key, "typ")) {
            troth_json_expect(&r, troth_json_text_is(troth_json_string(&r, field), "JWT"),
                              TROTH_ERR_TYPE, "ear.header.typ");
        } else {
            troth_json_expect(
                &r, !troth_json_text_is(key, "crit") && !troth_json_text_is(key, "b64"),
                TROTH_ERR_UNSUPPORTED, field);
            (void)troth_json_skip(&r, field);
        }
    }
    troth_json_leave(&r, field);
    troth_json_expect(&r, has_algorithm, TROTH_ERR_MISSING, "ear.header.alg");
    return troth_fault_name(fault, troth_json_finish(&r, fault), field);
}

static enum troth_err check_signature(const struct parts *parts,
                                      const struct algorithm *algorithm,
                                      const struct troth_public_key *key,
                                      const struct troth_crypto *crypto,
                                      struct troth_arena *arena)
{
    struct troth_span signature;
    enum troth_err err = decode(&signature, parts->signature, arena);

    if (err)
        return err;
    if (signature.len != SIGNATURE_SIZE)
        return TROTH_ERR_SIGNATURE;
    return crypto->ops->verify(crypto->state, algorithm->id, key,
                               (struct troth_parts){&parts->signed_text, 1}, signature);
}

enum troth_err troth_jws_verify(struct troth_span *payload, struct troth_fault *fault,
                                struct troth_span token,
                                const struct troth_public_key *key,
                                const struct troth_crypto *crypto,
                                struct troth_arena *arena)
{
    const struct algorithm *algorithm = algorithm_for_key(key->kind);
    struct parts parts;
    struct troth_span header;
    enum troth_err err;

    *payload = (struct troth_span){NULL, 0};
    token = trim(token);
    if (!algorithm)
        return troth_fault_set(fault, TROTH_ERR_KEY, "ear.key");
    if (token.len > TROTH_JWS_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "ear.token");
    err = split(&parts, token);
    if (err)
        return troth_fault_set(fault, err, "ear.token");
    err = decode(&header, parts.header, arena);
    if (err)
        return troth_fault_set(fault, err, "ear.header");
    err = check_header(fault, header, algorithm);
    if (err)
        return err;
    err = check_signature(&parts, algorithm, key, crypto, arena);
    if (err)
        return troth_fault_set(fault, err, "ear.signature");
    err = decode(payload, parts.payload, arena);
    return err ? troth_fault_set(fault, err, "ear.payload") : TROTH_OK;
}
