/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/note.h"
#include "troth/provider.h"

#define DASH  "\xe2\x80\x94 "
#define ROOT  "f+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0="
#define TEXT  "log.example\n123\n" ROOT "\n"
#define LOG   1 /* the seed of the log's key */
#define NAMES 4 /* w0 to w3, their seeds 10 to 13 */

static struct troth_crypto crypto;
static struct test_note note;
static struct troth_witness witness_rows[NAMES];

static struct troth_witnesses witnesses_of(size_t needed)
{
    static const char *const names[] = {"w0", "w1", "w2", "w3"};
    struct troth_witnesses w = {.origin = TROTH_LITERAL("log.example"),
                                .rows = witness_rows,
                                .count = NAMES,
                                .needed = needed};

    test_note_key(w.log_key, LOG);
    for (size_t i = 0; i < NAMES; i++) {
        witness_rows[i].name = test_text(names[i]);
        test_note_key(witness_rows[i].key, (uint8_t)(10 + i));
    }
    return w;
}

static enum troth_err verify(struct troth_checkpoint *out, struct troth_fault *fault,
                             const struct troth_witnesses *witnesses)
{
    memset(out, 0xff, sizeof *out);
    return troth_checkpoint_verify(out, fault, test_note_span(&note), witnesses, &crypto);
}

static bool is_zeroed(const struct troth_checkpoint *found)
{
    return found->origin.len == 0 && found->size == 0 && found->witnessed_s == 0 &&
           troth_span_is_zero((struct troth_span)TROTH_ARRAY_SPAN(found->root));
}

/* Which instant counts: `times` of w0 to w3, 0 for one that did not sign. */
static void test_times(void)
{
    static const struct {
        const char *why;
        uint64_t times[NAMES];
        size_t needed;
        int64_t witnessed_s; /* 0: too few */
    } rows[] = {
        {"one of one", {100}, 1, 100},
        {"another one", {0, 0, 100}, 1, 100},
        {"the latest of two, as one would do", {100, 200}, 1, 200},
        {"the earlier of two, as both are needed", {100, 200}, 2, 100},
        {"in another order", {200, 100}, 2, 100},
        {"the second latest of four", {400, 100, 300, 200}, 2, 300},
        {"the third", {400, 100, 300, 200}, 3, 200},
        {"the last", {400, 100, 300, 200}, 4, 100},
        {"all at once", {7, 7, 7, 7}, 3, 7},
        {"a liar ahead does not count where two are needed",
         {INT64_MAX, 100, 101, 0},
         2,
         101},
        {"a liar behind does no harm where two are needed", {1, 100, 101, 0}, 2, 100},
        {"one of two", {100}, 2, 0},
        {"three of four", {1, 2, 3, 0}, 4, 0},
        {"none", {0}, 1, 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_witnesses witnesses = witnesses_of(rows[i].needed);
        struct troth_checkpoint found;
        struct troth_fault fault;

        test_case("%s", rows[i].why);
        test_note_begin(&note, TEXT);
        test_note_sign(&note, "log.example", LOG);
        for (size_t k = 0; k < NAMES; k++)
            if (rows[i].times[k]) {
                char name[3] = {'w', (char)('0' + k), '\0'};

                test_note_cosign(&note, name, (uint8_t)(10 + k), rows[i].times[k]);
            }
        if (rows[i].witnessed_s == 0) {
            CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_MISSING);
            CHECK_TEXT(fault.field, "checkpoint.cosignatures");
            CHECK(is_zeroed(&found));
            continue;
        }
        CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_OK);
        CHECK_INT(found.witnessed_s, rows[i].witnessed_s);
        CHECK_INT(found.size, 123);
        CHECK(troth_span_is_text(found.origin, "log.example"));
        CHECK_INT(found.root[0], 0x7f);
    }
}

/* A note that w0 and w1 signed, and one more line. */
static void begin(const char *text)
{
    test_note_begin(&note, text);
    test_note_sign(&note, "log.example", LOG);
    test_note_cosign(&note, "w0", 10, 100);
    test_note_cosign(&note, "w1", 11, 200);
}

static void expect(const char *why, enum troth_err err, const char *field)
{
    const struct troth_witnesses witnesses = witnesses_of(2);
    struct troth_checkpoint found;
    struct troth_fault fault;

    test_case("%s", why);
    CHECK_ERR(verify(&found, &fault, &witnesses), err);
    if (field)
        CHECK_TEXT(fault.field, field);
    CHECK_INT(found.witnessed_s, err ? 0 : 100);
    CHECK(!err || is_zeroed(&found));
}

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
} bodies[] = {
    {"a body", TEXT, TROTH_OK, NULL},
    {"an empty tree", "log.example\n0\n" ROOT "\n", TROTH_OK, NULL},
    {"the largest tree", "log.example\n18446744073709551615\n" ROOT "\n", TROTH_OK, NULL},
    {"extension lines", TEXT "one\ntwo \xc3\xa9\n", TROTH_OK, NULL},
    {"another log", "log.exampl\n123\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.origin"},
    {"the log's name and more", "log.example2\n123\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.origin"},
    {"no origin", "\n123\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.origin"},
    {"a zero in front", "log.example\n0123\n" ROOT "\n", TROTH_ERR_ENCODING, "checkpoint.size"},
    {"two zeros", "log.example\n00\n" ROOT "\n", TROTH_ERR_ENCODING, "checkpoint.size"},
    {"a sign", "log.example\n+123\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.size"},
    {"hex", "log.example\n7b\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.size"},
    {"no size", "log.example\n\n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.size"},
    {"too large a tree", "log.example\n18446744073709551616\n" ROOT "\n", TROTH_ERR_LIMIT, "checkpoint.size"},
    {"a space behind the size", "log.example\n123 \n" ROOT "\n", TROTH_ERR_VALUE, "checkpoint.size"},
    {"no root", "log.example\n123\n", TROTH_ERR_VALUE, "checkpoint.root"},
    {"a root of 31 bytes", "log.example\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SA==\n", TROTH_ERR_VALUE, "checkpoint.root"},
    {"a root of 64 bytes", "log.example\n123\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", TROTH_ERR_VALUE, "checkpoint.root"},
    {"unused bits in the root", "log.example\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP1=\n", TROTH_ERR_ENCODING, "checkpoint.root"},
    {"the root in hex", "log.example\n123\n7feec2a0a817284fed372b3d4d35dcaff69de94fcadf1bf39e6cdec3dcba48fd\n", TROTH_ERR_VALUE, "checkpoint.root"},
    {"an empty extension line", TEXT "\none\n", TROTH_ERR_VALUE, "checkpoint.extension"},
    {"an empty extension line at the end", TEXT "one\n\n", TROTH_ERR_VALUE, "checkpoint.extension"},
};
/* clang-format on */

static void test_bodies(void)
{
    for (size_t i = 0; i < COUNT(bodies); i++) {
        begin(bodies[i].text);
        expect(bodies[i].why, bodies[i].err, bodies[i].field);
    }
}

static void add_spoiled(const char *name, uint8_t seed, uint8_t type, size_t blob_len)
{
    uint8_t blob[4 + 128] = {0};

    test_note_key_id(blob, name, seed, type);
    test_note_line(&note, name, (struct troth_span){blob, blob_len});
}

/* Lines that are somebody else's, and lines that are known keys' and wrong. */
static void test_lines(void)
{
    begin(TEXT);
    add_spoiled("nobody", 99, 0x04, 4 + 72);
    expect("a witness that nobody knows", TROTH_OK, NULL);

    begin(TEXT);
    add_spoiled("w0", 99, 0x04, 4 + 72);
    expect("a known name, and another key", TROTH_OK, NULL);

    begin(TEXT);
    add_spoiled("w0", 10, 0x06, 4 + 100);
    expect("a known witness, by another algorithm", TROTH_OK, NULL);

    begin(TEXT);
    test_note_sign(&note, "w2", 12);
    expect("a witness that signs as a log does", TROTH_OK, NULL);

    begin(TEXT);
    test_note_cosign(&note, "log.example", LOG, 500);
    expect("the log's own cosignature is no witness's", TROTH_OK, NULL);

    begin(TEXT);
    add_spoiled("w3", 13, 0x04, 4 + 72);
    expect("a known witness signed wrongly, though two are enough", TROTH_ERR_SIGNATURE,
           "checkpoint.cosignatures");

    begin(TEXT);
    add_spoiled("w0", 10, 0x04, 4 + 72);
    expect("once well, once wrongly", TROTH_ERR_SIGNATURE, "checkpoint.cosignatures");

    begin(TEXT);
    add_spoiled("w3", 13, 0x04, 4 + 71);
    expect("a byte short", TROTH_ERR_SIGNATURE, "checkpoint.cosignatures");

    begin(TEXT);
    add_spoiled("w3", 13, 0x04, 4 + 64);
    expect("without a time", TROTH_ERR_SIGNATURE, "checkpoint.cosignatures");

    begin(TEXT);
    test_note_cosign(&note, "w3", 13, 0);
    expect("the time that is none", TROTH_ERR_VALUE, "checkpoint.cosignatures");

    begin(TEXT);
    test_note_cosign(&note, "w3", 13, (uint64_t)INT64_MAX + 1);
    expect("a time beyond all", TROTH_ERR_VALUE, "checkpoint.cosignatures");

    begin(TEXT);
    add_spoiled("log.example", LOG, 0x01, 4 + 64);
    expect("the log signed once well, once wrongly", TROTH_ERR_SIGNATURE,
           "checkpoint.log_signature");

    begin(TEXT);
    test_note_sign(&note, "log.example", LOG);
    expect("the log's signature twice", TROTH_OK, NULL);

    test_note_begin(&note, TEXT);
    test_note_cosign(&note, "w0", 10, 100);
    test_note_cosign(&note, "w1", 11, 200);
    expect("the log did not sign", TROTH_ERR_MISSING, "checkpoint.log_signature");

    test_note_begin(&note, TEXT);
    test_note_sign(&note, "log.example", 99);
    test_note_cosign(&note, "w0", 10, 100);
    test_note_cosign(&note, "w1", 11, 200);
    expect("another log by the same name", TROTH_ERR_MISSING, "checkpoint.log_signature");

    test_note_begin(&note, TEXT);
    test_note_sign(&note, "log.example", LOG);
    test_note_cosign(&note, "w0", 10, 100);
    test_note_cosign(&note, "w0", 10, 200);
    expect("one witness twice is one", TROTH_ERR_MISSING, "checkpoint.cosignatures");

    test_note_begin(&note, TEXT);
    test_note_sign(&note, "log.example", LOG);
    test_note_cosign(&note, "w0", 10, 50);
    test_note_cosign(&note, "w0", 10, 100);
    test_note_cosign(&note, "w0", 10, 70);
    test_note_cosign(&note, "w1", 11, 200);
    expect("of one witness's times the latest", TROTH_OK, NULL);
}

/* Move signatures of one body to another. */
static void test_moved(void)
{
    struct test_note other;
    struct troth_span lines;

    begin("log.example\n124\n" ROOT "\n");
    other = note;
    test_note_begin(&note, TEXT);
    lines = troth_span_slice(test_note_span(&other), other.text_len + 1, other.len);
    memcpy(note.bytes + note.len, lines.ptr, lines.len);
    note.len += lines.len;
    expect("signatures of another checkpoint", TROTH_ERR_SIGNATURE,
           "checkpoint.log_signature");

    test_note_begin(&note, TEXT);
    test_note_sign(&note, "log.example", LOG);
    for (int i = 0; i < 2; i++) /* w0's and w1's, behind the log's */
        (void)troth_span_next_item(&lines, '\n');
    memcpy(note.bytes + note.len, lines.ptr, lines.len);
    note.len += lines.len;
    expect("cosignatures of another checkpoint", TROTH_ERR_SIGNATURE,
           "checkpoint.cosignatures");
}

/* Whom to believe has to make sense before anything is believed. */
static void test_witnesses(void)
{
    static const struct {
        const char *why;
        size_t count, needed;
        enum troth_err err;
        const char *field;
    } rows[] = {
        {"none needed", NAMES, 0, TROTH_ERR_VALUE, "witnesses.needed"},
        {"more than there are", NAMES, NAMES + 1, TROTH_ERR_VALUE, "witnesses.needed"},
        {"none of none", 0, 0, TROTH_ERR_VALUE, "witnesses.needed"},
        {"too many", TROTH_WITNESSES_MAX + 1, 1, TROTH_ERR_LIMIT, "witnesses.witnesses"},
    };
    struct troth_checkpoint found;
    struct troth_fault fault;
    struct troth_witnesses witnesses = witnesses_of(1);

    begin(TEXT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("witnesses: %s", rows[i].why);
        witnesses.count = rows[i].count;
        witnesses.needed = rows[i].needed;
        CHECK_ERR(verify(&found, &fault, &witnesses), rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        CHECK(is_zeroed(&found));
    }
    test_case("witnesses: one key by two names");
    witnesses = witnesses_of(2);
    memcpy(witness_rows[3].key, witness_rows[0].key, 32);
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_DUPLICATE);

    test_case("witnesses: the log itself");
    witnesses = witnesses_of(1);
    memcpy(witness_rows[1].key, witnesses.log_key, 32);
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_DUPLICATE);
    CHECK_TEXT(fault.field, "witnesses.witnesses");

    test_case("witnesses: a log without a name");
    witnesses = witnesses_of(2);
    witnesses.origin.len = 0;
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_VALUE);
    CHECK_TEXT(fault.field, "witnesses.origin");
}

/* Where a tree is asked for and no time, the log's word may be enough. */
static void test_unwitnessed(void)
{
    struct troth_witnesses witnesses = witnesses_of(0);
    struct troth_checkpoint found;
    struct troth_fault fault;

    test_case("no witness needed");
    begin(TEXT);
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_VALUE);
    CHECK_TEXT(fault.field, "witnesses.needed");
    CHECK_ERR(troth_checkpoint_check(&found, &fault, test_note_span(&note), &witnesses,
                                     &crypto),
              TROTH_OK);
    CHECK_INT(found.size, 123);
    CHECK_INT(found.witnessed_s, 0);

    test_case("none needed, and none known");
    witnesses.rows = NULL;
    witnesses.count = 0;
    CHECK_ERR(troth_checkpoint_check(&found, &fault, test_note_span(&note), &witnesses,
                                     &crypto),
              TROTH_OK);

    test_case("none needed, and the log did not sign");
    test_note_begin(&note, TEXT);
    test_note_cosign(&note, "w0", 10, 100);
    CHECK_ERR(troth_checkpoint_check(&found, &fault, test_note_span(&note), &witnesses,
                                     &crypto),
              TROTH_ERR_MISSING);
    CHECK(is_zeroed(&found));

    test_case("two needed: their time, of a tree too");
    begin(TEXT);
    witnesses = witnesses_of(2);
    CHECK_ERR(troth_checkpoint_check(&found, &fault, test_note_span(&note), &witnesses,
                                     &crypto),
              TROTH_OK);
    CHECK_INT(found.witnessed_s, 100);

    test_case("a known witness signed wrongly, though none is needed");
    add_spoiled("w3", 13, 0x04, 4 + 72);
    witnesses.needed = 0;
    CHECK_ERR(troth_checkpoint_check(&found, &fault, test_note_span(&note), &witnesses,
                                     &crypto),
              TROTH_ERR_SIGNATURE);
    CHECK(is_zeroed(&found));
}

/* More than stands beside evidence is no time, whatever it says. */
static void test_size(void)
{
    const struct troth_witnesses witnesses = witnesses_of(2);
    struct troth_checkpoint found;
    struct troth_fault fault;

    begin(TEXT);
    test_case("4 KiB, and more");
    while (note.len + 120 < TROTH_CHECKPOINT_MAX)
        add_spoiled("nobody", 99, 0x04, 4 + 68);

    const size_t line = strlen(DASH "a \n");
    const size_t left = TROTH_CHECKPOINT_MAX - note.len;
    char name[128] = "aaaa";

    for (size_t len = 1; len < sizeof name - 1; len++) {
        const size_t before = note.len;

        memset(name, 'a', len);
        name[len] = '\0';
        add_spoiled(name, 99, 0x04, 5);
        CHECK_INT(note.len - before, line + len - 1 + 8);
        CHECK_ERR(verify(&found, &fault, &witnesses),
                  line + len - 1 + 8 > left ? TROTH_ERR_LIMIT : TROTH_OK);
        note.len = before;
    }
}

/* A changed byte is never the same checkpoint at another time: either somebody's line
 * becomes a stranger's, or all is refused. */
static void test_every_byte(void)
{
    const struct troth_witnesses witnesses = witnesses_of(2);
    struct troth_checkpoint found;
    size_t accepted = 0, errors[32] = {0};

    test_case("every byte of a note counts");
    begin(TEXT);
    for (size_t i = 0; i < note.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            note.bytes[i] ^= (char)(1U << bit);
            const enum troth_err err = verify(&found, NULL, &witnesses);

            accepted += err == TROTH_OK;
            errors[err]++;
            CHECK(!err || is_zeroed(&found));
            note.bytes[i] ^= (char)(1U << bit);
        }
    CHECK_INT(accepted, 0);
    CHECK(errors[TROTH_ERR_SIGNATURE] > 0 && errors[TROTH_ERR_MISSING] > 0);

    test_case("every beginning of a note");
    for (size_t len = 0; len < note.len; len++)
        accepted += troth_checkpoint_verify(
                        &found, NULL, troth_span_slice(test_note_span(&note), 0, len),
                        &witnesses, &crypto) == TROTH_OK;
    CHECK_INT(accepted, 0);
}

static void test_failing(void)
{
    const struct troth_witnesses witnesses = witnesses_of(2);
    struct failing_crypto failing;
    struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 0);
    struct troth_checkpoint found;
    unsigned calls;

    test_case("a library that fails, at each of its calls");
    begin(TEXT);
    CHECK_ERR(
        troth_checkpoint_verify(&found, NULL, test_note_span(&note), &witnesses, &broken),
        TROTH_OK);
    calls = failing.calls;
    CHECK_INT(calls, 5 + 3); /* key IDs of the log and four witnesses; three signatures */
    for (unsigned i = 1; i <= calls; i++) {
        broken = failing_crypto_over(&failing, &crypto, i);
        CHECK_ERR(troth_checkpoint_verify(&found, NULL, test_note_span(&note), &witnesses,
                                          &broken),
                  TROTH_ERR_CRYPTO);
        CHECK(is_zeroed(&found));
    }
}

/* A checkpoint that a public log published and four public witnesses signed. */
static const char *const public_witnesses[] = {
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/"
    "MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+"
    "kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
};

/* clang-format off */
static const char public_note[] =
    "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    DASH "arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    DASH "arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    DASH "transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    DASH "witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    DASH "remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    DASH "witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n";
/* clang-format on */

static struct troth_witnesses read_public(void)
{
    struct troth_witnesses w = {.rows = witness_rows, .count = NAMES, .needed = NAMES};

    CHECK_ERR(troth_witness_key_parse(
                  &w.origin, w.log_key,
                  test_text("arche2025h1.staging.ct.transparency.dev+ba2f06c0+"
                            "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"),
                  &crypto),
              TROTH_OK);
    for (size_t i = 0; i < NAMES; i++)
        CHECK_ERR(troth_witness_key_parse(&witness_rows[i].name, witness_rows[i].key,
                                          test_text(public_witnesses[i]), &crypto),
                  TROTH_OK);
    return w;
}

static void test_public(void)
{
    const struct troth_witnesses witnesses = read_public();
    struct troth_checkpoint found;
    struct troth_fault fault;
    char text[sizeof public_note];

    test_case("a checkpoint that four public witnesses signed");
    CHECK_ERR(troth_checkpoint_verify(&found, &fault, test_text(public_note), &witnesses,
                                      &crypto),
              TROTH_OK);
    CHECK_INT(found.size, 1432088532);
    CHECK_INT(found.witnessed_s, 0x6a122120); /* 2026-05-23T21:48:48Z */
    CHECK(troth_span_is_text(found.origin, "arche2025h1.staging.ct.transparency.dev"));

    test_case("the same of another size");
    memcpy(text, public_note, sizeof text);
    *strstr(text, "1432088532") = '2';
    CHECK_ERR(
        troth_checkpoint_verify(&found, &fault, test_text(text), &witnesses, &crypto),
        TROTH_ERR_SIGNATURE);
    CHECK_TEXT(fault.field, "checkpoint.log_signature");
}

/* A log whose key has another name than its origin: Go's checksum database. */
static void test_checksum_database(void)
{
    struct troth_witnesses witnesses = witnesses_of(1);
    const struct troth_span published = test_text(
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    struct troth_checkpoint found;
    struct troth_fault fault;

    test_case("a log whose key has another name");
    CHECK_ERR(troth_witness_key_parse(&witnesses.log_name, witnesses.log_key, published,
                                      &crypto),
              TROTH_OK);
    witnesses.origin = TROTH_LITERAL("go.sum database tree");
    test_note_begin(&note,
                    "go.sum database tree\n35225469\nvt5T6GaLCXvyHFl9VUvvItR43XZxfL"
                    "gftEcTyO3eJCQ=\n");
    (void)snprintf(note.bytes + note.len, 512,
                   DASH
                   "sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD"
                   "+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=\n");
    note.len = strlen(note.bytes);
    test_note_cosign(&note, "w3", 13, 300);
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_OK);
    CHECK_INT(found.size, 35225469);
    CHECK_INT(found.witnessed_s, 300);

    test_case("the same, and the key is said to be named as the origin");
    witnesses.log_name.len = 0;
    CHECK_ERR(verify(&found, &fault, &witnesses), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "checkpoint.log_signature");
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_times();
    test_bodies();
    test_lines();
    test_moved();
    test_witnesses();
    test_unwitnessed();
    test_size();
    test_every_byte();
    test_failing();
    test_public();
    test_checksum_database();
    troth_provider_destroy(&crypto);
    return test_finish();
}
