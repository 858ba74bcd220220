/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/witnessing.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "test/support/note.h"
#include "tlog/note.h"
#include "troth/provider.h"

#define DASH  "\xe2\x80\x94 "
#define HASH  "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw="
#define NOTE  "l\n1\n" HASH "\n\n" DASH "a AAAAAAA=\n"
#define LOG   1 /* seeds */
#define OTHER 2

static struct troth_crypto crypto;
static struct test_note note;

/* ---- how requests are read ---- */

/* As the specification shows it. */
#define SPEC_NOTE                                                                        \
    "example.com/behind-the-sofa\n20852163\n"                                            \
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" DASH                              \
    "example.com/behind-the-sofa "                                                       \
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+"  \
    "xeMcTOAYQ8=\n" DASH "example.com/behind-the-sofa "                                  \
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv" \
    "++qbSzm9Q=\n"
#define SPEC_BODY                                                                        \
    "old 20852014\n" HASH "\n"                                                           \
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"                                     \
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"                                     \
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n" SPEC_NOTE
#define SPEC_ANSWER                                                                      \
    DASH "witness.example/w1 "                                                           \
         "CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXD" \
         "qI5G2HgLatVs0pWh6Up69HVOw==\n" DASH "witness.example/w1 "                      \
         "I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+"        \
         "DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n" DASH "witness.example/w2 "               \
         "AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+"                             \
         "dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n"

/* clang-format off */
static const struct {
    const char *why, *body;
    enum troth_err err;
    const char *field;
    size_t offset;
} rows[] = {
    {"the specification's example", SPEC_BODY, TROTH_OK, NULL, 0},
    {"the first checkpoint", "old 0\n\n" NOTE, TROTH_OK, NULL, 0},
    {"hashes where there need be none", "old 0\n" HASH "\n\n" NOTE, TROTH_OK, NULL, 0},
    {"more than the new size", "old 18446744073709551615\n\n" NOTE, TROTH_OK, NULL, 0},

    {"nothing", "", TROTH_ERR_SHORT, "request.old", 0},
    {"a line that does not end", "old 0", TROTH_ERR_SHORT, "request.old", 0},
    {"no old size", HASH "\n\n" NOTE, TROTH_ERR_VALUE, "request.old", 0},
    {"an empty line for it", "\n" NOTE, TROTH_ERR_VALUE, "request.old", 0},
    {"an old size that is empty", "old \n\n" NOTE, TROTH_ERR_VALUE, "request.old", 0},
    {"a zero in front", "old 01\n\n" NOTE, TROTH_ERR_ENCODING, "request.old", 0},
    {"two spaces", "old  1\n\n" NOTE, TROTH_ERR_VALUE, "request.old", 0},
    {"too large an old size", "old 18446744073709551616\n\n" NOTE, TROTH_ERR_LIMIT, "request.old", 0},
    {"a carriage return", "old 1\r\n\n" NOTE, TROTH_ERR_VALUE, "request.old", 0},
    {"a hash that is none", "old 1\nAAAA\n\n" NOTE, TROTH_ERR_VALUE, "request.path", 6},
    {"unused bits", "old 1\n" HASH "\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n\n" NOTE, TROTH_ERR_ENCODING, "request.path", 51},
    {"no empty line", "old 1\n" HASH "\n", TROTH_ERR_SHORT, "request.path", 51},
    {"no checkpoint", "old 1\n\n", TROTH_ERR_VALUE, "checkpoint.note", 7},
    {"a checkpoint without signatures", "old 1\n\nl\n1\n" HASH "\n\n", TROTH_ERR_MISSING, "checkpoint.signatures", 57},
    {"a checkpoint that is not UTF-8", "old 1\n\nl\xff\n1\n" HASH "\n\n" DASH "a AAAAAAA=\n", TROTH_ERR_TEXT, "checkpoint.note", 7},
    {"a note that is no checkpoint", "old 1\n\nl\n\n" DASH "a AAAAAAA=\n", TROTH_ERR_VALUE, "checkpoint.size", 7},
    {"a checkpoint without a root", "old 1\n\nl\n1\n\n" DASH "a AAAAAAA=\n", TROTH_ERR_VALUE, "checkpoint.root", 7},
    {"an empty line in the checkpoint", "old 1\n\nl\n1\n" HASH "\n\nx\n\n" DASH "a AAAAAAA=\n", TROTH_ERR_VALUE, "checkpoint.extension", 7},
};
/* clang-format on */

static void test_rows(void)
{
    static uint8_t room[8192];

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span body = test_text(rows[i].body);
        struct troth_writer w = troth_writer_over(room, body.len);
        struct troth_fault fault = {TROTH_ERR_MEMORY, "", 99};
        struct troth_witness_request found;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_witness_request_parse(&found, &fault, body), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_INT(fault.offset, rows[i].offset);
        CHECK_INT(found.origin.len > 0, !rows[i].err);
        if (rows[i].err) {
            CHECK_TEXT(fault.field, rows[i].field);
            CHECK(found.checkpoint.len == 0 && found.path.count == 0);
            continue;
        }
        CHECK_ERR(troth_witness_request_write(&w, &found), TROTH_OK);
        CHECK_SPAN(troth_writer_span(&w), body);
        w = troth_writer_over(room, body.len - 1);
        CHECK_ERR(troth_witness_request_write(&w, &found), TROTH_ERR_LIMIT);
        found.path.count = TROTH_LOG_PATH_MAX + 1;
        CHECK_ERR(troth_witness_request_write(&w, &found), TROTH_ERR_LIMIT);
    }
}

static void test_example(void)
{
    struct troth_witness_request found;
    struct troth_note parsed;

    test_case("what the specification's example is split into");
    CHECK_ERR(troth_witness_request_parse(&found, NULL, test_text(SPEC_BODY)), TROTH_OK);
    CHECK_INT(found.old_size, 20852014);
    CHECK_INT(found.path.count, 4);
    CHECK_INT(found.path.hashes[3].bytes[0], 0xff);
    CHECK(troth_span_is_text(found.checkpoint, SPEC_NOTE));
    CHECK(troth_span_is_text(found.origin, "example.com/behind-the-sofa"));

    test_case("the answer of its example, behind the checkpoint");
    CHECK_ERR(troth_note_parse(&parsed, NULL, test_text(SPEC_NOTE SPEC_ANSWER)),
              TROTH_OK);
    CHECK_INT(parsed.count, 5);
    CHECK(troth_span_is_text(parsed.rows[4].name, "witness.example/w2"));
}

static void test_limits(void)
{
    static uint8_t body[TROTH_WITNESS_REQUEST_MAX + 1];
    static const char line[] = HASH "\n";
    struct troth_witness_request found;
    struct troth_fault fault;
    size_t len = strlen("old 1\n");

    test_case("the largest request");
    memset(body, 'A', sizeof body);
    memcpy(body, "old 1\n", len);
    for (size_t i = 0; i < TROTH_LOG_PATH_MAX; i++, len += strlen(line))
        memcpy(body + len, line, strlen(line));
    body[len++] = '\n';
    memcpy(body + len, "l\n1\n" HASH "\n\n" DASH "a ", 56);
    body[len + 56 + 65476] = '\n';
    CHECK_ERR(troth_witness_request_parse(&found, &fault,
                                          (struct troth_span){body, len + 56 + 65477}),
              TROTH_OK);
    CHECK_INT(found.path.count, TROTH_LOG_PATH_MAX);
    CHECK(found.checkpoint.len > TROTH_NOTE_MAX - 4);

    test_case("a larger one");
    CHECK_ERR(troth_witness_request_parse(&found, &fault,
                                          (struct troth_span)TROTH_ARRAY_SPAN(body)),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "request");
}

/* ---- how they are answered ---- */

/* What a note is made with, by the bit. */
enum {
    LOG_LINE = 1,
    LOG_LINE_AGAIN = 2,
    BAD_LINE = 4,      /* the log's name and key ID, and no signature of it */
    STRANGE_LINE = 8,  /* another key by the log's name */
    WITNESS_LINE = 16, /* a cosignature that somebody else gave */
    ML_DSA_LINE = 32
};

/* What is wrong with a request. */
enum spoil { NOTHING, FIRST_HASH, ONE_HASH_LESS, ONE_HASH_MORE, OTHER_ROOT, EXTENSION };

static const char *text_of(const struct troth_log_tree *tree, const char *more)
{
    static char text[256];
    char base64[48];

    (void)EVP_EncodeBlock((uint8_t *)base64, tree->root.bytes, 32);
    (void)snprintf(text, sizeof text, "log.example\n%llu\n%s\n%s",
                   (unsigned long long)tree->size, base64, more);
    return text;
}

static void sign(unsigned lines)
{
    uint8_t blob[4 + 8 + 2420] = {0};

    if (lines & STRANGE_LINE)
        test_note_sign(&note, "log.example", OTHER);
    if (lines & WITNESS_LINE)
        test_note_cosign(&note, "w", OTHER, 5);
    if (lines & ML_DSA_LINE) {
        test_note_key_id(blob, "log.example", LOG, 0x06);
        test_note_line(&note, "log.example", (struct troth_span){blob, sizeof blob});
    }
    if (lines & LOG_LINE)
        test_note_sign(&note, "log.example", LOG);
    if (lines & LOG_LINE_AGAIN)
        test_note_sign(&note, "log.example", LOG);
    if (lines & BAD_LINE) {
        test_note_key_id(blob, "log.example", LOG, 0x01);
        test_note_line(&note, "log.example", (struct troth_span){blob, 4 + 64});
    }
}

/* clang-format off */
static const struct {
    const char *why;
    unsigned seen, old, size; /* of trees */
    unsigned lines;
    enum spoil spoil;
    enum troth_witness_status status;
    enum troth_err err;
    const char *field;
} cases[] = {
    {"the first checkpoint", 0, 0, 7, LOG_LINE, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"one that grew", 5, 5, 7, LOG_LINE, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"from a power of two", 8, 8, 100, LOG_LINE, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"the same again", 7, 7, 7, LOG_LINE, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"an empty tree", 0, 0, 0, LOG_LINE, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"lines of others, and an ML-DSA-44 line", 5, 5, 7, LOG_LINE | STRANGE_LINE | WITNESS_LINE | ML_DSA_LINE, NOTHING,
     TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"the log's line twice", 5, 5, 7, LOG_LINE | LOG_LINE_AGAIN, NOTHING, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},
    {"an extension line", 5, 5, 7, LOG_LINE, EXTENSION, TROTH_WITNESS_COSIGN, TROTH_OK, NULL},

    {"signed by nobody known", 5, 5, 7, STRANGE_LINE | WITNESS_LINE, NOTHING,
     TROTH_WITNESS_UNTRUSTED, TROTH_ERR_MISSING, "checkpoint.log_signature"},
    {"an ML-DSA-44 line alone", 5, 5, 7, ML_DSA_LINE, NOTHING, TROTH_WITNESS_UNTRUSTED, TROTH_ERR_MISSING, "checkpoint.log_signature"},
    {"signed wrongly", 5, 5, 7, BAD_LINE, NOTHING, TROTH_WITNESS_UNTRUSTED, TROTH_ERR_SIGNATURE, "checkpoint.log_signature"},
    {"once well, once wrongly", 5, 5, 7, LOG_LINE | BAD_LINE, NOTHING,
     TROTH_WITNESS_UNTRUSTED, TROTH_ERR_SIGNATURE, "checkpoint.log_signature"},
    {"signed by nobody, and wrong in all else", 5, 9, 7, STRANGE_LINE, FIRST_HASH,
     TROTH_WITNESS_UNTRUSTED, TROTH_ERR_MISSING, "checkpoint.log_signature"},

    {"an old size above the new one", 7, 8, 7, LOG_LINE, NOTHING, TROTH_WITNESS_MALFORMED, TROTH_ERR_VALUE, "request.old"},
    {"the same, where both are below what was seen", 9, 8, 7, LOG_LINE, NOTHING, TROTH_WITNESS_MALFORMED, TROTH_ERR_VALUE, "request.old"},
    {"the same, where the old size is what was seen", 8, 8, 7, LOG_LINE, NOTHING, TROTH_WITNESS_MALFORMED, TROTH_ERR_VALUE, "request.old"},

    {"an older size than what was seen", 6, 5, 7, LOG_LINE, NOTHING, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},
    {"a newer one", 5, 6, 7, LOG_LINE, NOTHING, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},
    {"zero, to be told", 5, 0, 7, LOG_LINE, NOTHING, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},
    {"a size where nothing was seen", 0, 5, 7, LOG_LINE, NOTHING, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},
    {"a checkpoint of before", 9, 7, 7, LOG_LINE, NOTHING, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},
    {"a conflict, and a wrong path", 6, 5, 7, LOG_LINE, FIRST_HASH, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, "request.old"},

    {"a wrong hash", 5, 5, 7, LOG_LINE, FIRST_HASH, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_MISMATCH, "request.path"},
    {"a hash less", 5, 5, 7, LOG_LINE, ONE_HASH_LESS, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_LIMIT, "request.path"},
    {"a hash more", 5, 5, 7, LOG_LINE, ONE_HASH_MORE, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_LIMIT, "request.path"},
    {"another tree", 5, 5, 7, LOG_LINE, OTHER_ROOT, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_MISMATCH, "request.path"},
    {"a path from nothing", 0, 0, 7, LOG_LINE, ONE_HASH_MORE, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_LIMIT, "request.path"},
    {"the same size, another root", 7, 7, 7, LOG_LINE, OTHER_ROOT, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_MISMATCH, "request.path"},
    {"the same size, with a path", 7, 7, 7, LOG_LINE, ONE_HASH_MORE, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_LIMIT, "request.path"},
    {"an empty tree with another root", 0, 0, 0, LOG_LINE, OTHER_ROOT, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_VALUE, "request.path"},
    {"an empty tree with a path", 0, 0, 0, LOG_LINE, ONE_HASH_MORE, TROTH_WITNESS_INCONSISTENT, TROTH_ERR_LIMIT, "request.path"},
};
/* clang-format on */

static struct troth_watched_log watched(unsigned seen)
{
    struct troth_watched_log log = {.origin = TROTH_LITERAL("log.example")};

    test_note_key(log.log_key, LOG);
    /* As it is of a log that nothing was seen of. */
    if (seen > 0)
        log.seen = log_model_tree(seen);
    return log;
}

static struct troth_witness_request request_of(size_t i)
{
    const bool has_path = cases[i].old > 0 && cases[i].old < cases[i].size;
    struct troth_log_tree tree = log_model_tree(cases[i].size);
    struct troth_witness_request request = {.old_size = cases[i].old,
                                            .origin = TROTH_LITERAL("log.example")};

    if (has_path)
        request.path = log_model_consistency(cases[i].old, cases[i].size);
    if (cases[i].spoil == FIRST_HASH)
        request.path.hashes[0].bytes[7] ^= 1;
    if (cases[i].spoil == ONE_HASH_LESS)
        request.path.count--;
    if (cases[i].spoil == ONE_HASH_MORE)
        request.path.count++;
    if (cases[i].spoil == OTHER_ROOT)
        tree.root.bytes[31] ^= 1;
    test_note_begin(&note,
                    text_of(&tree, cases[i].spoil == EXTENSION ? "extension\n" : ""));
    sign(cases[i].lines);
    request.checkpoint = test_note_span(&note);
    return request;
}

/* Nothing that could be signed or kept. */
static bool is_bare(const struct troth_witness_decision *decision)
{
    return decision->text.len == 0 && decision->log_line.len == 0 &&
           decision->tree.size == 0 &&
           troth_span_is_zero(
               (struct troth_span)TROTH_ARRAY_SPAN(decision->tree.root.bytes));
}

static void test_decisions(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct troth_watched_log log = watched(cases[i].seen);
        const struct troth_witness_request request = request_of(i);
        const struct troth_log_tree tree = log_model_tree(cases[i].size);
        struct troth_witness_decision decision;
        struct troth_note parsed;

        test_case("%s", cases[i].why);
        memset(&decision, 0xff, sizeof decision);
        troth_witness_decide(&decision, &request, &log, &crypto);
        CHECK_INT(decision.status, cases[i].status);
        CHECK_ERR(decision.fault.err, cases[i].err);
        if (cases[i].err) {
            CHECK_TEXT(decision.fault.field, cases[i].field);
            CHECK(is_bare(&decision));
            continue;
        }
        CHECK_ERR(troth_note_parse(&parsed, NULL, test_note_span(&note)), TROTH_OK);
        CHECK_SPAN(decision.text, parsed.text);
        CHECK_INT(decision.tree.size, tree.size);
        CHECK(memcmp(decision.tree.root.bytes, tree.root.bytes, 32) == 0);
        const size_t skipped = cases[i].lines & STRANGE_LINE ? 3 : 0;
        CHECK_SPAN(decision.log_line, parsed.rows[skipped].line);
    }
}

static void test_unknown(void)
{
    struct troth_watched_log log = watched(0);
    const struct troth_witness_request request = request_of(0);
    struct troth_witness_decision decision;

    test_case("a log that is not watched");
    troth_witness_decide(&decision, &request, NULL, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_UNKNOWN);
    CHECK_TEXT(decision.fault.field, "checkpoint.origin");
    CHECK(is_bare(&decision));

    test_case("a log by another origin");
    log.origin = TROTH_LITERAL("log.example2");
    log.log_name = TROTH_LITERAL("log.example");
    troth_witness_decide(&decision, &request, &log, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_UNKNOWN);

    test_case("a key by another name than the origin");
    log = watched(0);
    log.log_name = TROTH_LITERAL("log.example/key");
    troth_witness_decide(&decision, &request, &log, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_UNTRUSTED);
    log.log_name = TROTH_LITERAL("log.example");
    troth_witness_decide(&decision, &request, &log, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_COSIGN);
}

/* A request that was put together and not read. */
static void test_unread(void)
{
    const struct troth_watched_log log = watched(0);
    struct troth_witness_request request = request_of(0);
    struct troth_witness_decision decision;

    test_case("a request whose checkpoint is none, or another log's");
    request.checkpoint.len--;
    troth_witness_decide(&decision, &request, &log, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_MALFORMED);
    CHECK_TEXT(decision.fault.field, "checkpoint.note");
    request.checkpoint.len++;
    note.bytes[0] = 'L';
    troth_witness_decide(&decision, &request, &log, &crypto);
    CHECK_INT(decision.status, TROTH_WITNESS_MALFORMED);
    CHECK_TEXT(decision.fault.field, "checkpoint.origin");
}

static void test_failing(void)
{
    const struct troth_watched_log log = watched(5);
    const struct troth_witness_request request = request_of(1);
    struct failing_crypto failing;
    struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 0);
    struct troth_witness_decision decision;

    test_case("a library that fails, at each of its calls");
    troth_witness_decide(&decision, &request, &log, &broken);
    CHECK_INT(decision.status, TROTH_WITNESS_COSIGN);
    CHECK(failing.calls > 3);
    for (unsigned i = 1, calls = failing.calls; i <= calls; i++) {
        broken = failing_crypto_over(&failing, &crypto, i);
        troth_witness_decide(&decision, &request, &log, &broken);
        CHECK_INT(decision.status, TROTH_WITNESS_FAILED);
        CHECK_ERR(decision.fault.err, TROTH_ERR_CRYPTO);
        CHECK(is_bare(&decision));
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_rows();
    test_example();
    test_limits();
    test_decisions();
    test_unknown();
    test_unread();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
