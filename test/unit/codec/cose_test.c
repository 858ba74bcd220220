/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cose.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    const char *hex;
    enum troth_err err;
    const char *field;
    size_t offset;
} refusals[] = {
    {"nothing at all",               "",                           TROTH_ERR_SHORT,       "cose", 0},
    {"not an array",                 "a0",                         TROTH_ERR_TYPE,        "cose", 0},
    {"a tag other than 18",          "d8628443a10126a04100 4100",  TROTH_ERR_UNSUPPORTED, "cose.tag", 2},
    {"tag 18 twice",                 "d2d28443a10126a04100 4100",  TROTH_ERR_TYPE,        "cose", 1},
    {"three members",                "8343a10126a04100",           TROTH_ERR_MISSING,     "cose.signature", 8},
    {"five members",                 "8543a10126a04100410000",     TROTH_ERR_TRAILING,    "cose", 10},
    {"bytes after the message",      "8443a10126a04100410000",     TROTH_ERR_TRAILING,    NULL, 10},
    {"cut short",                    "8443a10126a041004200",       TROTH_ERR_SHORT,       "cose.signature", 8},
    {"a protected header not in bytes", "84a10126a041004100",      TROTH_ERR_TYPE,        "cose.protected", 1},
    {"a protected header that is no map", "844100a041004100",      TROTH_ERR_TYPE,        "cose.protected", 2},
    {"two maps in the protected header", "8442a0a0a041004100",     TROTH_ERR_TRAILING,    NULL, 3},
    {"half a map in it",             "8442a101a041004100",         TROTH_ERR_SHORT,       "cose.protected", 2},
    {"a label twice in it",          "8445a201260126a041004100",   TROTH_ERR_DUPLICATE,   "cose.protected", 5},
    {"the algorithm as text",        "8446a10163666f6fa041004100", TROTH_ERR_UNSUPPORTED, "cose.alg", 4},
    {"the algorithm as bytes",       "8444a1014126a041004100",     TROTH_ERR_TYPE,        "cose.alg", 4},
    {"a critical header",            "8447a20126028118 2aa041004100", TROTH_ERR_UNSUPPORTED, "cose.crit", 6},
    {"the same without protection",  "8443a10126a10281182a41004100", TROTH_ERR_UNSUPPORTED, "cose.crit", 7},
    {"a label of bytes",             "8444a1410126a041004100",     TROTH_ERR_TYPE,        "cose.protected", 3},
    {"an unprotected header in bytes", "8443a1012641a041004100",   TROTH_ERR_TYPE,        "cose.unprotected", 5},
    {"a label twice in that",        "8443a10126a2044100044100 41004100", TROTH_ERR_DUPLICATE, "cose.unprotected", 9},
    {"a detached payload",           "8443a10126a0f64100",         TROTH_ERR_UNSUPPORTED, "cose.payload", 6},
    {"a payload of text",            "8443a10126a061614100",       TROTH_ERR_TYPE,        "cose.payload", 6},
    {"a payload in chunks",          "8443a10126a05f4100ff4100",   TROTH_ERR_UNSUPPORTED, "cose.payload", 6},
    {"no signature but null",        "8443a10126a04100f6",         TROTH_ERR_TYPE,        "cose.signature", 8},
    {"a length not in its shortest form", "845803a10126a041004100", TROTH_ERR_ENCODING,   "cose.protected", 1},
};
/* clang-format on */

static void test_refusals(void)
{
    static const struct troth_cose_sign1 zero;

    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_cose_sign1 message;
        struct troth_fault fault;

        test_case("refused: %s", refusals[i].why);
        memset(&message, 0xa5, sizeof message);
        CHECK_ERR(troth_cose_sign1_parse(&message, &fault, test_hex(refusals[i].hex)),
                  refusals[i].err);
        CHECK_TEXT(fault.field, refusals[i].field);
        CHECK_INT(fault.offset, refusals[i].offset);
        CHECK(message.payload.ptr == zero.payload.ptr && message.payload.len == 0);
        CHECK(message.signature.ptr == NULL && message.algorithm == TROTH_COSE_NONE);
    }
}

/* clang-format off */
static const struct {
    const char *why;
    const char *hex;
    bool tagged;
    int64_t algorithm;
    unsigned protected_count, unprotected_count;
    const char *protected_raw, *unprotected, *payload, *signature;
    const char *signed_tail; /* what follows the context, external_aad being h'aabb' */
} readings[] = {
    {"without a tag",           "84 43a10126 a0 4101 4102", false, TROTH_COSE_ES256, 1, 0,
     "a10126", "a0", "01", "02", "43a10126 42aabb 4101"},
    {"with tag 18",             "d2 84 44a1013822 a0 4101 4102", true, TROTH_COSE_ES384, 1, 0,
     "a1013822", "a0", "01", "02", "44a1013822 42aabb 4101"},
    {"containers until breaks", "9f 44bf0126ff bf044131ff 4101 4102 ff", false, TROTH_COSE_ES256, 1, 1,
     "bf0126ff", "bf044131ff", "01", "02", "44bf0126ff 42aabb 4101"},
    {"no protected header",     "84 40 a0 4101 4102", false, TROTH_COSE_NONE, 0, 0,
     "", "a0", "01", "02", "40 42aabb 4101"},
    {"an empty one is signed as none", "84 41a0 a0 4101 4102", false, TROTH_COSE_NONE, 0, 0,
     "a0", "a0", "01", "02", "40 42aabb 4101"},
    {"an empty one until a break too", "84 42bfff a0 4101 4102", false, TROTH_COSE_NONE, 0, 0,
     "bfff", "a0", "01", "02", "40 42aabb 4101"},
    {"an unprotected algorithm is none", "84 47a2616100184001 a20126044131 4101 4102", false,
     TROTH_COSE_NONE, 2, 2, "a2616100184001", "a20126044131", "01", "02",
     "47a2616100184001 42aabb 4101"},
    {"empty payload and signature", "84 43a10127 a0 40 40", false, TROTH_COSE_EDDSA, 1, 0,
     "a10127", "a0", "", "", "43a10127 42aabb 40"},
};
/* clang-format on */

/* The parts in one piece. */
static struct troth_span join(const struct troth_cose_signed *parts, uint8_t *room)
{
    size_t len = 0;

    for (size_t i = 0; i < parts->count; i++) {
        if (parts->parts[i].len)
            memcpy(room + len, parts->parts[i].ptr, parts->parts[i].len);
        len += parts->parts[i].len;
    }
    return (struct troth_span){room, len};
}

static void test_readings(void)
{
    const struct troth_span context = TROTH_LITERAL("\x84\x6aSignature1");

    for (size_t i = 0; i < COUNT(readings); i++) {
        struct troth_cose_sign1 message;
        struct troth_cose_heads scratch;
        uint8_t room[200];

        test_case("read: %s", readings[i].why);
        CHECK_ERR(troth_cose_sign1_parse(&message, NULL, test_hex(readings[i].hex)),
                  TROTH_OK);
        CHECK(message.tagged == readings[i].tagged);
        CHECK_INT(message.algorithm, readings[i].algorithm);
        CHECK_INT(message.protected_count, readings[i].protected_count);
        CHECK_INT(message.unprotected_count, readings[i].unprotected_count);
        CHECK_SPAN(message.protected_raw, test_hex(readings[i].protected_raw));
        CHECK_SPAN(message.unprotected, test_hex(readings[i].unprotected));
        CHECK_SPAN(message.payload, test_hex(readings[i].payload));
        CHECK_SPAN(message.signature, test_hex(readings[i].signature));

        const struct troth_cose_signed parts = troth_cose_sign1_signed(
            &message, test_hex("aabb"), &scratch);
        const struct troth_span whole = join(&parts, room);
        CHECK_SPAN(troth_span_slice(whole, 0, context.len), context);
        CHECK_SPAN(troth_span_slice(whole, context.len, whole.len),
                   test_hex(readings[i].signed_tail));
    }
}

static void test_heads(void)
{
    static const uint8_t bytes[65536];
    static const struct {
        size_t len;
        const char *head;
    } rows[] = {{0, "40"},     {1, "41"},       {23, "57"},        {24, "5818"},
                {255, "58ff"}, {256, "590100"}, {65535, "59ffff"}, {65536, "5a00010000"}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span contents = {bytes, rows[i].len};
        const struct troth_cose_sign1 message = {
            .protected_raw = contents, .payload = contents, .protected_count = 1};
        struct troth_cose_heads scratch;

        test_case("the head of %zu bytes", rows[i].len);
        const struct troth_cose_signed parts = troth_cose_sign1_signed(&message, contents,
                                                                       &scratch);
        CHECK_INT(parts.count, 6);
        CHECK_INT(parts.parts[0].len, 12 + strlen(rows[i].head) / 2);
        CHECK_SPAN(troth_span_slice(parts.parts[0], 12, parts.parts[0].len),
                   test_hex(rows[i].head));
        CHECK_SPAN(parts.parts[2], test_hex(rows[i].head));
        CHECK_SPAN(parts.parts[4], test_hex(rows[i].head));
        for (size_t part = 1; part < 6; part += 2)
            CHECK(parts.parts[part].len == rows[i].len);
    }
}

int main(void)
{
    test_refusals();
    test_readings();
    test_heads();
    return test_finish();
}
