/* SPDX-License-Identifier: Apache-2.0 */
/* The COSE working group's examples: the bytes to be signed, and who signed them. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "codec/cose.h"
#include "test/harness.h"
#include "troth/provider.h"

enum outcome {
    NOT_TRIED, /* no key or no algorithm of ours */
    VERIFIES,
    FAILS
};

/* clang-format off */
static const struct {
    const char *file;
    enum troth_err err;       /* of the parser */
    bool same;                /* our Sig_structure is the example's */
    enum outcome outcome;
    const char *why;
} rows[] = {
    {"ecdsa-examples/ecdsa-01",     TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "tag 98: several signers"},
    {"ecdsa-examples/ecdsa-02",     TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "tag 98"},
    {"ecdsa-examples/ecdsa-03",     TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "tag 98"},
    {"ecdsa-examples/ecdsa-04",     TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "tag 98"},
    {"ecdsa-examples/ecdsa-sig-01", TROTH_OK, true,  VERIFIES,  "P-256"},
    {"ecdsa-examples/ecdsa-sig-02", TROTH_OK, true,  VERIFIES,  "P-384"},
    {"ecdsa-examples/ecdsa-sig-03", TROTH_OK, true,  NOT_TRIED, "P-521: no such key here"},
    {"ecdsa-examples/ecdsa-sig-04", TROTH_OK, true,  NOT_TRIED, "P-256 with SHA-512: not allowed here"},
    {"sign1-tests/sign-fail-01",    TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "tag 998"},
    {"sign1-tests/sign-fail-02",    TROTH_OK, false, FAILS,     "the payload was changed"},
    {"sign1-tests/sign-fail-03",    TROTH_OK, false, FAILS,     "algorithm -999 put in afterwards"},
    {"sign1-tests/sign-fail-04",    TROTH_ERR_UNSUPPORTED, false, NOT_TRIED, "algorithm \"unknown\""},
    {"sign1-tests/sign-fail-06",    TROTH_OK, false, FAILS,     "a protected attribute added"},
    {"sign1-tests/sign-fail-07",    TROTH_OK, false, FAILS,     "a protected attribute removed"},
    {"sign1-tests/sign-pass-01",    TROTH_OK, true,  VERIFIES,  "h'a0' is signed as h''"},
    {"sign1-tests/sign-pass-02",    TROTH_OK, true,  VERIFIES,  "external_aad"},
    {"sign1-tests/sign-pass-03",    TROTH_OK, true,  VERIFIES,  "without a tag"},
};
/* clang-format on */

static const char *text_at(const json_t *example, const char *part, const char *name)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(example, part), name));

    return text ? text : "";
}

static struct troth_span join(const struct troth_cose_signed *parts, uint8_t *room)
{
    size_t len = 0;

    for (size_t i = 0; i < parts->count; i++) {
        if (parts->parts[i].len)
            memcpy(room + len, parts->parts[i].ptr, parts->parts[i].len);
        len += parts->parts[i].len;
    }
    return (struct troth_span){room, len};
}

/* The example's own public key, whatever algorithm the message names. */
static enum outcome verify(const struct troth_crypto *crypto, const json_t *signer,
                           const struct troth_cose_sign1 *message,
                           const struct troth_cose_signed *parts)
{
    const json_t *json_key = json_object_get(signer, "key");
    const bool is_p256 = strcmp(json_string_value(json_object_get(json_key, "crv")),
                                "P-256") == 0;
    const size_t width = is_p256 ? 32 : 48;
    uint8_t point[1 + 2 * 48] = {4};
    size_t len;

    for (size_t i = 0; i < 2; i++) {
        const char *number = json_string_value(json_object_get(json_key, i ? "y" : "x"));
        CHECK_ERR(troth_base64_parse(point + 1 + i * width, width, &len,
                                     test_text(number), TROTH_BASE64URL),
                  TROTH_OK);
        CHECK_INT(len, width);
    }
    const struct troth_public_key key = {
        .kind = is_p256 ? TROTH_KEY_P256 : TROTH_KEY_P384,
        .point = {point, 1 + 2 * width},
    };
    const enum troth_err err = crypto->ops->verify(
        crypto->state, is_p256 ? TROTH_ECDSA_P256_SHA256 : TROTH_ECDSA_P384_SHA384, &key,
        (struct troth_parts){parts->parts, parts->count}, message->signature);
    return err == TROTH_OK ? VERIFIES : FAILS;
}

static void test_row(const struct troth_crypto *crypto, size_t row, const json_t *example)
{
    const json_t *signer = json_object_get(json_object_get(example, "input"), "sign0");
    const struct troth_span raw = test_hex(text_at(example, "output", "cbor"));
    const char *external = json_string_value(json_object_get(signer, "external"));
    struct troth_cose_sign1 message;
    struct troth_cose_heads scratch;
    uint8_t room[400];

    CHECK_ERR(troth_cose_sign1_parse(&message, NULL, raw), rows[row].err);
    if (rows[row].err)
        return;

    const struct troth_cose_signed parts = troth_cose_sign1_signed(
        &message, test_hex(external ? external : ""), &scratch);
    const struct troth_span ours = join(&parts, room);
    const struct troth_span theirs = test_hex(
        text_at(example, "intermediates", "ToBeSign_hex"));
    if (rows[row].same) {
        CHECK_SPAN(message.payload, test_text(text_at(example, "input", "plaintext")));
        CHECK_SPAN(ours, theirs);
    } else {
        CHECK(ours.len != theirs.len || memcmp(ours.ptr, theirs.ptr, ours.len) != 0);
    }
    if (rows[row].outcome != NOT_TRIED)
        CHECK_INT(verify(crypto, signer, &message, &parts), rows[row].outcome);
}

int main(void)
{
    struct troth_crypto crypto;

    if (!test_vectors_dir()) {
        test_case("COSE examples");
        test_skip("no vectors");
        return test_finish();
    }
    test_case("a crypto provider");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[100];
        snprintf(path, sizeof path, "cose/%s.json", rows[i].file);
        const struct troth_span file = test_vector(path);
        json_t *example = json_loadb((const char *)file.ptr, file.len, 0, NULL);

        test_case("%s: %s", rows[i].file, rows[i].why);
        CHECK(example);
        if (example)
            test_row(&crypto, i, example);
        json_decref(example);
    }
    troth_provider_destroy(&crypto);
    return test_finish();
}
