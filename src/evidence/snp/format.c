/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "base/span.h"

static const struct troth_identity_row identity[] = {
    {"snp.measurement", ""},
    {NULL, NULL},
};

static const char *const machine_claims[] = {"hardware_id", "snp.chip_id", NULL};

/*
 * A report has no magic number: its version, a small number, stands first, and a device
 * response starts with status 0 and the report's size.
 */
static bool recognise(struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    uint32_t first = troth_cursor_u32le(&c, NULL);
    uint32_t second = troth_cursor_u32le(&c, NULL);

    if (c.fault.err)
        return false;
    return (first >= 1 && first <= 255) ||
           (first == 0 && second == TROTH_SNP_REPORT_SIZE) ||
           (first == 0 && raw.len == TROTH_SNP_REPORT_SIZE);
}

static enum troth_err parse(void **out_fields, struct troth_fault *fault,
                            struct troth_span raw, struct troth_arena *arena)
{
    struct troth_snp *s = troth_arena_take(arena, sizeof *s);

    *out_fields = s;
    return s ? troth_snp_parse(s, fault, raw) : TROTH_ERR_MEMORY;
}

const struct troth_format troth_snp_format = {
    .name = "snp",
    .title = "AMD SEV-SNP attestation report",
    .identity = identity,
    .nonce_claim = "snp.report_data",
    .binding_claim = "snp.report_data",
    .machine_claims = machine_claims,
    .findings = troth_snp_findings,
    .recognise = recognise,
    .parse = parse,
    .signed_time = NULL,
    .plan = troth_snp_plan,
    .verify = troth_snp_verify,
    .needs = troth_snp_needs,
    .claims = troth_snp_claims,
};
