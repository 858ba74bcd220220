/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/qgs_message.h"

#include <string.h>

#include "test/harness.h"

/* [QGS] qgs_msg_get_quote_req_t, behind its length. */
static void test_request(void)
{
    static uint8_t report[TROTH_TDX_REPORT_SIZE], room[TROTH_QGS_REQUEST_SIZE];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_span written;

    test_case("a request, byte for byte");
    memset(report, 0xa5, sizeof report);
    troth_qgs_write_request(&w, (struct troth_span)TROTH_ARRAY_SPAN(report));
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_INT(written.len, 4 + 16 + 8 + 1024);
    CHECK_SPAN(
        ((struct troth_span){room, 28}),
        test_hex("00000418 0100 0000 00000000 18040000 00000000 00040000 00000000"));
    CHECK_SPAN(((struct troth_span){room + 28, 1024}),
               ((struct troth_span)TROTH_ARRAY_SPAN(report)));
}

#define HEAD  "0100 0000 01000000 "
#define SIX   "00000000 00000000 06000000 "
#define QUOTE "040002008100"

static const struct {
    const char *why, *hex, *quote;
    uint32_t error;
    enum troth_err err;
} answers[] = {
    {"a quote", HEAD "1e000000" SIX QUOTE, QUOTE, 0, TROTH_OK},
    {"of a later minor version", "0100 0100 01000000 1e000000" SIX QUOTE, QUOTE, 0,
     TROTH_OK},
    {"with the key that was chosen",
     HEAD "21000000 00000000 03000000 06000000 aabbcc" QUOTE, QUOTE, 0, TROTH_OK},
    {"an error", HEAD "18000000 01200100 00000000 00000000", "", 0x12001, TROTH_OK},
    {"an error beside a quote", HEAD "1e000000 01200100 00000000 06000000" QUOTE, "", 0,
     TROTH_ERR_VALUE},
    {"neither", HEAD "18000000 00000000 00000000 00000000", "", 0, TROTH_ERR_VALUE},
    {"another major version", "0200 0000 01000000 1e000000" SIX QUOTE, "", 0,
     TROTH_ERR_VERSION},
    {"a request", "0100 0000 00000000 1e000000" SIX QUOTE, "", 0, TROTH_ERR_VALUE},
    {"collateral", "0100 0000 03000000 1e000000" SIX QUOTE, "", 0, TROTH_ERR_VALUE},
    {"a size that is not its own", HEAD "1f000000" SIX QUOTE, "", 0, TROTH_ERR_VALUE},
    {"a quote longer than the message", HEAD "1e000000 00000000 00000000 07000000" QUOTE,
     "", 0, TROTH_ERR_SHORT},
    {"a quote shorter than the message", HEAD "1e000000 00000000 00000000 05000000" QUOTE,
     "", 0, TROTH_ERR_TRAILING},
    {"sizes whose sum is right beyond 32 bits",
     HEAD "1e000000 00000000 ffffffff 07000000" QUOTE, "", 0, TROTH_ERR_SHORT},
    {"nothing", "", "", 0, TROTH_ERR_SHORT},
};

int main(void)
{
    test_request();
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct troth_span quote;
        uint32_t error;

        test_case("an answer: %s", answers[i].why);
        CHECK_ERR(troth_qgs_answer_parse(&quote, &error, test_hex(answers[i].hex)),
                  answers[i].err);
        CHECK_SPAN(quote, test_hex(answers[i].quote));
        CHECK_INT(error, answers[i].error);
    }
    test_case("every beginning of an answer");
    const struct troth_span raw = test_hex(answers[0].hex);

    for (size_t len = 0; len < raw.len; len++) {
        struct troth_span quote;
        uint32_t error;

        CHECK(troth_qgs_answer_parse(&quote, &error, (struct troth_span){raw.ptr, len}) !=
              TROTH_OK);
    }
    return test_finish();
}
