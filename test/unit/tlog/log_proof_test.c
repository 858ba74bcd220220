/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/log.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "test/support/note.h"
#include "tlog/note_write.h"
#include "troth/provider.h"

#define DASH    "\xe2\x80\x94 "
#define VERSION "c2sp.org/tlog-proof@v1\n"
#define HASH    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ="
#define NOTE    "text\n\n" DASH "a AAAAAAA=\n"
#define LOG     1 /* seeds */
#define WITNESS 10
#define SIZE    13

static struct troth_crypto crypto;
static struct test_note note;
static char room[TROTH_LOG_PROOF_MAX + 64];

/* ---- how bundles are read ---- */

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
    size_t offset;
} rows[] = {
    {"a bundle", VERSION "extra AAAA\nindex 73894\n" HASH "\n" HASH "\n\n" NOTE, TROTH_OK, NULL, 0},
    {"without extra data", VERSION "index 0\n" HASH "\n\n" NOTE, TROTH_OK, NULL, 0},
    {"without hashes", VERSION "index 0\n\n" NOTE, TROTH_OK, NULL, 0},
    {"a note with empty lines", VERSION "index 0\n\n\n" NOTE, TROTH_OK, NULL, 0},
    {"the largest index", VERSION "index 18446744073709551615\n\n" NOTE, TROTH_OK, NULL, 0},

    {"nothing", "", TROTH_ERR_SHORT, "proof.version", 0},
    {"no newline", "c2sp.org/tlog-proof@v1", TROTH_ERR_SHORT, "proof.version", 0},
    {"a version to come", "c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE, TROTH_ERR_VERSION, "proof.version", 0},
    {"a version by another name", "c2sp.org/tlog-proof@v1 \nindex 0\n\n" NOTE, TROTH_ERR_VERSION, "proof.version", 0},
    {"something else", "c2sp.org/tlog-tiles\nindex 0\n\n" NOTE, TROTH_ERR_VALUE, "proof.version", 0},
    {"the version alone", VERSION, TROTH_ERR_SHORT, "proof.index", 23},
    {"no index", VERSION "\n" NOTE, TROTH_ERR_VALUE, "proof.index", 23},
    {"no index behind extra data", VERSION "extra AAAA\n\n" NOTE, TROTH_ERR_VALUE, "proof.index", 34},
    {"extra data alone", VERSION "extra AAAA\n", TROTH_ERR_SHORT, "proof.index", 34},
    {"an index without a number", VERSION "index\n\n" NOTE, TROTH_ERR_VALUE, "proof.index", 23},
    {"an index that is empty", VERSION "index \n\n" NOTE, TROTH_ERR_VALUE, "proof.index", 23},
    {"a zero in front", VERSION "index 01\n\n" NOTE, TROTH_ERR_ENCODING, "proof.index", 23},
    {"too large an index", VERSION "index 18446744073709551616\n\n" NOTE, TROTH_ERR_LIMIT, "proof.index", 23},
    {"an index below zero", VERSION "index -1\n\n" NOTE, TROTH_ERR_VALUE, "proof.index", 23},
    {"the index before the extra data", VERSION "index 0\nextra AAAA\n\n" NOTE, TROTH_ERR_VALUE, "proof.path", 31},
    {"extra data twice", VERSION "extra AAAA\nextra AAAA\nindex 0\n\n" NOTE, TROTH_ERR_VALUE, "proof.index", 34},
    {"empty extra data", VERSION "extra \nindex 0\n\n" NOTE, TROTH_ERR_VALUE, "proof.extra", 23},
    {"extra data that is not base64", VERSION "extra A-A=\nindex 0\n\n" NOTE, TROTH_ERR_VALUE, "proof.extra", 23},
    {"extra data without padding", VERSION "extra AAA\nindex 0\n\n" NOTE, TROTH_ERR_ENCODING, "proof.extra", 23},
    {"a hash that is none", VERSION "index 0\n" HASH "\nAAAA\n\n" NOTE, TROTH_ERR_VALUE, "proof.path", 76},
    {"unused bits", VERSION "index 0\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlR=\n\n" NOTE, TROTH_ERR_ENCODING, "proof.path", 31},
    {"no checkpoint, nor an empty line", VERSION "index 0\n" HASH "\n", TROTH_ERR_SHORT, "proof.path", 76},
    {"carriage returns", "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n" NOTE, TROTH_ERR_VERSION, "proof.version", 0},

    {"no checkpoint", VERSION "index 0\n\n", TROTH_ERR_VALUE, "checkpoint.note", 32},
    {"a checkpoint without signatures", VERSION "index 0\n\ntext\n\n", TROTH_ERR_MISSING, "checkpoint.signatures", 38},
    {"a checkpoint that is not UTF-8", VERSION "index 0\n\nt\xffxt\n\n" DASH "a AAAAAAA=\n", TROTH_ERR_TEXT, "checkpoint.note", 32},
    {"a signature that is none", VERSION "index 0\n\ntext\n\n" DASH "a hI2DJw[...]1roloI=\n", TROTH_ERR_VALUE, "checkpoint.signatures", 38},
    {"something behind it", VERSION "index 0\n\n" NOTE "x", TROTH_ERR_VALUE, "checkpoint.note", 54},
};
/* clang-format on */

static bool is_zeroed(const struct troth_log_proof *proof)
{
    static const struct troth_log_proof none;

    return memcmp(proof, &none, sizeof none) == 0;
}

/* Written again it is the same. */
static void check_written(const struct troth_log_proof *proof, struct troth_span text)
{
    struct troth_writer w = troth_writer_over((uint8_t *)room, text.len);

    CHECK_ERR(troth_log_proof_write(&w, proof), TROTH_OK);
    CHECK_SPAN(troth_writer_span(&w), text);
    for (size_t len = 0; len < text.len; len++) {
        w = troth_writer_over((uint8_t *)room, len);
        CHECK_ERR(troth_log_proof_write(&w, proof), TROTH_ERR_LIMIT);
    }
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span text = test_text(rows[i].text);
        struct troth_fault fault = {TROTH_ERR_MEMORY, "", 99};
        struct troth_log_proof proof;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_log_proof_parse(&proof, &fault, text), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_INT(fault.offset, rows[i].offset);
        if (rows[i].err) {
            CHECK_TEXT(fault.field, rows[i].field);
            CHECK(is_zeroed(&proof));
            continue;
        }
        CHECK(!fault.field);
        check_written(&proof, text);
    }
}

static void test_parts(void)
{
    struct troth_log_proof proof;
    uint8_t entry[4];
    size_t len;

    test_case("what a bundle is split into");
    CHECK_ERR(troth_log_proof_parse(&proof, NULL, test_text(rows[0].text)), TROTH_OK);
    CHECK(troth_span_is_text(proof.extra, "AAAA"));
    CHECK_INT(proof.index, 73894);
    CHECK_INT(proof.path.count, 2);
    CHECK_INT(proof.path.hashes[1].bytes[0], 0x81);
    CHECK(troth_span_is_text(proof.checkpoint, NOTE));

    test_case("the entry that it carries");
    CHECK_ERR(troth_log_proof_entry(entry, sizeof entry, &len, &proof), TROTH_OK);
    CHECK_INT(len, 3);
    CHECK_ERR(troth_log_proof_entry(entry, 2, &len, &proof), TROTH_ERR_LIMIT);
    CHECK_INT(len, 0);
    proof.extra = TROTH_LITERAL("A-A=");
    CHECK_ERR(troth_log_proof_entry(entry, 4, &len, &proof), TROTH_ERR_ENCODING);
    proof.extra = TROTH_LITERAL("");
    CHECK_ERR(troth_log_proof_entry(entry, 4, &len, &proof), TROTH_ERR_MISSING);
    CHECK_INT(len, 0);

    test_case("a path that is too long to be written");
    struct troth_writer w = troth_writer_over((uint8_t *)room, sizeof room);

    proof.path.count = TROTH_LOG_PATH_MAX + 1;
    CHECK_ERR(troth_log_proof_write(&w, &proof), TROTH_ERR_LIMIT);
}

/* ---- how they are judged ---- */

static struct troth_witness witness_rows[2];

static struct troth_witnesses witnesses_of(size_t needed)
{
    struct troth_witnesses w = {.origin = TROTH_LITERAL("log.example"),
                                .rows = witness_rows,
                                .count = 2,
                                .needed = needed};

    test_note_key(w.log_key, LOG);
    for (uint8_t i = 0; i < 2; i++) {
        witness_rows[i].name = i ? TROTH_LITERAL("w1") : TROTH_LITERAL("w0");
        test_note_key(witness_rows[i].key, WITNESS + i);
    }
    return w;
}

/* The text of a tree's checkpoint, by OpenSSL. */
static const char *text_of(const struct troth_log_tree *tree)
{
    static char text[128];
    char base64[48];

    (void)EVP_EncodeBlock((uint8_t *)base64, tree->root.bytes, 32);
    (void)snprintf(text, sizeof text, "log.example\n%llu\n%s\n",
                   (unsigned long long)tree->size, base64);
    return text;
}

/* Leaf number i is the two bytes of i. */
static struct troth_span entry_of(unsigned index)
{
    static uint8_t bytes[2];

    bytes[0] = (uint8_t)(index >> 8);
    bytes[1] = (uint8_t)index;
    return (struct troth_span){bytes, sizeof bytes};
}

static void begin(void)
{
    const struct troth_log_tree tree = log_model_tree(SIZE);

    test_note_begin(&note, text_of(&tree));
    test_note_sign(&note, "log.example", LOG);
    test_note_cosign(&note, "w0", WITNESS, 500);
}

static struct troth_log_proof proof_of(unsigned index)
{
    return (struct troth_log_proof){.index = index,
                                    .path = log_model_inclusion(index, SIZE),
                                    .checkpoint = test_note_span(&note)};
}

static void expect(const struct troth_log_proof *proof, struct troth_span entry,
                   size_t needed, enum troth_err err, const char *field)
{
    const struct troth_witnesses witnesses = witnesses_of(needed);
    struct troth_checkpoint found;
    struct troth_fault fault;

    memset(&found, 0xff, sizeof found);
    CHECK_ERR(troth_log_proof_verify(&found, &fault, proof, entry, &witnesses, &crypto),
              err);
    if (err)
        CHECK_TEXT(fault.field, field);
    CHECK_INT(found.size, err ? 0 : SIZE);
    CHECK_INT(found.witnessed_s, err || !needed ? 0 : 500);
    CHECK(err == 0 || found.origin.len == 0);
}

static void test_verify(void)
{
    static uint8_t long_entry[TROTH_LOG_ENTRY_MAX + 1];
    struct troth_log_proof proof;

    begin();
    for (unsigned i = 0; i < SIZE; i++) {
        test_case("entry %u of %u", i, SIZE);
        proof = proof_of(i);
        expect(&proof, entry_of(i), 0, TROTH_OK, NULL);
        expect(&proof, entry_of(i), 1, TROTH_OK, NULL);
        expect(&proof, entry_of(i), 2, TROTH_ERR_MISSING, "checkpoint.cosignatures");
        expect(&proof, entry_of(i + 1), 1, TROTH_ERR_MISMATCH, "proof.path");
        proof.index = i ^ 1;
        expect(&proof, entry_of(i), 1,
               (i ^ 1) < SIZE ? TROTH_ERR_MISMATCH : TROTH_ERR_VALUE,
               (i ^ 1) < SIZE ? "proof.path" : "proof.index");
    }

    test_case("no such index");
    proof = proof_of(12);
    proof.index = SIZE;
    expect(&proof, entry_of(12), 0, TROTH_ERR_VALUE, "proof.index");
    test_case("a hash too few, and one too many");
    proof = proof_of(5);
    proof.path.count--;
    expect(&proof, entry_of(5), 0, TROTH_ERR_LIMIT, "proof.path");
    proof.path.count += 2;
    expect(&proof, entry_of(5), 0, TROTH_ERR_LIMIT, "proof.path");
    test_case("an entry that no log takes");
    proof = proof_of(5);
    expect(&proof, (struct troth_span)TROTH_ARRAY_SPAN(long_entry), 0, TROTH_ERR_LIMIT,
           "proof.entry");
    test_case("more needed than there are");
    expect(&proof, entry_of(5), 3, TROTH_ERR_VALUE, "witnesses.needed");
}

/* The checkpoint comes first: what it does not vouch for is not looked at. */
static void test_checkpoints(void)
{
    const struct troth_log_tree other = log_model_tree(SIZE - 1);
    struct troth_log_proof proof;
    uint8_t blob[4 + 8 + 64] = {0};

    test_case("another log's");
    test_note_begin(&note, text_of(&other));
    note.bytes[0] = 'L';
    test_note_sign(&note, "log.example", LOG);
    proof = proof_of(3);
    expect(&proof, entry_of(3), 0, TROTH_ERR_VALUE, "checkpoint.origin");

    test_case("of another tree");
    test_note_begin(&note, text_of(&other));
    test_note_sign(&note, "log.example", LOG);
    proof = proof_of(3);
    expect(&proof, entry_of(3), 0, TROTH_ERR_MISMATCH, "proof.path");

    test_case("that the log did not sign");
    test_note_begin(&note, text_of(&other));
    test_note_cosign(&note, "w0", WITNESS, 500);
    proof = proof_of(3);
    expect(&proof, entry_of(3), 0, TROTH_ERR_MISSING, "checkpoint.log_signature");

    test_case("that a known witness signed wrongly, though none is needed");
    begin();
    test_note_key_id(blob, "w1", WITNESS + 1, 0x04);
    test_note_line(&note, "w1", (struct troth_span){blob, sizeof blob});
    proof = proof_of(3);
    expect(&proof, entry_of(3), 0, TROTH_ERR_SIGNATURE, "checkpoint.cosignatures");
}

/* As a log shows it: more than 4 KiB of lines that nobody here can verify. */
static void test_large(void)
{
    static uint8_t blob[4 + 8 + 2420];
    struct troth_checkpoint found;
    const struct troth_witnesses witnesses = witnesses_of(1);
    struct troth_log_proof proof;

    test_case("16 cosignatures of ML-DSA-44 beside the others");
    begin();
    for (uint8_t i = 0; i < 16; i++) {
        memset(blob, 0x60 + i, sizeof blob);
        test_note_line(&note, "w0", (struct troth_span){blob, sizeof blob});
    }
    CHECK(note.len > 12 * TROTH_CHECKPOINT_MAX);
    proof = proof_of(7);
    expect(&proof, entry_of(7), 1, TROTH_OK, NULL);
    CHECK_ERR(
        troth_checkpoint_verify(&found, NULL, test_note_span(&note), &witnesses, &crypto),
        TROTH_ERR_LIMIT);
}

/* The longest entry, path and note fit into the largest bundle; and a byte more does not.
 */
static void test_largest(void)
{
    static uint8_t base64[TROTH_LOG_ENTRY_MAX / 3 * 4 + 8], entry[TROTH_LOG_ENTRY_MAX];
    static char text[TROTH_NOTE_MAX + 1];
    struct troth_log_proof proof = {.index = UINT64_MAX}, found;
    struct troth_writer w = troth_writer_over((uint8_t *)room, TROTH_LOG_PROOF_MAX);
    struct troth_fault fault;
    size_t len;

    test_case("the largest bundle");
    memset(base64, 'A', sizeof base64);
    memset(text, 'A', sizeof text);
    memcpy(text, "t\n\n" DASH "a ", 9);
    text[TROTH_NOTE_MAX - 3] = '\n';
    proof.extra = (struct troth_span){base64, TROTH_LOG_ENTRY_MAX / 3 * 4};
    proof.path.count = TROTH_LOG_PATH_MAX;
    proof.checkpoint = (struct troth_span){(uint8_t *)text, TROTH_NOTE_MAX - 2};
    CHECK_ERR(troth_log_proof_write(&w, &proof), TROTH_OK);
    CHECK_ERR(troth_log_proof_parse(&found, &fault, troth_writer_span(&w)), TROTH_OK);
    CHECK_ERR(troth_log_proof_entry(entry, sizeof entry, &len, &found), TROTH_OK);
    CHECK_INT(len, TROTH_LOG_ENTRY_MAX);

    test_case("an entry that is too long, and a bundle that is");
    w = troth_writer_over((uint8_t *)room, sizeof room);
    proof.extra.len += 4;
    CHECK_ERR(troth_log_proof_write(&w, &proof), TROTH_OK);
    CHECK_ERR(troth_log_proof_parse(&found, &fault, troth_writer_span(&w)),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "proof.extra");
    CHECK_ERR(troth_log_proof_parse(
                  &found, &fault,
                  (struct troth_span){(uint8_t *)room, TROTH_LOG_PROOF_MAX + 1}),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "proof");
}

static void test_failing(void)
{
    const struct troth_witnesses witnesses = witnesses_of(1);
    struct failing_crypto failing;
    struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 0);
    struct troth_checkpoint found;
    struct troth_log_proof proof;

    test_case("a library that fails, at each of its calls");
    begin();
    proof = proof_of(5);
    CHECK_ERR(
        troth_log_proof_verify(&found, NULL, &proof, entry_of(5), &witnesses, &broken),
        TROTH_OK);
    for (unsigned i = 1, calls = failing.calls; i <= calls; i++) {
        broken = failing_crypto_over(&failing, &crypto, i);
        CHECK_ERR(troth_log_proof_verify(&found, NULL, &proof, entry_of(5), &witnesses,
                                         &broken),
                  TROTH_ERR_CRYPTO);
        CHECK_INT(found.size, 0);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_rows();
    test_parts();
    test_verify();
    test_checkpoints();
    test_large();
    test_largest();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
