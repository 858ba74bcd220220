/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/nitro/nitro.h"

#include "base/arena.h"

static const struct troth_identity_row identity[] = {
    {"nitro.pcr0", "pcr0"},
    {"nitro.pcr1", "pcr1"},
    {"nitro.pcr2", "pcr2"},
    {NULL, NULL},
};

static const char *const machine_claims[] = {"nitro.module_id", "nitro.pcr4", NULL};
static const char *const findings[] = {"debug", NULL};

/* An array of four, tagged or not, whose first member is a byte string. */
static bool recognise(struct troth_span raw)
{
    size_t at = raw.len > 0 && raw.ptr[0] == 0xd2;

    return raw.len > at + 1 && raw.ptr[at] == 0x84 && raw.ptr[at + 1] >> 5 == 2;
}

static enum troth_err parse(void **out_fields, struct troth_fault *fault,
                            struct troth_span raw, struct troth_arena *arena)
{
    struct troth_nitro *d = troth_arena_take(arena, sizeof *d);

    *out_fields = d;
    return d ? troth_nitro_parse(d, fault, raw) : TROTH_ERR_MEMORY;
}

static int64_t signed_time(const void *fields)
{
    const struct troth_nitro *d = fields;

    return (int64_t)(d->timestamp_ms / 1000);
}

const struct troth_format troth_nitro_format = {
    .name = "nitro",
    .title = "AWS Nitro Enclaves attestation document",
    .identity = identity,
    .nonce_claim = "nitro.nonce",
    .binding_claim = "nitro.user_data",
    .event_claim = "nitro.pcr16",
    .machine_claims = machine_claims,
    .findings = findings,
    .recognise = recognise,
    .parse = parse,
    .signed_time = signed_time,
    .plan = troth_nitro_plan,
    .verify = troth_nitro_verify,
    .claims = troth_nitro_claims,
};
