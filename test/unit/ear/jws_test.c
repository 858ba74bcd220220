/* SPDX-License-Identifier: Apache-2.0 */
#include "ear/jws.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/span.h"
#include "test/harness.h"
#include "test/support/keys.h"
#include "troth/provider.h"

static uint8_t memory[256 * 1024];
static struct troth_crypto crypto;
static struct troth_signer signer;

static enum troth_err verify(struct troth_span *payload, struct troth_fault *fault,
                             struct troth_span token)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    return troth_jws_verify(payload, fault, token, &signer.key, &crypto, &arena);
}

/* A token with this header, signed well. */
static struct troth_span token_of(const char *header, const char *payload)
{
    static uint8_t room[4096];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    uint8_t signature[TROTH_SIGNATURE_MAX];
    size_t len = 0;

    troth_base64_write(&w, test_text(header), TROTH_BASE64URL);
    troth_write_u8(&w, '.');
    troth_base64_write(&w, test_text(payload), TROTH_BASE64URL);
    CHECK_ERR(signer.sign(signer.state, signature, &len, troth_writer_span(&w)),
              TROTH_OK);
    troth_write_u8(&w, '.');
    troth_base64_write(&w, (struct troth_span){signature, len}, TROTH_BASE64URL);
    return troth_writer_span(&w);
}

static const struct {
    const char *why, *header;
    enum troth_err err;
    const char *field;
} headers[] = {
    {"as it is written", "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", TROTH_OK, NULL},
    {"without a type", "{\"alg\":\"ES256\"}", TROTH_OK, NULL},
    {"with a key's name", "{\"kid\":\"a\",\"alg\":\"ES256\"}", TROTH_OK, NULL},
    {"none", "{\"alg\":\"none\"}", TROTH_ERR_ALGORITHM, "ear.header.alg"},
    {"None", "{\"alg\":\"None\"}", TROTH_ERR_ALGORITHM, "ear.header.alg"},
    {"a MAC by the public key", "{\"alg\":\"HS256\"}", TROTH_ERR_ALGORITHM,
     "ear.header.alg"},
    {"another kind of key", "{\"alg\":\"EdDSA\"}", TROTH_ERR_ALGORITHM, "ear.header.alg"},
    {"no algorithm", "{\"typ\":\"JWT\"}", TROTH_ERR_MISSING, "ear.header.alg"},
    {"two algorithms", "{\"alg\":\"ES256\",\"alg\":\"none\"}", TROTH_ERR_DUPLICATE, NULL},
    {"another type", "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}", TROTH_ERR_TYPE,
     "ear.header.typ"},
    {"critical extensions", "{\"alg\":\"ES256\",\"crit\":[\"exp\"]}",
     TROTH_ERR_UNSUPPORTED, "ear.header"},
    {"an unencoded payload", "{\"alg\":\"ES256\",\"b64\":false}", TROTH_ERR_UNSUPPORTED,
     "ear.header"},
    {"no object", "[]", TROTH_ERR_TYPE, "ear.header"},
    {"bytes behind it", "{\"alg\":\"ES256\"} {}", TROTH_ERR_TRAILING, NULL},
};

static void test_headers(void)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct troth_span payload;
        struct troth_fault fault;

        test_case("header: %s", headers[i].why);
        CHECK_ERR(verify(&payload, &fault, token_of(headers[i].header, "{}")),
                  headers[i].err);
        if (headers[i].field)
            CHECK_TEXT(fault.field, headers[i].field);
        CHECK(troth_span_is_text(payload, headers[i].err ? "" : "{}"));
    }
}

/* Any byte changed: never accepted, unless white space was added around it. */
static void test_every_byte(void)
{
    uint8_t copy[512];
    struct troth_span token = token_of("{\"alg\":\"ES256\"}", "{\"a\":1}");
    size_t accepted = 0;

    test_case("every byte of a token counts");
    memcpy(copy, token.ptr, token.len);
    for (size_t i = 0; i < token.len; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            struct troth_span payload;
            struct troth_fault fault;

            copy[i] ^= (uint8_t)flip;
            if (copy[i] != ' ' && copy[i] != '\n' && copy[i] != '\r' && copy[i] != '\t')
                accepted += verify(&payload, &fault,
                                   (struct troth_span){copy, token.len}) == TROTH_OK;
            copy[i] ^= (uint8_t)flip;
        }
    CHECK_INT(accepted, 0);
}

static void test_shape(void)
{
    static const struct {
        const char *why, *token;
        enum troth_err err;
        const char *field;
    } rows[] = {
        {"nothing", "", TROTH_ERR_VALUE, "ear.token"},
        {"two parts", "e30.e30", TROTH_ERR_VALUE, "ear.token"},
        {"four parts", "e30.e30.e30.e30", TROTH_ERR_VALUE, "ear.token"},
        {"padded", "e30=.e30.AA", TROTH_ERR_ENCODING, "ear.header"},
        {"no signature", "eyJhbGciOiJFUzI1NiJ9.e30.", TROTH_ERR_SIGNATURE,
         "ear.signature"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span payload;
        struct troth_fault fault;

        test_case("token: %s", rows[i].why);
        CHECK_ERR(verify(&payload, &fault, test_text(rows[i].token)), rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
    }
}

/* [RFC7515] A.3 and [RFC8037] A.4 */
static void test_published(void)
{
    static const struct {
        const char *why, *key, *token;
    } rows[] = {
        {"RFC 7515, A.3",
         "047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
         "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad",
         "eyJhbGciOiJFUzI1NiJ9."
         "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
         "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
         "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
         "pmWQxfKTUJqPP3-Kg6NU1Q"},
        {"RFC 8037, A.4",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
         "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt"
         "9g7sVvpAr_MuM0KAg"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_span point = test_hex(rows[i].key), payload;
        const struct troth_public_key key = {
            .kind = point.len == 32 ? TROTH_KEY_ED25519 : TROTH_KEY_P256, .point = point};

        test_case("published: %s", rows[i].why);
        CHECK_ERR(troth_jws_verify(&payload, NULL, test_text(rows[i].token), &key,
                                   &crypto, &arena),
                  TROTH_OK);
        CHECK(payload.len > 0);
    }
}

static void test_write(void)
{
    uint8_t room[256];
    struct troth_writer small = troth_writer_over(room, 40);
    struct troth_signer other = signer;

    test_case("written where there is room, with an algorithm that is here");
    CHECK_ERR(troth_jws_write(&small, TROTH_LITERAL("{\"a\":1}"), &signer),
              TROTH_ERR_LIMIT);
    other.algorithm = TROTH_ED25519;
    small = troth_writer_over(room, sizeof room);
    CHECK_ERR(troth_jws_write(&small, TROTH_LITERAL("{}"), &other), TROTH_ERR_ALGORITHM);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_signer_from_pem(&signer, test_pem_key("P-256", NULL).secret),
              TROTH_OK);
    test_headers();
    test_every_byte();
    test_shape();
    test_published();
    test_write();
    troth_signer_destroy(&signer);
    troth_provider_destroy(&crypto);
    return test_finish();
}
