/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/tsm_kind.h"

#include "base/cursor.h"
#include "base/span.h"

/* [SNP-ABI] Table 22, [TDX-DCAP] appendix A: where the 64 bytes are. */
enum {
    SNP_REPORT_SIZE = 1184,
    SNP_REPORT_DATA = 80,
    TDX_HEADER_SIZE = 48,
    TDX_REPORT_DATA = 520, /* in the body */
    TDX_BODY_SIZE = 584,   /* of version 4 */
    REPORT_DATA_SIZE = 64
};

static bool snp_answers(struct troth_span evidence, struct troth_span report_data)
{
    if (evidence.len != SNP_REPORT_SIZE)
        return false;
    return troth_span_equal(
        (struct troth_span){evidence.ptr + SNP_REPORT_DATA, REPORT_DATA_SIZE},
        report_data);
}

/* What stands behind the declared end is the device's padding: some fill a fixed size. */
static bool tdx_answers(struct troth_span evidence, struct troth_span report_data)
{
    struct troth_cursor c = troth_cursor_over(evidence);
    const uint16_t version = troth_cursor_u16le(&c, "version");
    uint32_t body_size = TDX_BODY_SIZE;

    (void)troth_cursor_bytes(&c, TDX_HEADER_SIZE - 2, "header");
    if (version >= 5) {
        (void)troth_cursor_u16le(&c, "body_type");
        body_size = troth_cursor_u32le(&c, "body_size");
    }
    const struct troth_span body = troth_cursor_bytes(&c, body_size, "body");
    const uint32_t rest = troth_cursor_u32le(&c, "signature_data_size");

    (void)troth_cursor_bytes(&c, rest, "signature_data");
    (void)troth_cursor_rest(&c, "padding");
    if (troth_cursor_finish(&c, NULL) || body.len < TDX_BODY_SIZE)
        return false;
    return troth_span_equal(
        (struct troth_span){body.ptr + TDX_REPORT_DATA, REPORT_DATA_SIZE}, report_data);
}

static const struct troth_tsm_kind kinds[] = {
    {
        .provider = "tdx_guest",
        .kind = "tdx",
        .has_rtmr = true,
        .answers = tdx_answers,
    },
    {
        .provider = "sev_guest",
        .kind = "snp",
        .has_table = true,
        .answers = snp_answers,
    },
};

const struct troth_tsm_kind *troth_tsm_kind_find(struct troth_span provider)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (troth_span_is_text(provider, kinds[i].provider))
            return &kinds[i];
    return NULL;
}
