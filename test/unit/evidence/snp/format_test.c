/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/snp/snp.h"
#include "test/harness.h"

static uint8_t raw[TROTH_SNP_REPORT_SIZE + 1] = {3};
static uint8_t memory[2048];

static void parse_into_arena(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    void *fields = NULL;

    test_case("parsed into the arena");
    CHECK_ERR(troth_snp_format.parse(&fields, NULL,
                                     (struct troth_span){raw, sizeof raw - 1}, &arena),
              TROTH_OK);
    CHECK(fields && ((struct troth_snp *)fields)->report.ptr == raw);
    CHECK(troth_snp_format.signed_time == NULL);

    test_case("too little memory");
    arena = (struct troth_arena){memory, 100, 0};
    CHECK_ERR(troth_snp_format.parse(&fields, NULL,
                                     (struct troth_span){raw, sizeof raw - 1}, &arena),
              TROTH_ERR_MEMORY);
    CHECK(fields == NULL);

    test_case("a fault is handed on");
    arena = (struct troth_arena){memory, sizeof memory, 0};
    CHECK_ERR(
        troth_snp_format.parse(&fields, &fault, (struct troth_span){raw, 100}, &arena),
        TROTH_ERR_SHORT);
    CHECK_TEXT(fault.field, "snp.report");
}

static void check_words(void)
{
    const struct troth_format *f = &troth_snp_format;

    test_case("the words of the family");
    CHECK_TEXT(f->name, "snp");
    CHECK_TEXT(f->nonce_claim, "snp.report_data");
    CHECK_TEXT(f->binding_claim, "snp.report_data");
    CHECK_TEXT(f->identity[0].claim, "snp.measurement");
    CHECK_TEXT(f->identity[0].label, "");
    CHECK_TEXT(f->identity[1].claim, NULL);
    CHECK(f->findings == troth_snp_findings);
}

/* Never a wrong no: whatever the parser reads was recognised. */
static void recognise_what_is_read(void)
{
    struct troth_snp snp;

    test_case("what the parser reads is recognised");
    for (unsigned version = 0; version < 512; version++) {
        struct troth_span report = {raw, TROTH_SNP_REPORT_SIZE};

        raw[0] = (uint8_t)version;
        raw[1] = (uint8_t)(version >> 8);
        if (troth_snp_parse(&snp, NULL, report) == TROTH_OK)
            CHECK(troth_snp_format.recognise(report));
        CHECK(troth_snp_format.recognise(report) == (version < 256));
    }
    raw[1] = 0;
}

int main(void)
{
    parse_into_arena();
    check_words();
    recognise_what_is_read();
    return test_finish();
}
