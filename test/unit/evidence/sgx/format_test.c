/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/sgx/sgx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;
static uint8_t memory[8192];

static void parse_into_arena(void)
{
    const struct troth_format *f = &troth_sgx_format;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    void *fields = NULL;

    test_case("parsed into the arena");
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    CHECK_ERR(f->parse(&fields, NULL, handmade_span(&made), &arena), TROTH_OK);
    CHECK(fields && ((struct troth_sgx *)fields)->body.cpu_svn.ptr ==
                        made.bytes + made.at[AT_BODY]);
    CHECK(fields && !((struct troth_sgx *)fields)->dcap.has_pck);
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
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    handmade_put(&made, made.at[AT_CERTIFICATION], 2, TROTH_CERTIFICATION_CHAIN);
    CHECK_ERR(troth_sgx_format.parse(&fields, NULL, handmade_span(&made), &arena),
              TROTH_OK);
    CHECK(fields && !((struct troth_sgx *)fields)->dcap.has_pck);
}

static void check_words(void)
{
    static const char *const rows[][2] = {{"sgx.mr_enclave", "mr_enclave"},
                                          {"sgx.attributes", "attributes"},
                                          {"sgx.config_id", "config_id"}};
    const struct troth_format *f = &troth_sgx_format;

    test_case("the words of the family");
    CHECK_TEXT(f->name, "sgx");
    CHECK_TEXT(f->nonce_claim, "sgx.report_data");
    CHECK_TEXT(f->binding_claim, "sgx.report_data");
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_TEXT(f->identity[i].claim, rows[i][0]);
        CHECK_TEXT(f->identity[i].label, rows[i][1]);
    }
    CHECK_TEXT(f->identity[COUNT(rows)].claim, NULL);
    CHECK(f->findings == troth_sgx_findings);
    CHECK(f->plan == troth_sgx_plan);
    CHECK(f->needs != NULL);
}

static void recognise_own(void)
{
    test_case("an enclave's quotes, and no trust domain's");
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    CHECK(troth_sgx_format.recognise(handmade_span(&made)));
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
    CHECK(troth_sgx_format.recognise(handmade_span(&made)));
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    CHECK(!troth_sgx_format.recognise(handmade_span(&made)));
}

int main(void)
{
    parse_into_arena();
    parse_without_chain();
    check_words();
    recognise_own();
    return test_finish();
}
