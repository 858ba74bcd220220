/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/tdx/tdx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;
static uint8_t memory[8192];

static void parse_into_arena(void)
{
    const struct troth_format *f = &troth_tdx_format;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    void *fields = NULL;

    test_case("parsed into the arena");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    CHECK_ERR(f->parse(&fields, NULL, handmade_span(&made), &arena), TROTH_OK);
    CHECK(fields &&
          ((struct troth_tdx *)fields)->tee_tcb_svn.ptr == made.bytes + made.at[AT_BODY]);
    CHECK(fields && !((struct troth_tdx *)fields)->dcap.has_pck);
    CHECK(f->signed_time == NULL);

    test_case("too little memory");
    arena = (struct troth_arena){memory, 100, 0};
    CHECK_ERR(f->parse(&fields, NULL, handmade_span(&made), &arena), TROTH_ERR_MEMORY);
    CHECK(fields == NULL);

    test_case("a fault is handed on");
    arena = (struct troth_arena){memory, sizeof memory, 0};
    CHECK_ERR(f->parse(&fields, &fault, (struct troth_span){made.bytes, 100}, &arena),
              TROTH_ERR_SHORT);
    CHECK_TEXT(fault.field, "dcap.quote.body");
}

/* A chain that cannot be read is for a check to judge, not for the parser. */
static void parse_without_chain(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    void *fields = NULL;

    test_case("a chain that is none");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    handmade_put(&made, made.at[AT_CERTIFICATION], 2, TROTH_CERTIFICATION_CHAIN);
    CHECK_ERR(troth_tdx_format.parse(&fields, NULL, handmade_span(&made), &arena),
              TROTH_OK);
    CHECK(fields && !((struct troth_tdx *)fields)->dcap.has_pck);
}

static void check_words(void)
{
    static const char *const rows[][2] = {{"tdx.mr_td", "mr_td"},
                                          {"tdx.rtmr0", "rtmr0"},
                                          {"tdx.rtmr1", "rtmr1"},
                                          {"tdx.rtmr2", "rtmr2"},
                                          {"tdx.mr_config_id", "mr_config_id"}};
    const struct troth_format *f = &troth_tdx_format;

    test_case("the words of the family");
    CHECK_TEXT(f->name, "tdx");
    CHECK_TEXT(f->nonce_claim, "tdx.report_data");
    CHECK_TEXT(f->binding_claim, "tdx.report_data");
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_TEXT(f->identity[i].claim, rows[i][0]);
        CHECK_TEXT(f->identity[i].label, rows[i][1]);
    }
    CHECK_TEXT(f->identity[COUNT(rows)].claim, NULL);
    CHECK(f->findings == troth_tdx_findings);
    CHECK(f->plan == troth_tdx_plan);
    CHECK(f->needs != NULL);
}

static void recognise_own(void)
{
    test_case("a trust domain's quotes, and no enclave's");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    CHECK(troth_tdx_format.recognise(handmade_span(&made)));
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
    CHECK(troth_tdx_format.recognise(handmade_span(&made)));
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
    CHECK(!troth_tdx_format.recognise(handmade_span(&made)));
}

int main(void)
{
    parse_into_arena();
    parse_without_chain();
    check_words();
    recognise_own();
    return test_finish();
}
