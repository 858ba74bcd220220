/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sign.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/x509_make.h"
#include "test/unit/image/eif_make.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static char folder[] = "/tmp/troth-sign-XXXXXX";
static uint8_t room[EIF_MAKE_MAX];

/* A path in the folder; the last few live. */
static const char *at(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];

    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void put(const char *name, struct troth_span bytes, mode_t mode)
{
    FILE *file = fopen(at(name), "wb");

    if (!file || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) ||
        chmod(at(name), mode))
        abort();
}

static void put_key(const char *name, enum x509_key key, mode_t mode)
{
    BIO *text = BIO_new(BIO_s_mem());
    char *bytes;

    if (PEM_write_bio_PrivateKey(text, x509_key(key), NULL, NULL, 0, NULL, NULL) <= 0)
        abort();

    const long len = BIO_get_mem_data(text, &bytes);

    put(name, (struct troth_span){(const uint8_t *)bytes, (size_t)len}, mode);
    BIO_free(text);
}

static void put_two(const char *name, struct troth_span a, struct troth_span b)
{
    uint8_t both[16384];

    memcpy(both, a.ptr, a.len);
    memcpy(both + a.len, b.ptr, b.len);
    put(name, (struct troth_span){both, a.len + b.len}, 0600);
}

static void put_files(void)
{
    const struct troth_span pem = eif_certificate_pem(X509_P384_A);

    put_key("p384.key", X509_P384_A, 0600);
    put_key("p256.key", X509_P256_A, 0600);
    put_key("ed25519.key", X509_ED25519_A, 0600);
    put_key("open.key", X509_P384_A, 0644);
    put("p384.pem", pem, 0644);
    put("p256.pem", eif_certificate_pem(X509_P256_A), 0644);
    put("other.pem", eif_certificate_pem(X509_P384_B), 0644);
    put_two("text.pem", test_text("Certificate:\n    Data:\n"), pem);
    put_two("two.pem", pem, eif_certificate_pem(X509_P384_B));
    put_two("key_too.pem", pem, test_file(at("p384.key")));
    put_two("key_first.pem", test_file(at("p384.key")), pem);
    put("empty.pem", test_text(""), 0644);
    put("broken.pem", test_text("-----BEGIN CERTIFICATE-----\n"), 0644);
    put("no_der.pem",
        test_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        0644);
}

/* Sign these bytes into "signed.eif". */
static bool sign(struct troth_image_facts *facts, struct troth_build_problem *problem,
                 const struct troth_crypto *with, const char *key,
                 const char *certificate)
{
    char key_path[128], certificate_path[128];
    FILE *image = fopen(at("image.eif"), "rb");
    FILE *file = fopen(at("signed.eif"), "w+b");

    if (!image || !file)
        abort();
    (void)snprintf(key_path, sizeof key_path, "%s", at(key));
    (void)snprintf(certificate_path, sizeof certificate_path, "%s", at(certificate));

    const struct troth_sign_order order = {.name = "image.eif",
                                           .image = fileno(image),
                                           .key = key_path,
                                           .certificate = certificate_path,
                                           .file = fileno(file)};

    memset(problem, 0, sizeof *problem);
    memset(facts, 0xa5, sizeof *facts);

    const bool done = troth_image_sign(facts, problem, with, &order);

    (void)fclose(image);
    (void)fclose(file);
    return done;
}

static const struct {
    const char *why, *key, *certificate, *written;
} good[] = {
    {"P-384", "p384.key", "p384.pem", "p384.pem"},
    {"P-256", "p256.key", "p256.pem", "p256.pem"},
    {"text before the certificate", "p384.key", "text.pem", "p384.pem"},
};

static void test_good(void)
{
    put("image.eif", eif_make(room, 4, eif_usual, EIF_USUAL_PARTS), 0644);
    for (size_t i = 0; i < COUNT(good); i++) {
        struct troth_build_problem problem;
        struct troth_image_facts facts;
        struct troth_eif eif;
        static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_eif_signature signature;

        test_case("signed: %s", good[i].why);
        if (!CHECK(sign(&facts, &problem, &crypto, good[i].key, good[i].certificate)))
            continue;
        CHECK(facts.is_signed && facts.signature_good);

        const struct troth_span file = test_file(at("signed.eif"));

        CHECK_ERR(troth_eif_read(&eif, NULL, file), TROTH_OK);
        CHECK_INT(eif.count, EIF_USUAL_PARTS + 1);
        CHECK_SPAN(
            ((struct troth_span){file.ptr + 548, EIF_USUAL_SIZE - 548}),
            ((struct troth_span){eif_make(room, 4, eif_usual, EIF_USUAL_PARTS).ptr + 548,
                                 EIF_USUAL_SIZE - 548}));
        CHECK_ERR(troth_eif_signature_read(&signature, NULL,
                                           troth_eif_data(&eif, file, EIF_USUAL_PARTS),
                                           &arena),
                  TROTH_OK);
        CHECK_ERR(
            troth_eif_signature_verify(&signature, NULL, &crypto, facts.pcrs[TROTH_PCR0]),
            TROTH_OK);
        CHECK_SPAN(signature.certificate_pem, test_file(at(good[i].written)));
    }
}

/* clang-format off */
static const struct {
    const char *why, *key, *certificate, *subject, *text;
} refusals[] = {
    {"another's certificate",       "p384.key",    "other.pem",     "other.pem",     "is not the certificate of the key"},
    {"a certificate of the other curve", "p384.key", "p256.pem",    "p256.pem",      "is not the certificate of the key"},
    {"the other way about",         "p256.key",    "p384.pem",      "p384.pem",      "is not the certificate of the key"},
    {"a key that others may read",  "open.key",    "p384.pem",      "open.key",      "is a private key that others may read"},
    {"a key that signs no images",  "ed25519.key", "p384.pem",      "ed25519.key",   "is no private key that signs images"},
    {"a certificate for a key",     "p384.pem",    "p384.pem",      "p384.pem",      ""},
    {"no key",                      "gone.key",    "p384.pem",      "gone.key",      "cannot be read"},
    {"no certificate",              "p384.key",    "gone.pem",      "gone.pem",      "cannot be read"},
    {"an empty certificate",        "p384.key",    "empty.pem",     "empty.pem",     "holds no certificate in PEM"},
    {"PEM without an end",          "p384.key",    "broken.pem",    "broken.pem",    "is no PEM"},
    {"PEM of no certificate",       "p384.key",    "no_der.pem",    "no_der.pem",    "is no certificate that can be read"},
    {"two certificates",            "p384.key",    "two.pem",       "two.pem",       "holds something else than one certificate"},
    {"the private key behind the certificate", "p384.key", "key_too.pem", "key_too.pem", "holds something else than one certificate"},
    {"the private key before it",   "p384.key",    "key_first.pem", "key_first.pem", "holds something else than one certificate"},
    {"a key for a certificate",     "p384.key",    "p384.key",      "p384.key",      "holds something else than one certificate"},
};
/* clang-format on */

static void test_refusals(void)
{
    struct troth_build_problem problem;
    struct troth_image_facts facts;

    put("image.eif", eif_make(room, 4, eif_usual, EIF_USUAL_PARTS), 0644);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        test_case("refused: %s", refusals[i].why);
        CHECK(!sign(&facts, &problem, &crypto, refusals[i].key, refusals[i].certificate));
        CHECK_TEXT(problem.subject, at(refusals[i].subject));
        CHECK(strstr(problem.text, refusals[i].text) != NULL);
        CHECK(!facts.is_signed && facts.eif.count == 0 && facts.pcrs[0][0] == 0);
        CHECK(test_file(at("signed.eif")).len == 0);
    }
}

static void test_images(void)
{
    static uint8_t again[EIF_MAKE_MAX];
    struct eif_part parts[32] = {{0}};
    struct troth_build_problem problem;
    struct troth_image_facts facts;

    test_case("refused: an image that is signed");
    put("image.eif", eif_make(room, 4, eif_usual, EIF_USUAL_PARTS), 0644);
    CHECK(sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));
    put("image.eif", test_file(at("signed.eif")), 0644);
    CHECK(!sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));
    CHECK_TEXT(problem.subject, "image.eif");
    CHECK_TEXT(problem.text, "is signed already");

    test_case("refused: an image without room");
    memcpy(parts, eif_usual, sizeof eif_usual);
    for (size_t i = EIF_USUAL_PARTS; i < COUNT(parts); i++)
        parts[i] = eif_usual[3];
    put("image.eif", eif_make(again, 4, parts, COUNT(parts)), 0644);
    CHECK(!sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));
    CHECK_TEXT(problem.text, "has no room for a signature: it has 32 sections");

    test_case("one section fewer");
    put("image.eif", eif_make(again, 4, parts, COUNT(parts) - 1), 0644);
    CHECK(sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));

    test_case("refused: no image");
    put("image.eif", test_text("text"), 0644);
    CHECK(!sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));
    CHECK_TEXT(problem.subject, "image.eif");

    test_case("refused: a file with content");
    put("image.eif", eif_make(room, 4, eif_usual, EIF_USUAL_PARTS), 0644);
    FILE *both = fopen(at("image.eif"), "r+b");
    const struct troth_sign_order order = {.name = "image.eif",
                                           .image = fileno(both),
                                           .key = at("p384.key"),
                                           .certificate = at("p384.pem"),
                                           .file = fileno(both)};
    CHECK(!troth_image_sign(&facts, &problem, &crypto, &order));
    CHECK_TEXT(problem.text, "is written to a file with content");
    CHECK_INT(test_file(at("image.eif")).len, EIF_USUAL_SIZE);
    (void)fclose(both);
}

/* More than is copied at once. */
static void test_large(void)
{
    static uint8_t content[700000];
    static uint8_t bytes[sizeof content + 4096];
    struct eif_part parts[EIF_USUAL_PARTS];
    struct troth_build_problem problem;
    struct troth_image_facts facts;
    struct troth_eif eif = {.version = 4, .count = 4};
    size_t end = 0;

    test_case("a ramdisk of several chunks");
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 7 + i / 251);
    memcpy(parts, eif_usual, sizeof eif_usual);
    parts[3].data = (struct troth_span){content, sizeof content};
    for (size_t i = 0; i < 4; i++)
        eif.sections[i] = (struct troth_eif_section){(enum troth_eif_kind)parts[i].type,
                                                     0, parts[i].data.len};
    CHECK_ERR(troth_eif_lay_out(&eif, NULL), TROTH_OK);
    troth_eif_write_header(bytes, &eif);
    for (size_t i = 0; i < 4; i++) {
        end = (size_t)eif.sections[i].offset;
        troth_eif_write_section(bytes + end - 12, &eif.sections[i]);
        memcpy(bytes + end, parts[i].data.ptr, parts[i].data.len);
        end += parts[i].data.len;
    }
    eif_seal(bytes, end);
    put("image.eif", (struct troth_span){bytes, end}, 0644);
    CHECK(sign(&facts, &problem, &crypto, "p384.key", "p384.pem"));
    const struct troth_span file = test_file(at("signed.eif"));
    CHECK(file.len > end && memcmp(file.ptr + 548, bytes + 548, end - 548) == 0);
}

static void test_failing(void)
{
    struct failing_crypto failing;
    struct troth_build_problem problem;
    struct troth_image_facts facts;
    struct troth_crypto with = failing_crypto_over(&failing, &crypto, 0);

    test_case("the library fails at every call");
    put("image.eif", eif_make(room, 4, eif_usual, EIF_USUAL_PARTS), 0644);
    CHECK(sign(&facts, &problem, &with, "p384.key", "p384.pem"));

    const unsigned calls = failing.calls;

    CHECK(calls > 3);
    for (unsigned n = 1; n <= calls; n++) {
        with = failing_crypto_over(&failing, &crypto, n);
        CHECK(!sign(&facts, &problem, &with, "p384.key", "p384.pem"));
        CHECK(problem.text[0] != '\0' && !facts.signature_good);
    }
}

static void remove_files(void)
{
    static const char *const names[] = {
        "p384.key",   "p256.key",    "ed25519.key",   "open.key",
        "p384.pem",   "p256.pem",    "other.pem",     "text.pem",
        "two.pem",    "key_too.pem", "key_first.pem", "empty.pem",
        "broken.pem", "no_der.pem",  "image.eif",     "signed.eif"};

    for (size_t i = 0; i < COUNT(names); i++)
        (void)unlink(at(names[i]));
    (void)rmdir(folder);
}

int main(void)
{
    if (!mkdtemp(folder) || troth_provider_create(&crypto))
        return 1;
    put_files();
    test_good();
    test_refusals();
    test_images();
    test_large();
    test_failing();
    remove_files();
    x509_forget();
    troth_provider_destroy(&crypto);
    return test_finish();
}
