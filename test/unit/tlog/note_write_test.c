/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note_write.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/note.h"
#include "tlog/checkpoint.h"
#include "tlog/note_verify.h"
#include "troth/provider.h"

#define TEXT "log.example\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n"
#define SEED 7

static struct troth_crypto crypto;
static struct troth_signer signer;
static uint8_t room[8192];

/* PKCS#8 of the key that follows from SEED. */
static struct troth_span pem(void)
{
    static char text[256];
    uint8_t der[48] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                       0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
    char base64[80];

    memset(der + 16, SEED, 32);
    (void)EVP_EncodeBlock((uint8_t *)base64, der, sizeof der);
    (void)snprintf(text, sizeof text,
                   "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
                   base64);
    return test_text(text);
}

static struct troth_note_signer named(const char *name)
{
    return (struct troth_note_signer){test_text(name), &signer};
}

/* What OpenSSL and the test made of the same: behind the text and the empty line. */
static struct troth_span line_of(const struct test_note *note)
{
    return troth_span_slice(test_note_span(note), note->text_len + 1, note->len);
}

static void test_lines(void)
{
    static const char *const names[] = {"log.example", "a", "\xc3\xa9/1"};
    static const int64_t times[] = {1, 1679315147, INT64_MAX};
    static struct test_note note;

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct troth_note_signer by = named(names[i]);
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("a line as OpenSSL makes it: %s", names[i]);
        test_note_begin(&note, TEXT);
        test_note_sign(&note, names[i], SEED);
        CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_OK);
        CHECK_SPAN(troth_writer_span(&w), line_of(&note));
    }
    for (size_t i = 0; i < COUNT(times); i++) {
        const struct troth_note_signer by = named("w/1");
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("a cosignature as OpenSSL makes it: %lld", (long long)times[i]);
        test_note_begin(&note, TEXT);
        test_note_cosign(&note, "w/1", SEED, (uint64_t)times[i]);
        CHECK_ERR(troth_note_cosign(&w, &crypto, &by, test_text(TEXT), times[i]),
                  TROTH_OK);
        CHECK_SPAN(troth_writer_span(&w), line_of(&note));
    }
}

/* clang-format off */
static const struct {
    const char *why, *name, *text;
    int64_t time_s; /* 0 and below: of cosignatures alone */
    enum troth_err err;
} wrong[] = {
    {"no name", "", TEXT, 1, TROTH_ERR_VALUE},
    {"a space in the name", "a b", TEXT, 1, TROTH_ERR_VALUE},
    {"a plus in the name", "a+b", TEXT, 1, TROTH_ERR_VALUE},
    {"a newline in the name", "a\nb", TEXT, 1, TROTH_ERR_VALUE},
    {"a control character in the name", "a\x01" "b", TEXT, 1, TROTH_ERR_VALUE},
    {"a name that is not UTF-8", "a\xff", TEXT, 1, TROTH_ERR_VALUE},
    {"no text", "a", "", 1, TROTH_ERR_VALUE},
    {"a text without its newline", "a", "text", 1, TROTH_ERR_VALUE},
    {"a tab in the text", "a", "te\txt\n", 1, TROTH_ERR_VALUE},
    {"a text that is not UTF-8", "a", "t\xff\n", 1, TROTH_ERR_VALUE},
};
/* clang-format on */

static void test_wrong(void)
{
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const struct troth_note_signer by = named(wrong[i].name);
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("%s", wrong[i].why);
        CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(wrong[i].text)),
                  wrong[i].err);
        CHECK_ERR(troth_note_cosign(&w, &crypto, &by, test_text(wrong[i].text),
                                    wrong[i].time_s),
                  wrong[i].err);
        CHECK_INT(w.len, 0);
    }
    for (int64_t time_s = -1; time_s < 2; time_s++) {
        const struct troth_note_signer by = named("a");
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("the time %lld", (long long)time_s);
        CHECK_ERR(troth_note_cosign(&w, &crypto, &by, test_text(TEXT), time_s),
                  time_s > 0 ? TROTH_OK : TROTH_ERR_VALUE);
    }
}

/* The longest text there may be, and rooms that are too small. */
static void test_limits(void)
{
    static uint8_t text[TROTH_NOTE_TEXT_MAX + 1];
    const struct troth_note_signer by = named("a");
    struct troth_writer w = troth_writer_over(room, sizeof room);

    test_case("the longest text, and a longer one");
    memset(text, 't', sizeof text);
    text[TROTH_NOTE_TEXT_MAX - 1] = '\n';
    text[TROTH_NOTE_TEXT_MAX] = '\n';
    CHECK_ERR(troth_note_cosign(&w, &crypto, &by,
                                (struct troth_span){text, TROTH_NOTE_TEXT_MAX},
                                INT64_MAX),
              TROTH_OK);
    CHECK_ERR(troth_note_cosign(&w, &crypto, &by,
                                (struct troth_span){text, TROTH_NOTE_TEXT_MAX + 1}, 1),
              TROTH_ERR_LIMIT);
    CHECK_ERR(troth_note_sign(&w, &crypto, &by,
                              (struct troth_span){text, TROTH_NOTE_TEXT_MAX + 1}),
              TROTH_ERR_LIMIT);

    test_case("every room that is too small");
    w = troth_writer_over(room, sizeof room);
    CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_OK);
    for (size_t i = 0, len = w.len; i < len; i++) {
        w = troth_writer_over(room, i);
        CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_ERR_LIMIT);
    }
}

static enum troth_err sign_short(void *state, uint8_t out[static TROTH_SIGNATURE_MAX],
                                 size_t *out_len, struct troth_span message)
{
    (void)state;
    (void)message;
    memset(out, 0, TROTH_SIGNATURE_MAX);
    *out_len = 63;
    return TROTH_OK;
}

static enum troth_err sign_never(void *state, uint8_t out[static TROTH_SIGNATURE_MAX],
                                 size_t *out_len, struct troth_span message)
{
    (void)sign_short(state, out, out_len, message);
    return TROTH_ERR_CRYPTO;
}

static void test_signers(void)
{
    const struct troth_signer working = signer;
    const struct troth_note_signer by = named("a");
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct failing_crypto failing;
    const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 1);

    test_case("a signer that signs otherwise");
    signer.algorithm = TROTH_ECDSA_P256_SHA256;
    CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_ERR_KEY);
    signer = working;
    signer.key.kind = TROTH_KEY_P256;
    CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_ERR_KEY);
    signer = working;
    signer.key.point.len = 31;
    CHECK_ERR(troth_note_cosign(&w, &crypto, &by, test_text(TEXT), 1), TROTH_ERR_KEY);
    signer = working;

    test_case("a signer that fails, or signs something short");
    signer.sign = sign_never;
    CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_ERR_CRYPTO);
    signer.sign = sign_short;
    CHECK_ERR(troth_note_sign(&w, &crypto, &by, test_text(TEXT)), TROTH_ERR_CRYPTO);
    signer = working;

    test_case("a library that fails");
    CHECK_ERR(troth_note_sign(&w, &broken, &by, test_text(TEXT)), TROTH_ERR_CRYPTO);
    CHECK_INT(w.len, 0);
}

/* clang-format off */
static const struct {
    const char *why, *origin;
    uint64_t size;
    uint8_t first; /* byte of the root, which is zeros else */
    const char *text; /* NULL: refused */
} bodies[] = {
    {"a checkpoint", "log.example", 123, 0x7f, "log.example\n123\nfwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
    {"of nothing", "l", 0, 0, "l\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
    {"an origin with spaces", "go.sum database tree", 1, 0, "go.sum database tree\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
    {"the largest", "l", UINT64_MAX, 0, "l\n18446744073709551615\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
    {"no origin", "", 1, 0, NULL},
    {"an origin of two lines", "log\nexample", 1, 0, NULL},
    {"a control character in the origin", "log\x7\x1", 1, 0, NULL},
    {"an origin that is not UTF-8", "log\xff", 1, 0, NULL},
};
/* clang-format on */

static void test_bodies(void)
{
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct troth_log_tree tree = {bodies[i].size, {{bodies[i].first}}};
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_checkpoint found;

        test_case("%s", bodies[i].why);
        CHECK_ERR(troth_checkpoint_write(&w, test_text(bodies[i].origin), &tree),
                  bodies[i].text ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_SPAN(troth_writer_span(&w),
                   test_text(bodies[i].text ? bodies[i].text : ""));
        if (!bodies[i].text)
            continue;
        CHECK_ERR(troth_checkpoint_parse(&found, NULL, troth_writer_span(&w)), TROTH_OK);
        CHECK_SPAN(found.origin, test_text(bodies[i].origin));
        CHECK_INT(found.size, bodies[i].size);
        CHECK_INT(found.root[0], bodies[i].first);
        CHECK_INT(found.witnessed_s, 0);
        w = troth_writer_over(room, w.len - 1);
        CHECK_ERR(troth_checkpoint_write(&w, test_text(bodies[i].origin), &tree),
                  TROTH_ERR_LIMIT);
    }
}

/* Published keys are written as they were published. */
static void test_keys(void)
{
    static const char *const genuine[] = {
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"};
    struct failing_crypto failing;
    const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 1);
    struct troth_note_key key;
    struct troth_writer w;

    for (size_t i = 0; i < COUNT(genuine); i++) {
        test_case("%s", genuine[i]);
        w = troth_writer_over(room, sizeof room);
        CHECK_ERR(troth_note_key_parse(&key, test_text(genuine[i]), &crypto), TROTH_OK);
        CHECK_ERR(troth_note_key_write(&w, &crypto, &key), TROTH_OK);
        CHECK_SPAN(troth_writer_span(&w), test_text(genuine[i]));
        w = troth_writer_over(room, w.len - 1);
        CHECK_ERR(troth_note_key_write(&w, &crypto, &key), TROTH_ERR_LIMIT);
    }

    test_case("keys that are not written");
    w = troth_writer_over(room, sizeof room);
    CHECK_ERR(troth_note_key_write(&w, &broken, &key), TROTH_ERR_CRYPTO);
    key.name = TROTH_LITERAL("a+b");
    CHECK_ERR(troth_note_key_write(&w, &crypto, &key), TROTH_ERR_VALUE);
    key.type = (enum troth_note_key_type)0x06;
    CHECK_ERR(troth_note_key_write(&w, &crypto, &key), TROTH_ERR_ALGORITHM);
    CHECK_INT(w.len, 0);
}

/* What is written here is what is believed here. */
static void test_round_trip(void)
{
    const struct troth_note_signer log = named("log.example"), witness = named("w/1");
    const struct troth_log_tree tree = {5, {{9}}};
    struct troth_note_key key = {.name = witness.name, .type = TROTH_NOTE_COSIGNATURE};
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_note_word word;
    struct troth_note note;

    test_case("a note that is written, signed and cosigned");
    CHECK_ERR(troth_checkpoint_write(&w, log.name, &tree), TROTH_OK);

    const struct troth_span text = troth_writer_span(&w);

    troth_write_u8(&w, '\n');
    CHECK_ERR(troth_note_sign(&w, &crypto, &log, text), TROTH_OK);
    CHECK_ERR(troth_note_cosign(&w, &crypto, &witness, text, 1234), TROTH_OK);
    CHECK_ERR(troth_note_parse(&note, NULL, troth_writer_span(&w)), TROTH_OK);
    CHECK_INT(note.count, 2);
    CHECK_SPAN(note.text, text);
    test_note_key(key.bytes, SEED);
    CHECK_ERR(troth_note_verify(&word, &crypto, &note, &key), TROTH_OK);
    CHECK_INT(word.time_s, 1234);
    CHECK_SPAN(word.line, note.rows[1].line);
    key.type = TROTH_NOTE_ED25519;
    CHECK_ERR(troth_note_verify(&word, &crypto, &note, &key), TROTH_ERR_MISSING);
    CHECK_INT(word.line.len, 0);
    key.name = log.name;
    CHECK_ERR(troth_note_verify(&word, &crypto, &note, &key), TROTH_OK);
    CHECK_INT(word.time_s, 0);
    CHECK_SPAN(word.line, note.rows[0].line);
    key.type = (enum troth_note_key_type)0x06;
    CHECK_ERR(troth_note_verify(&word, &crypto, &note, &key), TROTH_ERR_ALGORITHM);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_signer_from_pem(&signer, pem()), TROTH_OK);
    test_lines();
    test_wrong();
    test_limits();
    test_signers();
    test_bodies();
    test_keys();
    test_round_trip();
    troth_signer_destroy(&signer);
    troth_provider_destroy(&crypto);
    return test_finish();
}
