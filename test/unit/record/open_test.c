/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/sealed.h"

#include <stdio.h>
#include <string.h>

#include "test/support/failing_crypto.h"
#include "test/unit/record/example.h"

#define START "{\"sealed\":\"troth/v1\",\"wrapped\":\"" EXAMPLE_WRAPPED "\",\"fields\":{"
#define WHOLE START "\"arguments\":\"" EXAMPLE_SEALED "\"}}"

/* The example's key, nonce and place with another value in them: who has the epoch's key
 * can make that. By Python's cryptography as well. */
#define OTHERS_VALUE                                                                     \
    "UOfuOPEj90GScgW9fbnnf45EzF+0avMfGplviBPnHDwJJrqwjUpY7ZA6lql4wbq4iHPS6Sz5RC6Eb1WhYL" \
    "S6J96bpJ0GLyXzYsiFrovQPx+bwwmVJrFg"

static uint8_t memory[TROTH_SEALED_MAX], text[TROTH_SEALED_MAX];

/* Everything that one opening takes. */
struct trial {
    const struct troth_record *record;
    const char *origin, *name, *sealed;
    struct troth_seal_epoch epoch;
};

static struct trial trial(void)
{
    return (struct trial){example_record(EXAMPLE_ENTRY), EXAMPLE_ORIGIN, "arguments",
                          WHOLE, example_epoch()};
}

static enum troth_err open_it(struct troth_record_secret *out, struct troth_fault *fault,
                              const struct trial *t)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    return troth_record_open(out, fault, t->record, test_text(t->origin),
                             test_text(t->name), test_text(t->sealed), t->epoch.key,
                             &example_crypto, &arena);
}

static void check(const char *why, const struct trial *t, enum troth_err wanted)
{
    static const struct troth_record_secret zero;
    struct troth_record_secret out;
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    test_case("%s", why);
    CHECK_ERR(open_it(&out, &fault, t), wanted);
    if (wanted) {
        CHECK(memcmp(&out, &zero, sizeof out) == 0);
        CHECK(fault.err == wanted && fault.field &&
              strncmp(fault.field, "sealed", 6) == 0);
    }
}

static void known(void)
{
    const struct troth_record_secret wanted = example_secret();
    const struct trial t = trial();
    struct troth_record_secret out;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    uint8_t wrapped[TROTH_SEAL_WRAPPED_SIZE];

    test_case("what Python's cryptography sealed");
    CHECK_ERR(open_it(&out, NULL, &t), TROTH_OK);
    CHECK_SPAN(out.value, wanted.value);
    CHECK_SPAN(out.name, wanted.name);
    CHECK_SPAN((struct troth_span)TROTH_ARRAY_SPAN(out.salt),
               (struct troth_span)TROTH_ARRAY_SPAN(wanted.salt));
    test_case("and the epoch that it says");
    CHECK_ERR(troth_record_sealed_wrapped(wrapped, NULL, test_text(WHOLE), &arena),
              TROTH_OK);
    CHECK(memcmp(wrapped, t.epoch.wrapped, sizeof wrapped) == 0);
}

static void elsewhere(void)
{
    struct troth_record record;
    struct trial t = trial();

    t.epoch.key[0] ^= 1;
    check("another epoch's key", &t, TROTH_ERR_SIGNATURE);

    t = trial();
    t.origin = "log.example/2027";
    check("another log", &t, TROTH_ERR_SIGNATURE);

    t = trial();
    record = *t.record;
    record.id[3] ^= 1;
    t.record = &record;
    check("another record", &t, TROTH_ERR_SIGNATURE);

    t = trial();
    t.name = "answer";
    check("a field that is not sealed here", &t, TROTH_ERR_MISSING);

    t = trial();
    t.name = "answer";
    t.sealed = START "\"answer\":\"" EXAMPLE_SEALED "\"}}";
    check("a value under another's name", &t, TROTH_ERR_SIGNATURE);
}

static void commitments(void)
{
    struct troth_record record;
    struct trial t = trial();

    t.sealed = START "\"arguments\":\"" OTHERS_VALUE "\"}}";
    check("opened, and not what the record commits to", &t, TROTH_ERR_MISMATCH);

    t = trial();
    record = *t.record;
    record.commitments[0].bytes[31] ^= 1;
    t.record = &record;
    check("another commitment", &t, TROTH_ERR_MISMATCH);

    record.commitment_count = 0;
    check("a record without commitments", &t, TROTH_ERR_MISSING);
}

/* Two fields of one record, each in the other's place. */
static void swapped(void)
{
    const struct troth_seal_epoch epoch = example_epoch();
    struct troth_record_secret secrets[2] = {example_secret(), example_secret()};
    struct troth_record record = *example_record(EXAMPLE_ENTRY);
    struct trial t = trial();
    size_t len = 0;

    secrets[1].name = test_text("brguments"); /* as long, so that they can be swapped */
    record.commitments[1].name = secrets[1].name;
    record.commitment_count = 2;
    CHECK_ERR(
        troth_record_commit(record.commitments[1].bytes, &example_crypto, &secrets[1]),
        TROTH_OK);
    CHECK_ERR(troth_record_seal(text, sizeof text - 1, &len, &example_crypto, &epoch,
                                secrets, 2),
              TROTH_OK);
    text[len] = 0;
    t.record = &record;
    t.sealed = (const char *)text;
    check("two fields", &t, TROTH_OK);

    const size_t at = sizeof START "\"arguments\":\"" - 1;
    const size_t size = sizeof EXAMPLE_SEALED - 1;
    const size_t other = at + size + sizeof "\",\"brguments\":\"" - 1;

    memmove(text + other, text + at, size);
    t.name = "brguments";
    check("two fields swapped", &t, TROTH_ERR_SIGNATURE);
}

/* Any bit of what is sealed: the nonce, salt, value, tag. */
static void changed(void)
{
    const size_t at = sizeof START "\"arguments\":\"" - 1;
    struct troth_record_secret out;
    struct trial t = trial();

    test_case("changed anywhere");
    for (size_t i = 0; i < sizeof EXAMPLE_SEALED - 4; i++) {
        memcpy(text, WHOLE, sizeof WHOLE);
        text[at + i] = text[at + i] == 'A' ? 'B' : 'A';
        t.sealed = (const char *)text;
        CHECK_ERR(open_it(&out, NULL, &t), TROTH_ERR_SIGNATURE);
    }
}

static void forms(void)
{
    static const struct {
        const char *why, *sealed;
        enum troth_err wanted;
    } rows[] = {
        {"nothing", "", TROTH_ERR_SHORT},
        {"a list", "[]", TROTH_ERR_TYPE},
        {"an empty object", "{}", TROTH_ERR_MISSING},
        {"another version", "{\"sealed\":\"troth/v2\"}", TROTH_ERR_UNSUPPORTED},
        {"no wrapped key", "{\"sealed\":\"troth/v1\",\"fields\":{}}", TROTH_ERR_MISSING},
        {"no fields", START "}}", TROTH_ERR_MISSING},
        {"a space", START "\"arguments\": \"" EXAMPLE_SEALED "\"}}", TROTH_ERR_ENCODING},
        {"a newline behind", WHOLE "\n", TROTH_ERR_ENCODING},
        {"bytes behind", WHOLE "}", TROTH_ERR_TRAILING},
        {"another member", START "\"arguments\":\"" EXAMPLE_SEALED "\"},\"more\":1}",
         TROTH_ERR_TRAILING},
        {"a field twice",
         START "\"arguments\":\"" EXAMPLE_SEALED "\",\"arguments\":\"" EXAMPLE_SEALED
               "\"}}",
         TROTH_ERR_DUPLICATE},
        {"fields out of order", START "\"b\":\"\",\"a\":\"\"}}", TROTH_ERR_ENCODING},
        {"a strange name", START "\"A\":\"\"}}", TROTH_ERR_VALUE},
        {"a number", START "\"arguments\":1}}", TROTH_ERR_TYPE},
        {"no base64", START "\"arguments\":\"****\"}}", TROTH_ERR_VALUE},
        {"base64 without its padding", START "\"arguments\":\"AAA\"}}",
         TROTH_ERR_ENCODING},
        {"too short", START "\"arguments\":\"AAAA\"}}", TROTH_ERR_SHORT},
        {"empty", START "\"arguments\":\"\"}}", TROTH_ERR_SHORT},
    };
    struct trial t = trial();

    for (size_t i = 0; i < COUNT(rows); i++) {
        t.sealed = rows[i].sealed;
        check(rows[i].why, &t, rows[i].wanted);
    }
}

static void wrapped(void)
{
    static const char too_long[] = EXAMPLE_WRAPPED "AAAA";
    static const char *const rows[] = {"", "AAAA", "AAA", too_long, "*"};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    uint8_t out[TROTH_SEAL_WRAPPED_SIZE], zero[TROTH_SEAL_WRAPPED_SIZE] = {0};
    struct troth_fault fault;

    test_case("wrapped keys that are none");
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)snprintf(
            (char *)text, sizeof text,
            "{\"sealed\":\"troth/v1\",\"wrapped\":\"%s\",\"fields\":{\"a\":\"\"}}",
            rows[i]);
        memset(out, 0xaa, sizeof out);
        CHECK(troth_record_sealed_wrapped(out, &fault, test_text((char *)text), &arena) !=
              TROTH_OK);
        CHECK_TEXT(fault.field, "sealed.wrapped");
        CHECK(memcmp(out, zero, sizeof out) == 0);
    }
}

static void cut(void)
{
    const struct trial t = trial();
    const struct troth_span whole = test_text(WHOLE);
    struct troth_record_secret out;
    struct failing_crypto state;

    test_case("cut short anywhere");
    for (size_t len = 0; len < whole.len; len++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);

        CHECK(troth_record_open(&out, NULL, t.record, test_text(t.origin),
                                test_text(t.name), (struct troth_span){whole.ptr, len},
                                t.epoch.key, &example_crypto, &arena) != TROTH_OK);
    }
    test_case("a library that fails at any call is no answer");
    for (unsigned fail_at = 1; fail_at <= 4; fail_at++) {
        const struct troth_crypto crypto = failing_crypto_over(&state, &example_crypto,
                                                               fail_at);
        struct troth_arena arena = TROTH_ARENA_OVER(memory);

        CHECK_ERR(troth_record_open(&out, NULL, t.record, test_text(t.origin),
                                    test_text(t.name), whole, t.epoch.key, &crypto,
                                    &arena),
                  TROTH_ERR_CRYPTO);
    }
    test_case("an arena that is full");
    struct troth_arena none = {memory, 8, 0};
    CHECK_ERR(troth_record_open(&out, NULL, t.record, test_text(t.origin),
                                test_text(t.name), whole, t.epoch.key, &example_crypto,
                                &none),
              TROTH_ERR_MEMORY);
}

/* The largest there may be, in the memory that is promised to suffice. */
static void large(void)
{
    static uint8_t value[TROTH_RECORD_VALUE_MAX];
    const struct troth_seal_epoch epoch = example_epoch();
    struct troth_record record = *example_record(EXAMPLE_ENTRY);
    struct troth_record_secret secret = example_secret(), out;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    size_t len = 0;

    test_case("the longest value");
    memset(value, 'v', sizeof value);
    secret.value = (struct troth_span)TROTH_ARRAY_SPAN(value);
    CHECK_ERR(troth_record_commit(record.commitments[0].bytes, &example_crypto, &secret),
              TROTH_OK);
    CHECK_ERR(
        troth_record_seal(text, sizeof text, &len, &example_crypto, &epoch, &secret, 1),
        TROTH_OK);
    CHECK_ERR(troth_record_open(&out, NULL, &record, secret.origin, secret.name,
                                (struct troth_span){text, len}, epoch.key,
                                &example_crypto, &arena),
              TROTH_OK);
    CHECK_SPAN(out.value, secret.value);
}

int main(void)
{
    example_begin();
    known();
    elsewhere();
    commitments();
    swapped();
    changed();
    forms();
    wrapped();
    cut();
    large();
    example_end();
    return test_finish();
}
