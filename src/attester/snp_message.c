/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/snp_message.h"

#include "base/cursor.h"
#include "base/span.h"

enum { GUID_SIZE = 16 };

enum troth_err troth_snp_answer_parse(struct troth_span *out_report, uint32_t *out_status,
                                      struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    const uint32_t status = troth_cursor_u32le(&c, "snp.answer.status");
    const uint32_t size = troth_cursor_u32le(&c, "snp.answer.report_size");

    (void)troth_cursor_bytes(&c, 24, "snp.answer.reserved");
    *out_report = (struct troth_span){0};
    *out_status = c.fault.err ? 0 : status;
    if (!c.fault.err && status != 0)
        return TROTH_OK;
    troth_cursor_expect(&c, size == TROTH_SNP_REPORT_SIZE, TROTH_ERR_VALUE,
                        "snp.answer.report_size");

    const struct troth_span report = troth_cursor_bytes(&c, size, "snp.answer.report");

    (void)troth_cursor_rest(&c, "snp.answer.unused");

    const enum troth_err err = troth_cursor_finish(&c, NULL);

    if (!err)
        *out_report = report;
    return err;
}

struct troth_span troth_snp_table_trim(struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    uint64_t end = 0;

    for (;;) {
        const struct troth_span guid = troth_cursor_bytes(&c, GUID_SIZE, "snp.table");
        const uint64_t offset = troth_cursor_u32le(&c, "snp.table");
        const uint64_t len = troth_cursor_u32le(&c, "snp.table");

        if (c.fault.err || offset + len > raw.len)
            return (struct troth_span){0};
        if (troth_span_is_zero(guid) && offset == 0 && len == 0)
            break;
        if (offset + len > end)
            end = offset + len;
    }
    return troth_span_slice(raw, 0, (size_t)end);
}
