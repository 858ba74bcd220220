/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/note.h"
#include "tlog/key.h"
#include "troth/provider.h"

#define DASH "\xe2\x80\x94 "
#define EVEN "AAAAAAA=" /* an ID and a byte */
#define LINE DASH "a " EVEN "\n"

/* clang-format off */
static const struct {
    const char *why, *note;
    enum troth_err err;
    const char *field;
    size_t offset;
} rows[] = {
    {"one line", "text\n\n" LINE, TROTH_OK, NULL, 0},
    {"empty lines in the text", "a\n\nb\n\n" LINE, TROTH_OK, NULL, 0},
    {"a text that looks like a signature", LINE "\n" LINE, TROTH_OK, NULL, 0},
    {"text beyond ASCII", "t\xc3\xa9xt\n\n" DASH "\xc3\xa9 " EVEN "\n", TROTH_OK, NULL, 0},
    {"delete is no control character here", "t\x7f\n\n" LINE, TROTH_OK, NULL, 0},

    {"nothing", "", TROTH_ERR_VALUE, "checkpoint.note", 0},
    {"a text alone", "text\n", TROTH_ERR_VALUE, "checkpoint.note", 5},
    {"no signatures", "text\n\n", TROTH_ERR_MISSING, "checkpoint.signatures", 6},
    {"no empty line", "text\n" LINE, TROTH_ERR_VALUE, "checkpoint.note", 20},
    {"the last newline missing", "text\n\n" DASH "a " EVEN, TROTH_ERR_VALUE, "checkpoint.note", 20},
    {"an empty line behind it", "text\n\n" LINE "\n", TROTH_ERR_MISSING, "checkpoint.signatures", 22},
    {"a carriage return", "text\r\n\n" LINE, TROTH_ERR_VALUE, "checkpoint.note", 4},
    {"a tab", "te\txt\n\n" LINE, TROTH_ERR_VALUE, "checkpoint.note", 2},
    {"not UTF-8", "te\xffxt\n\n" LINE, TROTH_ERR_TEXT, "checkpoint.note", 0},

    {"a minus for the dash", "text\n\n- a " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"no space behind the dash", "text\n\n\xe2\x80\x94" "a " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"no name", "text\n\n" DASH " " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"a plus in the name", "text\n\n" DASH "a+b " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"a space of Unicode in the name", "text\n\n" DASH "a\xe2\x80\x83" "b " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"a space of Latin 1 in the name", "text\n\n" DASH "a\xc2\xa0" "b " EVEN "\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"no signature", "text\n\n" DASH "a\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"an ID alone", "text\n\n" DASH "a AAAAAA==\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"not base64", "text\n\n" DASH "a !!!!\n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"no padding", "text\n\n" DASH "a AAAAAAA\n", TROTH_ERR_ENCODING, "checkpoint.signatures", 6},
    {"unused bits", "text\n\n" DASH "a AAAAAAB=\n", TROTH_ERR_ENCODING, "checkpoint.signatures", 6},
    {"a space behind it", "text\n\n" DASH "a " EVEN " \n", TROTH_ERR_VALUE, "checkpoint.signatures", 6},
    {"the second line", "text\n\n" LINE "b\n", TROTH_ERR_VALUE, "checkpoint.signatures", 21},
};
/* clang-format on */

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_fault fault = {TROTH_OK, NULL, 0};
        struct troth_note note;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_note_parse(&note, &fault, test_text(rows[i].note)), rows[i].err);
        CHECK(note.count == (rows[i].err ? 0 : 1));
        if (rows[i].field) {
            CHECK_TEXT(fault.field, rows[i].field);
            CHECK_INT(fault.offset, rows[i].offset);
        }
    }
}

static void test_parts(void)
{
    static const uint8_t id[] = {1, 2, 3, 4};
    const struct troth_span text = test_text("one\n\ntwo\n\n" DASH "a/b AQIDBP8=\n" DASH
                                             "\xc3\xa9 AQIDBP7/\n");
    struct troth_note note;
    uint8_t byte, bytes[2];

    test_case("what a note is split into");
    CHECK_ERR(troth_note_parse(&note, NULL, text), TROTH_OK);
    CHECK(troth_span_is_text(note.text, "one\n\ntwo\n"));
    CHECK_INT(note.count, 2);
    CHECK(troth_span_is_text(note.rows[0].name, "a/b"));
    CHECK(troth_span_is_text(note.rows[0].line, DASH "a/b AQIDBP8=\n"));
    CHECK(troth_span_is_text(note.rows[1].line, DASH "\xc3\xa9 AQIDBP7/\n"));
    CHECK(troth_span_is_text(note.rows[1].name, "\xc3\xa9"));
    CHECK(memcmp(note.rows[0].key_id, id, sizeof id) == 0);
    CHECK_ERR(troth_note_signature_read(&byte, 1, &note.rows[0]), TROTH_OK);
    CHECK_INT(byte, 0xff);
    CHECK_ERR(troth_note_signature_read(bytes, 2, &note.rows[1]), TROTH_OK);
    CHECK(bytes[0] == 0xfe && bytes[1] == 0xff);
    CHECK_ERR(troth_note_signature_read(bytes, 2, &note.rows[0]), TROTH_ERR_SIGNATURE);
    CHECK(bytes[0] == 0 && bytes[1] == 0);
    CHECK_ERR(troth_note_signature_read(&byte, 1, &note.rows[1]), TROTH_ERR_SIGNATURE);
}

/* As many lines as are taken, one more, and a note of every size about the largest. */
static void test_limits(void)
{
    static struct test_note note;
    static const uint8_t blob[5] = {0};
    struct troth_fault fault;
    struct troth_note parsed;

    test_case("64 lines, and one more");
    test_note_begin(&note, "text\n");
    for (size_t i = 0; i < TROTH_NOTE_SIGNATURES_MAX; i++)
        test_note_line(&note, "a", (struct troth_span){blob, sizeof blob});
    CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)), TROTH_OK);
    CHECK_INT(parsed.count, TROTH_NOTE_SIGNATURES_MAX);
    test_note_line(&note, "a", (struct troth_span){blob, sizeof blob});
    CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)), TROTH_ERR_LIMIT);
    CHECK_INT(parsed.count, 0);

    test_case("the longest text, and a longer one");
    memset(note.bytes, 't', TROTH_NOTE_TEXT_MAX);
    (void)snprintf(note.bytes + TROTH_NOTE_TEXT_MAX - 1, 64, "\n\n%s", LINE);
    note.len = TROTH_NOTE_TEXT_MAX + strlen("\n" LINE);
    CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)), TROTH_OK);
    CHECK_INT(parsed.text.len, TROTH_NOTE_TEXT_MAX);
    (void)snprintf(note.bytes + TROTH_NOTE_TEXT_MAX - 1, 64, "t\n\n%s", LINE);
    note.len++;
    CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)), TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "checkpoint.note");
}

/* One line that makes the note as long as a note can be, and longer. */
static void test_long_lines(void)
{
    static struct test_note note;
    struct troth_fault fault;
    struct troth_note parsed;
    const size_t first = strlen("t\n\n" DASH "a ");

    for (size_t len = TROTH_NOTE_MAX - 8; len < TROTH_NOTE_MAX + 4; len++) {
        const bool is_base64 = (len - 1 - first) % 4 == 0;

        test_case("a note of %zu bytes", len);
        test_note_begin(&note, "t\n");
        memset(note.bytes + note.len, 'A', TROTH_NOTE_MAX);
        memcpy(note.bytes + note.len, DASH "a ", strlen(DASH "a "));
        note.len = len;
        note.bytes[len - 1] = '\n';
        CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)),
                  len > TROTH_NOTE_MAX ? TROTH_ERR_LIMIT
                  : is_base64          ? TROTH_OK
                                       : TROTH_ERR_ENCODING);
        if (len > TROTH_NOTE_MAX || !is_base64)
            continue;
        CHECK_INT(parsed.rows[0].line.len, len - strlen("t\n\n"));
        /* Padding where the line does not end, at the end of a piece and elsewhere. */
        for (size_t at = 250; at < 262; at++) {
            note.bytes[first + at] = '=';
            CHECK_ERR(troth_note_parse(&parsed, &fault, test_note_span(&note)),
                      TROTH_ERR_VALUE);
            note.bytes[first + at] = 'A';
        }
    }
}

/* What the specification wants to be taken: 16 signatures, of ML-DSA-44 too. */
static void test_large(void)
{
    static struct test_note note;
    static uint8_t blob[4 + 8 + 2420];
    struct troth_note parsed;

    test_case("16 signatures of ML-DSA-44, and 17 of Ed25519");
    test_note_begin(&note, "text\n");
    test_note_sign(&note, "log.example", 1);
    for (uint8_t i = 0; i < 16; i++) {
        memset(blob, i, sizeof blob);
        test_note_line(&note, "witness.example/with-a-rather-long-name",
                       (struct troth_span){blob, sizeof blob});
        test_note_cosign(&note, "w", (uint8_t)(10 + i), 5);
    }
    CHECK_ERR(troth_note_parse(&parsed, NULL, test_note_span(&note)), TROTH_OK);
    CHECK_INT(parsed.count, 33);
    CHECK_INT(parsed.rows[31].key_id[3], 15);
}

/* Notes that the specifications show, and give no keys for. */
static void test_shown(void)
{
    static const struct {
        const char *why, *note, *name;
        size_t count, text_len;
    } shown[] = {
        {"a poem with an empty line",
         "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\n"
         "ed \xc3\xa8 subito sera.\n\n" DASH "quasimodo.example/salvatore "
         "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQ"
         "waqP3ZekRwNtIc=\n",
         "quasimodo.example/salvatore", 1, 88},
        {"a checkpoint with a cosignature",
         "example.com/behind-the-sofa\n20852163\n"
         "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" DASH
         "example.com/behind-the-sofa "
         "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
         "zyWE+xeMcTOAYQ8=\n" DASH "witness.example.com/w1 "
         "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZq"
         "hf5nNo0xUe+mbIUBkBIfZ+qnA==\n",
         "witness.example.com/w1", 2, 82},
    };

    for (size_t i = 0; i < COUNT(shown); i++) {
        struct troth_note note;

        test_case("%s", shown[i].why);
        CHECK_ERR(troth_note_parse(&note, NULL, test_text(shown[i].note)), TROTH_OK);
        CHECK_INT(note.count, shown[i].count);
        CHECK_INT(note.text.len, shown[i].text_len);
        CHECK_SPAN(note.rows[note.count - 1].name, test_text(shown[i].name));
    }
}

/* The note with which the specification shows what a key verifies. */
static void test_example(void)
{
    static const char key_text[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id"
                                   "2LKaANYcrnKv3U2k";
    const struct troth_span text = test_text(
        "This is an example message.\n\n" DASH "example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjO"
        "BH3mFXmRKuwHjG1Yu72IneyaQM=\n");
    struct troth_crypto crypto;
    struct troth_note_key key;
    struct troth_note note;
    uint8_t id[4], signature[64];

    test_case("the specification's example");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_note_parse(&note, NULL, text), TROTH_OK);
    CHECK_ERR(troth_note_key_parse(&key, test_text(key_text), &crypto), TROTH_OK);
    CHECK_ERR(troth_note_key_id(id, &crypto, &key), TROTH_OK);
    CHECK_SPAN(note.rows[0].name, key.name);
    CHECK(memcmp(id, note.rows[0].key_id, sizeof id) == 0);
    CHECK_ERR(troth_note_signature_read(signature, sizeof signature, &note.rows[0]),
              TROTH_OK);
    CHECK_ERR(crypto.ops->verify(
                  crypto.state, TROTH_ED25519,
                  &(struct troth_public_key){.kind = TROTH_KEY_ED25519,
                                             .point = TROTH_ARRAY_SPAN(key.bytes)},
                  (struct troth_parts){&note.text, 1},
                  (struct troth_span){signature, sizeof signature}),
              TROTH_OK);
    troth_provider_destroy(&crypto);
}

int main(void)
{
    test_rows();
    test_parts();
    test_limits();
    test_long_lines();
    test_large();
    test_shown();
    test_example();
    return test_finish();
}
