/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/sgx/sgx.h"

#include "base/arena.h"

static const struct troth_identity_row identity[] = {
    {"sgx.mr_enclave", "mr_enclave"},
    {"sgx.attributes", "attributes"},
    {"sgx.config_id", "config_id"},
    {NULL, NULL},
};

static const char *const machine_claims[] = {"hardware_id", "dcap.ppid",
                                             "dcap.platform_instance_id", NULL};

static bool recognise(struct troth_span raw)
{
    return troth_quote_recognise(raw, TROTH_QUOTE_TEE_SGX);
}

static enum troth_err parse(void **out_fields, struct troth_fault *fault,
                            struct troth_span raw, struct troth_arena *arena)
{
    struct troth_sgx *s = troth_arena_take(arena, sizeof *s);

    *out_fields = s;
    return s ? troth_sgx_parse(s, fault, raw) : TROTH_ERR_MEMORY;
}

static void needs(struct troth_need_list *list, const void *fields,
                  const struct troth_collateral *collateral)
{
    const struct troth_sgx *s = fields;

    troth_dcap_needs(list, &s->dcap, collateral);
}

const struct troth_format troth_sgx_format = {
    .name = "sgx",
    .title = "Intel SGX quote",
    .identity = identity,
    .nonce_claim = "sgx.report_data",
    .binding_claim = "sgx.report_data",
    .machine_claims = machine_claims,
    .findings = troth_sgx_findings,
    .recognise = recognise,
    .parse = parse,
    .signed_time = NULL,
    .plan = troth_sgx_plan,
    .verify = troth_sgx_verify,
    .needs = needs,
    .claims = troth_sgx_claims,
};
