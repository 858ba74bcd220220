/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/tdx/tdx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;

/* Where [TDX-DCAP] A.3.2 puts each field, written here once more. */
static const struct {
    size_t offset, size;
} places[] = {
    {0x000, 16}, {0x010, 48}, {0x040, 48}, {0x070, 8},  {0x078, 8},  {0x080, 8},
    {0x088, 48}, {0x0b8, 48}, {0x0e8, 48}, {0x118, 48}, {0x148, 48}, {0x178, 48},
    {0x1a8, 48}, {0x1d8, 48}, {0x208, 64}, {0x248, 16}, {0x258, 48}, {648, 1},
    {649, 32},   {681, 48},   {729, 48},   {777, 8},    {785, 16},   {801, 16},
    {817, 12},   {829, 48},   {877, 8},
};

static const struct {
    unsigned version;
    enum troth_quote_body body;
    size_t fields;
} bodies[] = {
    {4, TROTH_QUOTE_BODY_TD10, 15},
    {5, TROTH_QUOTE_BODY_TD10, 15},
    {5, TROTH_QUOTE_BODY_TD15, 17},
    {5, TROTH_QUOTE_BODY_TD15_EX, 27},
};

static void parse_bodies(void)
{
    struct troth_tdx tdx;

    for (size_t i = 0; i < COUNT(bodies); i++) {
        const uint8_t *body;
        size_t k = 0;

        test_case("version %u, body %d", bodies[i].version, bodies[i].body);
        handmade_quote(&made, bodies[i].version, bodies[i].body);
        body = made.bytes + made.at[AT_BODY];
        memset(&tdx, 0xaa, sizeof tdx);
        CHECK_ERR(troth_tdx_parse(&tdx, NULL, handmade_span(&made)), TROTH_OK);
        CHECK_INT(tdx.dcap.quote.body_type, bodies[i].body);
        CHECK(!tdx.dcap.has_pck && !tdx.dcap.tcb_info);
/* clang-format off */
#define X(name, bytes, kind, about)                                                      \
    CHECK(tdx.name.ptr == (k < bodies[i].fields ? body + places[k].offset : NULL));      \
    CHECK_INT(tdx.name.len, k < bodies[i].fields ? places[k].size : 0);                  \
    k++;
        TROTH_TD10_REPORT(X)
        TROTH_TD15_REPORT(X)
        TROTH_TD15_EX_REPORT(X)
#undef X
        /* clang-format on */
        CHECK_INT(k, COUNT(places));
    }
}

static void refuse(struct troth_span raw, enum troth_err err, const char *field,
                   size_t offset)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_tdx tdx;

    memset(&tdx, 0xaa, sizeof tdx);
    CHECK_ERR(troth_tdx_parse(&tdx, &fault, raw), err);
    CHECK_ERR(fault.err, err);
    CHECK_TEXT(fault.field, field);
    CHECK_INT(fault.offset, offset);
    CHECK(!tdx.mr_td.ptr && !tdx.dcap.quote.body.ptr);
    CHECK_ERR(troth_tdx_parse(&tdx, NULL, raw), err);
}

static void refuse_others(void)
{
    test_case("an enclave's quote");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
    refuse(handmade_span(&made), TROTH_ERR_VALUE, "dcap.quote.tee_type", 4);

    test_case("a container's fault is handed on");
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
    refuse((struct troth_span){made.bytes, 100}, TROTH_ERR_SHORT, "dcap.quote.body", 54);
}

int main(void)
{
    parse_bodies();
    refuse_others();
    return test_finish();
}
