/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "evidence/dcap/case.h"
#include "evidence/dcap/embedded.h"

/* Room for those of two chains and their lists. */
enum { CHAIN_SIGNATURES = 8 };

/* Hosts hand out fixed buffers; nothing behind the declared end is read. */
static void judge_trailing(struct troth_dcap_case *c)
{
    struct troth_span trailing = c->d->quote.trailing;
    struct troth_check row = {.id = TROTH_CHECK_TRAILING, .outcome = TROTH_PASSED};

    if (trailing.len > 0) {
        bool is_padding = troth_span_is_zero(trailing);

        row.why = is_padding ? "zero bytes follow the declared end"
                             : "bytes that nothing signs follow the declared end";
        row.seen = troth_value_uint(trailing.len);
        if (!is_padding)
            troth_limits_add(&c->j->not_proven, TROTH_LIMIT_UNSIGNED_BYTES);
    }
    troth_judge(c->j, row);
}

/* By the key that the quoting enclave certified. Never from the cache. */
static enum troth_err judge_signature(struct troth_dcap_case *c)
{
    const struct troth_quote *quote = &c->d->quote;
    uint8_t point[65] = {4};
    const struct troth_public_key key = {.kind = TROTH_KEY_P256,
                                         .point = TROTH_ARRAY_SPAN(point)};

    memcpy(point + 1, quote->attestation_key.ptr, sizeof point - 1);
    return troth_judge_signature(c->j, TROTH_ECDSA_P256_SHA256, &key,
                                 (struct troth_parts){&quote->signed_part, 1},
                                 quote->signature);
}

static enum troth_err judge(struct troth_dcap_case *c)
{
    static enum troth_err (*const steps[])(struct troth_dcap_case *) = {
        troth_dcap_judge_chains, troth_dcap_judge_statements,
        troth_dcap_judge_floors, troth_dcap_judge_enclave,
        judge_signature,
    };
    enum troth_err err = TROTH_OK;

    judge_trailing(c);
    for (size_t i = 0; !err && i < sizeof steps / sizeof steps[0]; i++)
        err = steps[i](c);
    if (!err && c->tee->is_tdx)
        err = troth_dcap_judge_module(c);
    return err ? err : troth_dcap_judge_status(c);
}

enum troth_err troth_dcap_verify(struct troth_judgement *j, struct troth_fault *fault,
                                 struct troth_dcap *d, const struct troth_dcap_tee *tee)
{
    const struct troth_verify_input *input = j->input;
    const struct troth_dcap_choice choice = {&input->collateral, input->anchors, j->at_s,
                                             tee->is_tdx};
    /* Both chains ask about the root's revocation list. */
    struct troth_cache_entry entries[CHAIN_SIGNATURES];
    struct troth_cache own;
    struct troth_dcap_case c = {
        .j = j, .d = d, .tee = tee, .cache = input->cache ? input->cache : &own};
    enum troth_err err = TROTH_OK;

    troth_cache_init(&own, entries, CHAIN_SIGNATURES);
    if (!d->embedded)
        err = troth_dcap_read_pck(d, &input->collateral, input->arena);
    if (!err && d->embedded->fault.err) {
        if (fault)
            *fault = d->embedded->fault;
        return d->embedded->fault.err;
    }
    if (!err)
        err = troth_dcap_endorsement_find(&c.e, d, &choice, input->arena);
    return err ? err : judge(&c);
}
