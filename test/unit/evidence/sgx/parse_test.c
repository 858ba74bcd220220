/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/sgx/sgx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;

static void parse_versions(void)
{
    struct troth_sgx sgx;

    for (unsigned version = 3; version <= 5; version++) {
        const uint8_t *body;

        test_case("version %u", version);
        handmade_quote(&made, version, TROTH_QUOTE_BODY_SGX);
        body = made.bytes + made.at[AT_BODY];
        memset(&sgx, 0xaa, sizeof sgx);
        CHECK_ERR(troth_sgx_parse(&sgx, NULL, handmade_span(&made)), TROTH_OK);
        CHECK_INT(sgx.dcap.quote.number, version);
        CHECK(sgx.body.cpu_svn.ptr == body);
        CHECK(sgx.body.mr_enclave.ptr == body + 64);
        CHECK(sgx.body.report_data.ptr == body + 320);
        CHECK(!sgx.dcap.has_pck && !sgx.dcap.tcb_info);
        CHECK_INT(sgx.dcap.status, TROTH_TCB_NONE);
    }
}

static void refuse(struct troth_span raw, enum troth_err err, const char *field,
                   size_t offset)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_sgx sgx;

    memset(&sgx, 0xaa, sizeof sgx);
    CHECK_ERR(troth_sgx_parse(&sgx, &fault, raw), err);
    CHECK_ERR(fault.err, err);
    CHECK_TEXT(fault.field, field);
    CHECK_INT(fault.offset, offset);
    CHECK(!sgx.body.mr_enclave.ptr && !sgx.dcap.quote.body.ptr);
    CHECK_ERR(troth_sgx_parse(&sgx, NULL, raw), err);
}

static void refuse_others(void)
{
    test_case("a trust domain's quote");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    refuse(handmade_span(&made), TROTH_ERR_VALUE, "dcap.quote.tee_type", 4);

    test_case("a container's fault is handed on");
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    refuse((struct troth_span){made.bytes, 100}, TROTH_ERR_SHORT, "dcap.quote.body", 48);
}

int main(void)
{
    parse_versions();
    refuse_others();
    return test_finish();
}
