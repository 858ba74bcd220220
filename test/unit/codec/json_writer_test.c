/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_writer.h"

#include <string.h>

#include "codec/json.h"
#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    const char *hex;
    const char *written;
} strings[] = {
    {"nothing",                  "",             "\"\""},
    {"plain text",               "6120627e",     "\"a b~\""},
    {"quote and backslash",      "225c",         "\"\\\"\\\\\""},
    {"a slash needs no escape",  "2f",           "\"/\""},
    {"short escapes",            "08090a0c0d",   "\"\\b\\t\\n\\f\\r\""},
    {"long escapes",             "00011f7f",     "\"\\u0000\\u0001\\u001f\\u007f\""},
    {"text beyond ASCII",        "c3a9e282acf09f9880", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
    {"a byte that is no text",   "61ff62",       "\"a\xef\xbf\xbd" "b\""},
    {"a character cut short",    "61e282",       "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
    {"a lead byte before ASCII", "c341",         "\"\xef\xbf\xbd" "A\""},
    {"an overlong quote",        "c0a2",         "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"a surrogate",              "eda080",       "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
};
/* clang-format on */

static void test_strings(void)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        uint8_t room[64];
        struct troth_writer out = troth_writer_over(room, sizeof room);
        struct troth_json_writer w = troth_json_writer_over(&out, false);
        struct troth_span written;
        struct troth_json r;

        test_case("write a string: %s", strings[i].why);
        troth_json_write_string(&w, test_hex(strings[i].hex));
        CHECK_ERR(troth_writer_finish(&out, &written), TROTH_OK);
        CHECK_SPAN(written, test_text(strings[i].written));
        troth_json_init(&r, written);
        troth_json_string(&r, "test");
        CHECK_ERR(troth_json_finish(&r, NULL), TROTH_OK);
    }
}

static void test_end(void)
{
    uint8_t room[16];
    struct troth_writer out = troth_writer_over(room, sizeof room);
    struct troth_json_writer w = troth_json_writer_over(&out, false);

    test_case("nothing after the end is looked at");
    troth_json_write_string(&w, (struct troth_span){(const uint8_t *)"\xc3\xa9", 1});
    CHECK_SPAN(troth_writer_span(&out), test_text("\"\xef\xbf\xbd\""));
}

static void write_sample(struct troth_json_writer *w)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "list");
    troth_json_begin_array(w);
    troth_json_write_uint(w, 0);
    troth_json_write_uint(w, UINT64_MAX);
    troth_json_begin_object(w);
    troth_json_end_object(w);
    troth_json_begin_array(w);
    troth_json_end_array(w);
    troth_json_end_array(w);
    troth_json_write_key(w, "\"");
    troth_json_write_text(w, "x");
    troth_json_write_key(w, "hex");
    troth_json_write_hex(w, test_hex("00abff"));
    troth_json_write_key(w, "inner");
    troth_json_begin_object(w);
    troth_json_write_key(w, "yes");
    troth_json_write_bool(w, true);
    troth_json_write_key(w, "no");
    troth_json_write_bool(w, false);
    troth_json_write_key(w, "nothing");
    troth_json_write_null(w);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

static void test_layout(void)
{
    static const struct {
        const char *why;
        bool pretty;
        const char *written;
    } rows[] = {
        {"without white space", false,
         "{\"list\":[0,18446744073709551615,{},[]],\"\\\"\":\"x\",\"hex\":\"00abff\","
         "\"inner\":{\"yes\":true,\"no\":false,\"nothing\":null}}"},
        {"for people", true,
         "{\n"
         "  \"list\": [\n"
         "    0,\n"
         "    18446744073709551615,\n"
         "    {},\n"
         "    []\n"
         "  ],\n"
         "  \"\\\"\": \"x\",\n"
         "  \"hex\": \"00abff\",\n"
         "  \"inner\": {\n"
         "    \"yes\": true,\n"
         "    \"no\": false,\n"
         "    \"nothing\": null\n"
         "  }\n"
         "}"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t room[400];
        struct troth_writer out = troth_writer_over(room, sizeof room);
        struct troth_json_writer w = troth_json_writer_over(&out, rows[i].pretty);
        struct troth_span written;

        test_case("layout: %s", rows[i].why);
        write_sample(&w);
        CHECK_ERR(troth_writer_finish(&out, &written), TROTH_OK);
        CHECK_SPAN(written, test_text(rows[i].written));

        test_case("layout: %s, in a buffer too small by any number of bytes",
                  rows[i].why);
        for (size_t size = 0; size < strlen(rows[i].written); size++) {
            out = troth_writer_over(room, size);
            w = troth_json_writer_over(&out, rows[i].pretty);
            write_sample(&w);
            CHECK_ERR(troth_writer_finish(&out, &written), TROTH_ERR_LIMIT);
        }
    }
}

static void test_limits(void)
{
    uint8_t room[200];
    struct troth_writer out;
    struct troth_json_writer w;
    struct troth_span written;

    for (unsigned depth = TROTH_JSON_WRITER_DEPTH; depth <= TROTH_JSON_WRITER_DEPTH + 1;
         depth++) {
        test_case("%u arrays deep", depth);
        out = troth_writer_over(room, sizeof room);
        w = troth_json_writer_over(&out, false);
        for (unsigned i = 0; i < depth; i++)
            troth_json_begin_array(&w);
        for (unsigned i = 0; i < depth; i++)
            troth_json_end_array(&w);
        CHECK_ERR(troth_writer_finish(&out, &written),
                  depth > TROTH_JSON_WRITER_DEPTH ? TROTH_ERR_LIMIT : TROTH_OK);
    }

    test_case("an end without a beginning");
    out = troth_writer_over(room, sizeof room);
    w = troth_json_writer_over(&out, false);
    troth_json_end_object(&w);
    CHECK_ERR(troth_writer_finish(&out, &written), TROTH_ERR_LIMIT);

    test_case("a key without a value");
    out = troth_writer_over(room, sizeof room);
    w = troth_json_writer_over(&out, false);
    troth_json_begin_object(&w);
    troth_json_write_key(&w, "key");
    troth_json_end_object(&w);
    CHECK_ERR(troth_writer_finish(&out, &written), TROTH_ERR_LIMIT);
}

int main(void)
{
    test_strings();
    test_end();
    test_layout();
    test_limits();
    return test_finish();
}
