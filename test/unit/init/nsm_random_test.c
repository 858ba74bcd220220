/* SPDX-License-Identifier: Apache-2.0 */
#include "init/nsm_random.h"

#include <string.h>

#include "attester/nsm_message.h"
#include "base/writer.h"
#include "test/harness.h"

#define GET_RANDOM "a1 69 47657452616e646f6d a1 66 72616e646f6d "
#define ERROR      "a1 65 4572726f72 "
#define NO_ANSWER  "the module's answer is no answer"

static const struct row {
    const char *why, *answer;
    const char *bytes; /* NULL: it is refused */
    const char *said;
} rows[] = {
    {"one byte", GET_RANDOM "41 aa", "aa", NULL},
    {"several", GET_RANDOM "44 01020304", "01020304", NULL},
    {"as many as need a length of their own",
     GET_RANDOM "58 18 000102030405060708090a0b0c0d0e0f1011121314151617",
     "000102030405060708090a0b0c0d0e0f1011121314151617", NULL},
    {"a refusal", ERROR "6d 496e7465726e616c4572726f72", NULL,
     "the module says 'InternalError'"},
    {"a refusal without a word", ERROR "60", NULL, NO_ANSWER},
    {"nothing", "", NULL, NO_ANSWER},
    {"no bytes", GET_RANDOM "40", NULL, NO_ANSWER},
    {"fewer than it says", GET_RANDOM "42 01", NULL, NO_ANSWER},
    {"no head", GET_RANDOM, NULL, NO_ANSWER},
    {"no length", GET_RANDOM "58", NULL, NO_ANSWER},
    {"half a length", GET_RANDOM "59 01", NULL, NO_ANSWER},
    {"something behind it", GET_RANDOM "41 aa 00", NULL, NO_ANSWER},
    {"a length that is not the shortest", GET_RANDOM "58 01 aa", NULL, NO_ANSWER},
    {"nor of two bytes", GET_RANDOM "59 0001 aa", NULL, NO_ANSWER},
    {"an indefinite one", GET_RANDOM "5f 41 aa ff", NULL, NO_ANSWER},
    {"a length of four bytes", GET_RANDOM "5a 00000001 aa", NULL, NO_ANSWER},
    {"text", GET_RANDOM "61 61", NULL, NO_ANSWER},
    {"a kind below bytes", GET_RANDOM "01", NULL, NO_ANSWER},
    {"another answer", "67 4c6f636b504352", NULL, NO_ANSWER},
    {"another field", "a1 69 47657452616e646f6d a1 66 72616e646f6e 41 aa", NULL,
     NO_ANSWER},
};

static void test_table(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct troth_span bytes = {(const uint8_t *)"x", 1};
        struct troth_init_fault fault = {""};

        test_case("random bytes: %s", row->why);
        CHECK_INT(troth_init_nsm_random_parse(&bytes, &fault, test_hex(row->answer)),
                  row->bytes != NULL);
        CHECK_SPAN(bytes, test_hex(row->bytes ? row->bytes : ""));
        if (row->said)
            CHECK_TEXT(fault.text, row->said);
    }
}

/* As the device answers: 256 bytes, read by the reader of all answers, too. */
static void test_whole(void)
{
    uint8_t answer[512] = "\xa1\x69GetRandom\xa1\x66random\x59\x01";
    const size_t start = 22;
    const struct troth_span whole = {answer, start + 256};
    struct troth_nsm_answer other;
    struct troth_span bytes;
    struct troth_init_fault fault;

    test_case("random bytes: as many as a device gives, as the agent's reader has them");
    for (size_t i = 0; i < 256; i++)
        answer[start + i] = (uint8_t)(i * 7);
    CHECK(troth_init_nsm_random_parse(&bytes, &fault, whole));
    CHECK_INT(bytes.len, 256);
    CHECK_ERR(troth_nsm_answer_parse(&other, NULL, TROTH_NSM_GET_RANDOM, whole),
              TROTH_OK);
    CHECK_SPAN(bytes, other.bytes);
    for (size_t len = 0; len < whole.len; len++)
        CHECK(!troth_init_nsm_random_parse(&bytes, &fault,
                                           (struct troth_span){answer, len}));
}

static void test_request(void)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    test_case("random bytes: asked for in the agent's words");
    troth_nsm_write_random(&w);
    CHECK_SPAN(troth_init_nsm_random_request(), ((struct troth_span){text, w.len}));
}

int main(void)
{
    test_table();
    test_whole();
    test_request();
    return test_finish();
}
