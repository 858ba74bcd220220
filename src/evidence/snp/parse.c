/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/cursor.h"
#include "base/span.h"
#include "evidence/snp_table.h"

#define X(name, size, kind, about) +(size)
_Static_assert((0 TROTH_SNP_REPORT(X)) == TROTH_SNP_REPORT_SIZE, "rows must tile");
#undef X

uint64_t troth_snp_uint(struct troth_span field)
{
    uint64_t value = 0;

    for (size_t i = field.len; i > 0; i--)
        value = value << 8 | field.ptr[i - 1];
    return value;
}

/* spec: [SNP-ABI] table 25 MSG_REPORT_RSP: status 0, the report's size, 24 zero bytes. */
static bool is_response(struct troth_span raw)
{
    static const uint8_t head[TROTH_SNP_RESPONSE_HEAD] = {
        0, 0, 0, 0, TROTH_SNP_REPORT_SIZE & 0xff, TROTH_SNP_REPORT_SIZE >> 8};

    return troth_span_starts_with(raw, (struct troth_span)TROTH_ARRAY_SPAN(head));
}

static bool is_known_version(uint64_t version)
{
    return version == 2 || version == 3 || version == 5;
}

static enum troth_err parse_report(struct troth_snp *s, struct troth_fault *fault)
{
    struct troth_cursor c = troth_cursor_over(s->report);

#define X(name, size, kind, about) s->name = troth_cursor_bytes(&c, size, "snp." #name);
    TROTH_SNP_REPORT(X)
#undef X
    return troth_cursor_finish(&c, fault);
}

static enum troth_err fail(struct troth_snp *out, struct troth_fault *fault,
                           enum troth_err err, const char *field)
{
    *out = (struct troth_snp){0};
    if (fault)
        *fault = (struct troth_fault){err, field, 0};
    return err;
}

enum troth_err troth_snp_parse(struct troth_snp *out, struct troth_fault *fault,
                               struct troth_span raw)
{
    struct troth_span rest;

    *out = (struct troth_snp){0};
    out->in_response = is_response(raw);
    if (out->in_response)
        raw = troth_span_slice(raw, TROTH_SNP_RESPONSE_HEAD, raw.len);
    if (raw.len < TROTH_SNP_REPORT_SIZE)
        return fail(out, fault, TROTH_ERR_SHORT, "snp.report");
    out->report = troth_span_slice(raw, 0, TROTH_SNP_REPORT_SIZE);
    rest = troth_span_slice(raw, TROTH_SNP_REPORT_SIZE, raw.len);
    if (troth_snp_table_recognise(rest))
        out->table = rest;
    else
        out->trailing = rest;

    enum troth_err err = parse_report(out, fault);
    if (err)
        return fail(out, fault, err, "snp.report");
    if (!is_known_version(troth_snp_uint(out->version)))
        return fail(out, fault, TROTH_ERR_VERSION, "snp.version");
    if (troth_snp_uint(out->version) >= 3)
        out->product = troth_snp_product_by_cpuid(out->cpuid_family.ptr[0],
                                                  out->cpuid_model.ptr[0]);
    return TROTH_OK;
}
