/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/tdx/tdx.h"

#include "base/arena.h"

static const struct troth_identity_row identity[] = {
    {"tdx.mr_td", "mr_td"},
    {"tdx.rtmr0", "rtmr0"},
    {"tdx.rtmr1", "rtmr1"},
    {"tdx.rtmr2", "rtmr2"},
    {"tdx.mr_config_id", "mr_config_id"},
    {NULL, NULL},
};

static const char *const machine_claims[] = {"hardware_id", "dcap.ppid",
                                             "dcap.platform_instance_id", NULL};

static bool recognise(struct troth_span raw)
{
    return troth_quote_recognise(raw, TROTH_QUOTE_TEE_TDX);
}

static enum troth_err parse(void **out_fields, struct troth_fault *fault,
                            struct troth_span raw, struct troth_arena *arena)
{
    struct troth_tdx *t = troth_arena_take(arena, sizeof *t);

    *out_fields = t;
    return t ? troth_tdx_parse(t, fault, raw) : TROTH_ERR_MEMORY;
}

static void needs(struct troth_need_list *list, const void *fields,
                  const struct troth_collateral *collateral)
{
    const struct troth_tdx *t = fields;

    troth_dcap_needs(list, &t->dcap, collateral);
}

const struct troth_format troth_tdx_format = {
    .name = "tdx",
    .title = "Intel TDX quote",
    .identity = identity,
    .nonce_claim = "tdx.report_data",
    .binding_claim = "tdx.report_data",
    .event_claim = "tdx.rtmr3",
    .machine_claims = machine_claims,
    .findings = troth_tdx_findings,
    .recognise = recognise,
    .parse = parse,
    .signed_time = NULL,
    .plan = troth_tdx_plan,
    .verify = troth_tdx_verify,
    .needs = needs,
    .claims = troth_tdx_claims,
};
