/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_disclosed.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

static uint8_t memory[16 * 1024];

#define SALT "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEAD                                                                             \
    "{\"format\":\"troth-disclosure/1\",\"origin\":\"example.com/log\",\"name\":"        \
    "\"user\",\"salt\":\"" SALT "\","

static void test_refused(void)
{
    static const struct {
        const char *why, *json;
        enum troth_err err;
        const char *field;
    } rows[] = {
        {"nothing", "", TROTH_ERR_SHORT, NULL},
        {"no object", "[]", TROTH_ERR_TYPE, NULL},
        {"no bundle", HEAD "\"value\":\"\"}", TROTH_ERR_MISSING, "disclosure.bundle"},
        {"another member", HEAD "\"value\":\"\",\"bundle\":\"\",\"more\":\"\"}",
         TROTH_ERR_UNSUPPORTED, "disclosure"},
        {"a member twice", HEAD "\"value\":\"\",\"value\":\"\",\"bundle\":\"\"}",
         TROTH_ERR_DUPLICATE, "disclosure"},
        {"a value that is no base64", HEAD "\"value\":\"?\",\"bundle\":\"\"}",
         TROTH_ERR_VALUE, "disclosure.value"},
        {"a value whose last bits say something",
         HEAD "\"value\":\"AB==\",\"bundle\":"
              "\"\"}",
         TROTH_ERR_ENCODING, "disclosure.value"},
        {"a salt that is short",
         "{\"format\":\"troth-disclosure/1\",\"origin\":\"o\",\"name\":\"n\",\"salt\":"
         "\"00\",\"value\":\"\",\"bundle\":\"\"}",
         TROTH_ERR_VALUE, "disclosure.salt"},
        {"another format",
         "{\"format\":\"troth-disclosure/2\",\"origin\":\"o\",\"name\":\"n\",\"salt\":"
         "\"" SALT "\",\"value\":\"\",\"bundle\":\"\"}",
         TROTH_ERR_VERSION, "disclosure.format"},
        {"bytes behind it", HEAD "\"value\":\"\",\"bundle\":\"\"} x", TROTH_ERR_TRAILING,
         NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_log_disclosed found;
        struct troth_fault fault = {TROTH_OK, NULL, 0};

        test_case("refused: %s", rows[i].why);
        CHECK_ERR(troth_log_disclosed_parse(&found, &fault,
                                            troth_span_of_text(rows[i].json), &arena),
                  rows[i].err);
        CHECK(found.value.len == 0 && found.bundle.len == 0);
        if (rows[i].field)
            CHECK_TEXT(fault.field, rows[i].field);
    }
}

static void test_back(void)
{
    static const uint8_t value[] = {0, 1, '"', 0xff, '\n'};
    struct troth_log_disclosed given = {
        .origin = TROTH_LITERAL("example.com/log"),
        .name = TROTH_LITERAL("user"),
        .value = TROTH_ARRAY_SPAN(value),
        .bundle = TROTH_LITERAL("c2sp.org/tlog-proof@v1\nindex 0\n\n\"\\\n"),
    };
    struct troth_log_disclosed found;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    uint8_t text[1024];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    test_case("what is written is read back");
    for (size_t i = 0; i < sizeof given.salt; i++)
        given.salt[i] = (uint8_t)(7 * i);
    troth_log_disclosed_write(&w, &given);
    CHECK(!w.full);
    CHECK_ERR(troth_log_disclosed_parse(&found, &fault, troth_writer_span(&w), &arena),
              TROTH_OK);
    CHECK_SPAN(found.origin, given.origin);
    CHECK_SPAN(found.name, given.name);
    CHECK_SPAN(found.value, given.value);
    CHECK_SPAN(found.bundle, given.bundle);
    CHECK(memcmp(found.salt, given.salt, sizeof given.salt) == 0);

    test_case("no room to write it");
    for (size_t room = 0; room < w.len; room++) {
        struct troth_writer small = troth_writer_over(text, room);

        troth_log_disclosed_write(&small, &given);
        CHECK(small.full);
    }
}

int main(void)
{
    test_back();
    test_refused();
    return test_finish();
}
