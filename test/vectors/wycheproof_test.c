/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "codec/der.h"
#include "test/contract/tables.h"
#include "test/harness.h"

/* Wycheproof's attacks on signatures and key derivation, through every crypto table. */

enum shape { ECDSA_RAW, ECDSA_DER, RSA, ED25519, HKDF };

static const struct {
    const char *file;
    enum shape shape;
    enum troth_signature_algorithm algorithm;
} ours[] = {
    {"ecdsa_secp256r1_sha256_p1363_test.json", ECDSA_RAW, TROTH_ECDSA_P256_SHA256},
    {"ecdsa_secp256r1_sha256_test.json", ECDSA_DER, TROTH_ECDSA_P256_SHA256},
    {"ecdsa_secp384r1_sha384_p1363_test.json", ECDSA_RAW, TROTH_ECDSA_P384_SHA384},
    {"ecdsa_secp384r1_sha384_test.json", ECDSA_DER, TROTH_ECDSA_P384_SHA384},
    {"rsa_pss_2048_sha256_mgf1_32_test.json", RSA, TROTH_RSA_PSS_SHA256},
    {"rsa_pss_3072_sha256_mgf1_32_test.json", RSA, TROTH_RSA_PSS_SHA256},
    {"rsa_pss_4096_sha384_mgf1_48_test.json", RSA, TROTH_RSA_PSS_SHA384},
    {"rsa_signature_2048_sha256_test.json", RSA, TROTH_RSA_PKCS1_SHA256},
    {"rsa_signature_2048_sha384_test.json", RSA, TROTH_RSA_PKCS1_SHA384},
    {"rsa_signature_4096_sha256_test.json", RSA, TROTH_RSA_PKCS1_SHA256},
    {"rsa_signature_4096_sha384_test.json", RSA, TROTH_RSA_PKCS1_SHA384},
    {"ed25519_test.json", ED25519, TROTH_ED25519},
    {"hkdf_sha256_test.json", HKDF, TROTH_SIGNATURE_NONE},
};

/* Of algorithms that no crypto table has, but for the first, which is another test's:
 * test/contract/provider_aead_test.c. A new file must go into one list or the other. */
static const char *const not_ours[] = {
    "aes_gcm_test.json",
    "ecdsa_secp256k1_sha256_bitcoin_test.json",
    "ecdsa_secp256k1_sha256_p1363_test.json",
    "ecdsa_secp256k1_sha256_test.json",
    "x25519_test.json",
    "xchacha20_poly1305_test.json",
};

/* Where Wycheproof leaves the answer open, this is ours: true for accept. */
static const struct {
    const char *flag;
    bool accept;
    const char *why;
} open_questions[] = {
    {"MissingNull", false, "RFC 8017 A.2.4: the hash's parameters are NULL, not absent"},
};

/* Valid signatures that one table by itself is known to miss; none misses a forgery. */
static const struct {
    const char *table;
    const char *comment;
    const char *why;
} missed[] = {
    {"nettle", "point duplication during verification",
     "nettle 3.8 cannot add a point to itself; the default table asks OpenSSL then"},
};

static struct troth_span hex_field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    CHECK(text != NULL);
    return test_hex(text ? text : "");
}

/* Wycheproof writes numbers as DER contents: a zero byte before a set top bit. */
static struct troth_span number_field(const json_t *object, const char *name)
{
    struct troth_span number = hex_field(object, name);

    if (number.len > 1 && number.ptr[0] == 0)
        return (struct troth_span){number.ptr + 1, number.len - 1};
    return number;
}

static struct troth_public_key key_of(const json_t *group, enum shape shape)
{
    const json_t *fields = json_object_get(group, "publicKey");

    if (shape == RSA) {
        struct troth_span exponent = number_field(fields, "publicExponent");
        struct troth_public_key key = {.kind = TROTH_KEY_RSA,
                                       .modulus = number_field(fields, "modulus")};

        CHECK(exponent.len <= 4);
        for (size_t i = 0; i < exponent.len; i++)
            key.exponent = key.exponent << 8 | exponent.ptr[i];
        return key;
    }
    if (shape == ED25519)
        return (struct troth_public_key){.kind = TROTH_KEY_ED25519,
                                         .point = hex_field(fields, "pk")};

    struct troth_span point = hex_field(fields, "uncompressed");

    return (struct troth_public_key){
        .kind = point.len == 65 ? TROTH_KEY_P256 : TROTH_KEY_P384, .point = point};
}

static enum troth_err run_signature(const struct troth_crypto *crypto, size_t row,
                                    const struct troth_public_key *key,
                                    const json_t *test)
{
    struct troth_span signature = hex_field(test, "sig");
    uint8_t raw[96];

    if (ours[row].shape == ECDSA_DER) {
        size_t width = key->kind == TROTH_KEY_P256 ? 32 : 48;
        enum troth_err err = troth_der_ecdsa_parse(raw, width, signature);

        if (err)
            return err;
        signature = (struct troth_span){raw, 2 * width};
    }
    return tables_verify(crypto, ours[row].algorithm, key, hex_field(test, "msg"),
                         signature);
}

static enum troth_err run_derivation(const struct troth_crypto *crypto,
                                     const json_t *test)
{
    static uint8_t out[255 * TROTH_HASH_MAX];
    struct troth_span wanted = hex_field(test, "okm");
    size_t len = (size_t)json_integer_value(json_object_get(test, "size"));

    if (len > sizeof out)
        return TROTH_ERR_LIMIT;

    enum troth_err err = crypto->ops->hkdf(
        crypto->state, out, len, TROTH_SHA256, hex_field(test, "ikm"),
        hex_field(test, "salt"), hex_field(test, "info"));

    if (!err)
        CHECK_SPAN(((struct troth_span){out, len}), wanted);
    return err;
}

static bool is_accepted(const json_t *test)
{
    const char *result = json_string_value(json_object_get(test, "result"));
    size_t at = 0;
    const json_t *flag = NULL;

    if (strcmp(result, "acceptable") != 0)
        return strcmp(result, "valid") == 0;
    json_array_foreach(json_object_get(test, "flags"), at, flag)
    {
        for (size_t i = 0; i < COUNT(open_questions); i++)
            if (strcmp(json_string_value(flag), open_questions[i].flag) == 0)
                return open_questions[i].accept;
    }
    test_check(false, "open_questions[] has no answer", __FILE__, __LINE__);
    return false;
}

static bool is_missed(const struct troth_crypto *crypto, const json_t *test)
{
    const char *comment = json_string_value(json_object_get(test, "comment"));

    for (size_t i = 0; i < COUNT(missed); i++)
        if (strcmp(crypto->ops->name, missed[i].table) == 0 &&
            strcmp(comment, missed[i].comment) == 0)
            return true;
    return false;
}

static void check_answer(const struct troth_crypto *crypto, const json_t *test,
                         enum troth_err err)
{
    bool right = CHECK(err != TROTH_ERR_CRYPTO);

    if (is_missed(crypto, test))
        right &= CHECK(err == TROTH_OK || err == TROTH_ERR_SIGNATURE);
    else
        right &= CHECK(is_accepted(test) == (err == TROTH_OK));
    if (!right)
        printf("# tcId %lld, %s: %s\n",
               (long long)json_integer_value(json_object_get(test, "tcId")),
               json_string_value(json_object_get(test, "comment")), troth_err_text(err));
}

static void test_all(const struct troth_crypto *crypto, size_t row, const json_t *file)
{
    const json_t *group = NULL;
    const json_t *test = NULL;
    size_t i = 0;
    size_t k = 0;
    long long count = 0;

    test_case("%s: %s", crypto->ops->name, ours[row].file);
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        struct troth_public_key key = {.kind = TROTH_KEY_NONE};

        if (ours[row].shape != HKDF)
            key = key_of(group, ours[row].shape);
        json_array_foreach(json_object_get(group, "tests"), k, test)
        {
            check_answer(crypto, test,
                         ours[row].shape == HKDF
                             ? run_derivation(crypto, test)
                             : run_signature(crypto, row, &key, test));
            count++;
        }
    }
    CHECK(count > 0);
    CHECK_INT(count, json_integer_value(json_object_get(file, "numberOfTests")));
}

static void test_rows(const struct tables *tables)
{
    for (size_t row = 0; row < COUNT(ours); row++) {
        char path[128];

        snprintf(path, sizeof path, "wycheproof/%s", ours[row].file);

        struct troth_span text = test_vector(path);
        json_t *file = json_loadb((const char *)text.ptr, text.len, 0, NULL);

        for (size_t i = 0; i < tables->count; i++)
            if (tables_can_verify(&tables->crypto[i], ours[row].algorithm))
                test_all(&tables->crypto[i], row, file);
        json_decref(file);
    }
}

static bool is_listed(const char *name)
{
    for (size_t i = 0; i < COUNT(ours); i++)
        if (strcmp(name, ours[i].file) == 0)
            return true;
    for (size_t i = 0; i < COUNT(not_ours); i++)
        if (strcmp(name, not_ours[i]) == 0)
            return true;
    return false;
}

static void test_listing(void)
{
    char path[4200];

    test_case("every Wycheproof file is ours or named as not ours");
    snprintf(path, sizeof path, "%s/wycheproof", test_vectors_dir());

    DIR *folder = opendir(path);

    CHECK(folder != NULL);
    for (const struct dirent *entry = folder ? readdir(folder) : NULL; entry;
         entry = readdir(folder))
        if (strstr(entry->d_name, ".json") && !CHECK(is_listed(entry->d_name)))
            printf("# %s\n", entry->d_name);
    if (folder)
        closedir(folder);
}

int main(void)
{
    struct tables tables;

    if (!test_vectors_dir()) {
        test_case("Wycheproof");
        test_skip("no vectors");
        return test_finish();
    }
    tables_create(&tables);
    test_rows(&tables);
    tables_destroy(&tables);
    test_listing();
    return test_finish();
}
