/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/armour.h"

#include <stdlib.h>

#include "test/harness.h"

static const struct {
    const char *why;
    const char *text;
    enum troth_armour armour;
    enum troth_err err;
    const char *hex; /* what it stands for */
    const char *field;
} cases[] = {
    {"hex", "00ff10", TROTH_ARMOUR_HEX, TROTH_OK, "00ff10", NULL},
    {"hex, a line of a file", "00ff10\n", TROTH_ARMOUR_HEX, TROTH_OK, "00ff10", NULL},
    {"hex on many lines", " 00 ff\r\n\t1 0 ", TROTH_ARMOUR_HEX, TROTH_OK, "00ff10", NULL},
    {"hex with a prefix", "0x00ff10", TROTH_ARMOUR_HEX, TROTH_OK, "00ff10", NULL},
    {"hex behind a blank and a prefix", "\n 0X00FF10", TROTH_ARMOUR_HEX, TROTH_OK,
     "00ff10", NULL},
    {"hex that could be base64 is hex", "abcd", TROTH_ARMOUR_HEX, TROTH_OK, "abcd", NULL},
    {"an odd digit", "00f", TROTH_ARMOUR_HEX, TROTH_ERR_VALUE, NULL, "armour.hex"},
    {"base64", "AP8Q+g==", TROTH_ARMOUR_BASE64, TROTH_OK, "00ff10fa", NULL},
    {"base64 on many lines", "AP8\r\nQ+g=\n=\n", TROTH_ARMOUR_BASE64, TROTH_OK,
     "00ff10fa", NULL},
    {"base64 that needs no padding", "hEOh", TROTH_ARMOUR_BASE64, TROTH_OK, "8443a1",
     NULL},
    {"base64 without the padding it needs, but for +", "AP8Q+g", TROTH_ARMOUR_BASE64,
     TROTH_ERR_ENCODING, NULL, "armour.base64"},
    {"bits that say nothing", "AP8Q+h==", TROTH_ARMOUR_BASE64, TROTH_ERR_ENCODING, NULL,
     "armour.base64"},
    {"base64url", "AP8Q-g", TROTH_ARMOUR_BASE64URL, TROTH_OK, "00ff10fa", NULL},
    {"base64url with padding", "AP8Q-g==", TROTH_ARMOUR_BASE64URL, TROTH_OK, "00ff10fa",
     NULL},
    {"either alphabet, without padding", "AP8Qkg", TROTH_ARMOUR_BASE64URL, TROTH_OK,
     "00ff1092", NULL},
    {"base64url with too much padding", "AP8Q-g=", TROTH_ARMOUR_BASE64URL,
     TROTH_ERR_ENCODING, NULL, "armour.base64url"},
    {"both alphabets", "AP8Q-g+A", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"padding inside", "AP8=Q+gA", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"three of padding", "AP8Q+===", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"a text", "hello, world", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"JSON", "{\"a\":1}", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"nothing", "", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"white space", " \r\n", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"only a prefix", "0x", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"a control character", "00ff\x01", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"an eighth bit", "00ff\x84", TROTH_ARMOUR_NONE, TROTH_OK, NULL, NULL},
    {"PEM of any label", "-----BEGIN COSE-----\nAP8Q\n-----END COSE-----\n",
     TROTH_ARMOUR_PEM, TROTH_OK, "00ff10", NULL},
    {"PEM behind a text", "from me\n-----BEGIN A-----\r\nAP8Q\r\n-----END A-----\r\n",
     TROTH_ARMOUR_PEM, TROTH_OK, "00ff10", NULL},
    {"two PEM blocks",
     "-----BEGIN A-----\nAP8Q\n-----END A-----\n-----BEGIN A-----\nAP8Q\n-----END "
     "A-----\n",
     TROTH_ARMOUR_PEM, TROTH_ERR_TRAILING, NULL, "armour.pem"},
    {"PEM and half a block",
     "-----BEGIN A-----\nAP8Q\n-----END A-----\n-----BEGIN A-----\n", TROTH_ARMOUR_PEM,
     TROTH_ERR_TRAILING, NULL, "armour.pem"},
    {"PEM without an end", "-----BEGIN A-----\nAP8Q\n", TROTH_ARMOUR_PEM, TROTH_ERR_SHORT,
     NULL, "armour.pem"},
};

static void test_case_of(size_t i)
{
    struct troth_span text = test_text(cases[i].text);
    size_t room = TROTH_ARMOUR_ROOM(text.len);
    uint8_t *memory = malloc(room);
    struct troth_arena arena = {memory, room, 0};
    struct troth_span bytes;
    struct troth_fault fault;

    test_case("%s", cases[i].why);
    CHECK_INT(troth_armour_recognise(text), cases[i].armour);
    CHECK_ERR(troth_armour_remove(&bytes, &fault, text, &arena), cases[i].err);
    CHECK_ERR(fault.err, cases[i].err);
    if (cases[i].err) {
        CHECK_TEXT(fault.field, cases[i].field);
        CHECK(!bytes.ptr && !bytes.len);
    } else {
        CHECK_SPAN(bytes, cases[i].hex ? test_hex(cases[i].hex) : text);
    }
    free(memory);
}

static void test_memory(void)
{
    uint8_t memory[256];

    test_case("too little memory, at every size");
    for (size_t size = 0; size < TROTH_ARMOUR_ROOM(24); size++) {
        struct troth_arena arena = {memory, size, 0};
        struct troth_span bytes;
        enum troth_err err = troth_armour_remove(
            &bytes, NULL, test_text("AP8QAP8QAP8QAP8QAP8QAP8Q"), &arena);

        CHECK(err == TROTH_ERR_MEMORY || err == TROTH_OK);
        CHECK(err ? !bytes.ptr : bytes.len == 18);
    }
}

/* What begins genuine evidence is never a text. */
static void test_binary(void)
{
    static const uint8_t cose[] = {0x84, 0x44, 0xa1, 0x01, 0x38, 0x22};
    static const uint8_t report[] = {2, 0, 0, 0, '0', '0', '0', '0'};

    test_case("bytes are never taken for text");
    CHECK_INT(troth_armour_recognise((struct troth_span)TROTH_ARRAY_SPAN(cose)),
              TROTH_ARMOUR_NONE);
    CHECK_INT(troth_armour_recognise((struct troth_span)TROTH_ARRAY_SPAN(report)),
              TROTH_ARMOUR_NONE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_case_of(i);
    test_memory();
    test_binary();
    return test_finish();
}
