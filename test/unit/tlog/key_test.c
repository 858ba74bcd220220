/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/key.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/note.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

/* clang-format off */
/* Published keys: of the specification's example, of Go's checksum database, of public
 * witnesses, and one of a test whose base64 has a '+' in it. */
static const struct {
    const char *text, *name;
    int type;
} genuine[] = {
    {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "example.com/foo", 1},
    {"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "sum.golang.org", 1},
    {"TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6", "TEST", 1},
    {"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", "remora.n621.de", 4},
    {"witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv", "witness.stagemole.eu", 4},
    {"transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
     "transparency.dev/DEV:witness-little-garden", 4},
};

static const struct {
    const char *why, *text;
    enum troth_err err;
} wrong[] = {
    {"nothing", "", TROTH_ERR_VALUE},
    {"a name alone", "example.com/foo", TROTH_ERR_VALUE},
    {"no key", "example.com/foo+530d903a", TROTH_ERR_VALUE},
    {"an empty key", "example.com/foo+530d903a+", TROTH_ERR_VALUE},
    {"an empty name", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_VALUE},
    {"a space in the name", "example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_VALUE},
    {"another name", "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"another hash", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"a hash in capitals", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"a short hash", "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"a long hash", "example.com/foo+530d903a0+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"no hash", "example.com/foo++AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"another key", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l", TROTH_ERR_KEY},
    {"the same key under the other type", "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_KEY},
    {"ECDSA", "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=", TROTH_ERR_ALGORITHM},
    {"of no type", "example.com/foo+530d903a+AOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_ALGORITHM},
    {"a byte short", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=", TROTH_ERR_VALUE},
    {"not base64", "example.com/foo+530d903a+A-kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", TROTH_ERR_VALUE},
    {"a newline behind it", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n", TROTH_ERR_VALUE},
};
/* clang-format on */

static void test_genuine(void)
{
    for (size_t i = 0; i < COUNT(genuine); i++) {
        struct troth_note_key key;
        struct troth_span name;
        uint8_t bytes[32];

        test_case("%s", genuine[i].name);
        CHECK_ERR(troth_note_key_parse(&key, test_text(genuine[i].text), &crypto),
                  TROTH_OK);
        CHECK(troth_span_is_text(key.name, genuine[i].name));
        CHECK_INT(key.type, genuine[i].type);
        CHECK_ERR(
            troth_witness_key_parse(&name, bytes, test_text(genuine[i].text), &crypto),
            TROTH_OK);
        CHECK_SPAN(name, key.name);
        CHECK(memcmp(bytes, key.bytes, sizeof bytes) == 0);
    }
}

static void test_wrong(void)
{
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct troth_span name;
        uint8_t bytes[32];

        test_case("%s", wrong[i].why);
        memset(bytes, 0xff, sizeof bytes);
        CHECK_ERR(
            troth_witness_key_parse(&name, bytes, test_text(wrong[i].text), &crypto),
            wrong[i].err);
        CHECK_INT(name.len, 0);
        CHECK(troth_span_is_zero((struct troth_span){bytes, sizeof bytes}));
    }
}

/* A key that is as it should be, and that nobody here can verify with. */
static void test_ml_dsa(void)
{
    static const char name[] = "w.example+00000000+";
    static char text[sizeof name + 1752];
    struct troth_note_key key;

    test_case("ML-DSA-44");
    memset(text, 'A', sizeof text - 1);
    memcpy(text, name, sizeof name - 1);
    /* 0x06, and 1312 bytes. */
    memcpy(text + sizeof name - 1, "Bg", 2);
    CHECK_ERR(
        troth_note_key_parse(
            &key, (struct troth_span){(uint8_t *)text, sizeof name - 1 + 1752}, &crypto),
        TROTH_ERR_ALGORITHM);
    CHECK_INT(key.name.len, 0);
    CHECK(!troth_note_key_facts(0x06) && troth_note_key_facts(0x04));
}

/* Two ways to the same ID: ours, and OpenSSL's over bytes that the test put together. */
static void test_id(void)
{
    static const uint8_t types[] = {TROTH_NOTE_ED25519, TROTH_NOTE_COSIGNATURE};

    for (size_t i = 0; i < COUNT(types); i++) {
        struct troth_note_key key;
        uint8_t ours[4], theirs[4];

        test_case("the ID of a key of type %u", types[i]);
        CHECK_ERR(troth_note_key_parse(
                      &key, test_text(test_note_vkey("w/1", 7, types[i])), &crypto),
                  TROTH_OK);
        CHECK_ERR(troth_note_key_id(ours, &crypto, &key), TROTH_OK);
        test_note_key_id(theirs, "w/1", 7, types[i]);
        CHECK(memcmp(ours, theirs, sizeof ours) == 0);
    }
}

static void test_failing(void)
{
    struct failing_crypto failing;
    const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 1);
    struct troth_note_key key;

    test_case("a library that fails");
    CHECK_ERR(troth_note_key_parse(&key, test_text(genuine[0].text), &broken),
              TROTH_ERR_CRYPTO);
    CHECK_INT(key.name.len, 0);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_genuine();
    test_wrong();
    test_ml_dsa();
    test_id();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
