/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <openssl/evp.h>
#include <string.h>

#include "test/harness.h"

#define STD TROTH_BASE64
#define URL TROTH_BASE64URL

static const struct {
    const char *why;
    enum troth_base64_alphabet alphabet;
    const char *text;
    enum troth_err err;
    const char *bytes; /* hex */
} cases[] = {
    {"nothing", STD, "", TROTH_OK, ""},
    {"nothing", URL, "", TROTH_OK, ""},
    {"RFC 4648: f", STD, "Zg==", TROTH_OK, "66"},
    {"RFC 4648: fo", STD, "Zm8=", TROTH_OK, "666f"},
    {"RFC 4648: foo", STD, "Zm9v", TROTH_OK, "666f6f"},
    {"RFC 4648: foob", STD, "Zm9vYg==", TROTH_OK, "666f6f62"},
    {"RFC 4648: fooba", STD, "Zm9vYmE=", TROTH_OK, "666f6f6261"},
    {"RFC 4648: foobar", STD, "Zm9vYmFy", TROTH_OK, "666f6f626172"},
    {"one byte", URL, "Zg", TROTH_OK, "66"},
    {"two bytes", URL, "Zm8", TROTH_OK, "666f"},
    {"three bytes", URL, "Zm9v", TROTH_OK, "666f6f"},
    {"its own two letters", STD, "+/+/", TROTH_OK, "fbffbf"},
    {"its own two letters", URL, "-_-_", TROTH_OK, "fbffbf"},
    {"the other's letters", STD, "-_-_", TROTH_ERR_VALUE, ""},
    {"the other's letters", URL, "+/+/", TROTH_ERR_VALUE, ""},
    {"no padding", STD, "Zg", TROTH_ERR_ENCODING, ""},
    {"half the padding", STD, "Zg=", TROTH_ERR_ENCODING, ""},
    {"padding", URL, "Zg==", TROTH_ERR_ENCODING, ""},
    {"padding to an odd length", URL, "Zm8=", TROTH_ERR_ENCODING, ""},
    {"three of padding", STD, "Z===", TROTH_ERR_VALUE, ""},
    {"four of padding", STD, "====", TROTH_ERR_VALUE, ""},
    {"only padding", STD, "==", TROTH_ERR_ENCODING, ""},
    {"padding in the middle", STD, "Zg==Zg==", TROTH_ERR_VALUE, ""},
    {"unused bits, two characters", STD, "Zh==", TROTH_ERR_ENCODING, ""},
    {"unused bits, three characters", STD, "Zm9=", TROTH_ERR_ENCODING, ""},
    {"unused bits, two characters", URL, "Zh", TROTH_ERR_ENCODING, ""},
    {"unused bits, three characters", URL, "Zm9", TROTH_ERR_ENCODING, ""},
    {"one character over", STD, "Zm9vY===", TROTH_ERR_VALUE, ""},
    {"one character over", URL, "Zm9vY", TROTH_ERR_ENCODING, ""},
    {"a space inside", STD, "Zm 9", TROTH_ERR_VALUE, ""},
    {"a line end", STD, "Zm9v\nZm9", TROTH_ERR_VALUE, ""},
    {"a byte above ASCII", STD, "Zm9\xe9", TROTH_ERR_VALUE, ""},
};

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span text = test_text(cases[i].text);
        struct troth_span wanted = test_hex(cases[i].bytes);
        uint8_t out[12];
        size_t len = 99;

        test_case("%s: %s", cases[i].alphabet == URL ? "url" : "standard", cases[i].why);
        memset(out, 0xa5, sizeof out);
        CHECK_ERR(troth_base64_parse(out, text.len / 4 * 3 + text.len % 4, &len, text,
                                     cases[i].alphabet),
                  cases[i].err);
        CHECK_SPAN(((struct troth_span){out, len}), wanted);
        for (size_t j = 0; cases[i].err && j < text.len / 4 * 3; j++)
            CHECK_INT(out[j], 0);
    }
}

static void test_room(void)
{
    uint8_t out[4] = {0xa5, 0xa5, 0xa5, 0xa5};
    size_t len = 99;

    test_case("room for exactly the bytes suffices, one less does not");
    CHECK_ERR(troth_base64_parse(out, 4, &len, test_text("Zm9vYg=="), TROTH_BASE64),
              TROTH_OK);
    CHECK_INT(len, 4);
    CHECK_ERR(troth_base64_parse(out, 3, &len, test_text("Zm9vYg=="), TROTH_BASE64),
              TROTH_ERR_LIMIT);
    CHECK_INT(len, 0);
    CHECK_INT(out[0], 0);
    CHECK_INT(out[3], 0x62);
}

static void random_bytes(struct test_random *random, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)test_random_below(random, 256);
}

static void test_round_trip(void)
{
    struct test_random random = {11};

    for (int alphabet = STD; alphabet <= URL; alphabet++) {
        test_case("what is written reads back, alphabet %d", alphabet);
        for (size_t len = 0; len < 200; len++) {
            uint8_t bytes[200];
            uint8_t text[272];
            size_t back = 0;
            struct troth_writer w = troth_writer_over(text, sizeof text);

            random_bytes(&random, bytes, len);
            troth_base64_write(&w, (struct troth_span){bytes, len},
                               (enum troth_base64_alphabet)alphabet);
            /* In place, as base64.h allows. */
            CHECK_ERR(troth_base64_parse(text, sizeof text, &back, troth_writer_span(&w),
                                         (enum troth_base64_alphabet)alphabet),
                      TROTH_OK);
            CHECK_SPAN(((struct troth_span){text, back}),
                       ((struct troth_span){bytes, len}));
        }
    }
}

static void test_writing_like_openssl(void)
{
    struct test_random random = {13};

    test_case("what is written is what OpenSSL writes");
    for (int len = 0; len < 200; len++) {
        uint8_t bytes[200];
        uint8_t seen[272];
        uint8_t wanted[273];
        struct troth_writer w = troth_writer_over(seen, sizeof seen);

        random_bytes(&random, bytes, (size_t)len);
        troth_base64_write(&w, (struct troth_span){bytes, (size_t)len}, TROTH_BASE64);

        int wanted_len = EVP_EncodeBlock(wanted, bytes, len);

        CHECK_SPAN(troth_writer_span(&w),
                   ((struct troth_span){wanted, (size_t)wanted_len}));
    }
}

/* Random texts, mostly of the alphabet: what we accept OpenSSL accepts too, and decodes
 * to the same bytes (it counts the padding as zeros). It also strips white space and lets
 * unused bits stand, so the other direction does not hold. */
static void test_never_laxer_than_openssl(void)
{
    static const char letters[] = "ABCDwxyz0189+/+/AAgwQ==== \n-_";
    struct test_random random = {17};
    unsigned accepted = 0;

    test_case("never laxer than OpenSSL");
    for (unsigned i = 0; i < 50000; i++) {
        uint8_t text[16];
        uint8_t seen[16];
        uint8_t wanted[16] = {0};
        size_t text_len = test_random_below(&random, 4) * 4 +
                          !test_random_below(&random, 9);
        size_t len = 0;

        for (size_t j = 0; j < text_len; j++)
            text[j] = (uint8_t)letters[test_random_below(&random, sizeof letters - 1)];
        if (troth_base64_parse(seen, sizeof seen, &len,
                               (struct troth_span){text, text_len}, TROTH_BASE64))
            continue;
        accepted++;

        int wanted_len = EVP_DecodeBlock(wanted, text, (int)text_len);

        CHECK(wanted_len >= (int)len && wanted_len < (int)len + 3);
        CHECK(memcmp(seen, wanted, len) == 0);
    }
    CHECK(accepted > 5000 && accepted < 45000);
}

int main(void)
{
    test_cases();
    test_room();
    test_round_trip();
    test_writing_like_openssl();
    test_never_laxer_than_openssl();
    return test_finish();
}
