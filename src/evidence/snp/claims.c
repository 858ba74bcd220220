/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/span.h"
#include "evidence/claim_list.h"

#define X(...) +1
enum {
    FIELD_ROWS = 0 TROTH_SNP_REPORT(X),
    BIT_ROWS = 0 TROTH_SNP_POLICY_BITS(X) TROTH_SNP_PLATFORM_BITS(X),
    TCB_ROWS = 4 * (TROTH_SNP_PART_COUNT - 1),
    OTHER_ROWS = 12,
};
#undef X

/* A field that came with a later version of the report is unsaid in an earlier one. */
static struct troth_value since(const struct troth_snp *s, uint64_t version,
                                struct troth_span field)
{
    return troth_snp_uint(s->version) >= version ? troth_value_uint(troth_snp_uint(field))
                                                 : troth_value_none();
}

static struct troth_value tcb_part(const struct troth_snp *s, struct troth_span tcb,
                                   enum troth_snp_tcb_part part)
{
    for (size_t i = 0; s->product && i < TROTH_SNP_TCB_SIZE; i++)
        if (s->product->part[i] == part)
            return troth_value_uint(tcb.ptr[i]);
    return troth_value_none();
}

static bool bit(struct troth_span field, unsigned number)
{
    return troth_snp_uint(field) >> number & 1;
}

/* clang-format off */
#define FIELD_UINT(name, about)   troth_value_uint(troth_snp_uint(s->name))
#define FIELD_BYTES(name, about)  troth_value_bytes(s->name)
#define FIELD_TCB(name, about)    troth_value_bytes(s->name)
#define FIELD_SINCE3(name, about) since(s, 3, s->name)
#define FIELD_SINCE5(name, about) since(s, 5, s->name)
#define FIELD_ZERO(name, about)   troth_value_none()
#define FIELD_OTHER(name, about)  troth_value_none()

static void add_fields(struct troth_claim_list *list, const struct troth_snp *s)
{
    /* Rows of kind ZERO and OTHER have nothing to say, and no text. */
#define X(name, size, kind, about)                                                      \
    if (sizeof(about) > 1)                                                              \
        troth_claim_add(list, "snp." #name, about, FIELD_##kind(name, about));
    TROTH_SNP_REPORT(X)
#undef X
}

static void add_bits(struct troth_claim_list *list, const struct troth_snp *s)
{
#define X(number, name, about) \
    troth_claim_add(list, "snp.policy." #name, about, troth_value_bool(bit(s->policy, number)));
    TROTH_SNP_POLICY_BITS(X)
#undef X
#define X(number, name, wanted, about) \
    troth_claim_add(list, "snp.platform." #name, about, troth_value_bool(bit(s->platform_info, number)));
    TROTH_SNP_PLATFORM_BITS(X)
#undef X
}

static void add_tcbs(struct troth_claim_list *list, const struct troth_snp *s)
{
#define PART(tcb, name) \
    troth_claim_add(list, "snp." #tcb "." #name, "version of that part", \
                    tcb_part(s, s->tcb, TROTH_SNP_PART_##name));
#define X(name) PART(current_tcb, name)
    TROTH_SNP_TCB_PARTS(X)
#undef X
#define X(name) PART(reported_tcb, name)
    TROTH_SNP_TCB_PARTS(X)
#undef X
#define X(name) PART(committed_tcb, name)
    TROTH_SNP_TCB_PARTS(X)
#undef X
#define X(name) PART(launch_tcb, name)
    TROTH_SNP_TCB_PARTS(X)
#undef X
#undef PART
}
/* clang-format on */

static struct troth_value signing_key(const struct troth_snp *s)
{
    switch (TROTH_SNP_SIGNING_KEY(troth_snp_uint(s->signer_info))) {
    case TROTH_SNP_VCEK:
        return troth_value_text("VCEK");
    case TROTH_SNP_VLEK:
        return troth_value_text("VLEK");
    case TROTH_SNP_NO_KEY:
        return troth_value_text("none");
    default:
        return troth_value_text("unknown");
    }
}

static void add_common(struct troth_claim_list *list, const struct troth_snp *s)
{
    uint64_t signer = troth_snp_uint(s->signer_info);
    bool has_chip = !troth_span_is_zero(s->chip_id);

    troth_claim_add(list, "kind", "family of the evidence", troth_value_text("snp"));
    troth_claim_add(list, "debug", "the host can read the guest's memory",
                    troth_value_bool(bit(s->policy, 19)));
    troth_claim_add(list, "nonce", "the challenge this answers",
                    troth_value_bytes(s->report_data));
    troth_claim_add(list, "hardware_id", "identity of the chip",
                    has_chip ? troth_value_bytes(s->chip_id) : troth_value_none());
    troth_claim_add(list, "snp.product", "processor product",
                    s->product ? troth_value_text(s->product->name) : troth_value_none());
    troth_claim_add(list, "snp.signing_key", "kind of key that signs", signing_key(s));
    troth_claim_add(list, "snp.author_key_en", "author_key_digest has a meaning",
                    troth_value_bool(signer & TROTH_SNP_AUTHOR_KEY_EN));
    troth_claim_add(list, "snp.mask_chip_key", "the host hides chip_id",
                    troth_value_bool(signer & TROTH_SNP_MASK_CHIP_KEY));
    troth_claim_add(list, "snp.csp_id", "whom AMD issued the VLEK to",
                    s->csp_id.ptr ? troth_value_text_span(s->csp_id)
                                  : troth_value_none());
    troth_claim_add(list, "snp.policy.abi_minor", "lowest firmware ABI, minor",
                    troth_value_uint(s->policy.ptr[0]));
    troth_claim_add(list, "snp.policy.abi_major", "lowest firmware ABI, major",
                    troth_value_uint(s->policy.ptr[1]));
}

enum troth_err troth_snp_claims(struct troth_claims *out, const void *fields,
                                struct troth_arena *arena)
{
    const struct troth_snp *s = fields;
    struct troth_claim_list list = troth_claim_list_in(arena, FIELD_ROWS + BIT_ROWS +
                                                                  TCB_ROWS + OTHER_ROWS);

    add_common(&list, s);
    add_fields(&list, s);
    add_tcbs(&list, s);
    add_bits(&list, s);
    return troth_claim_list_finish(out, &list);
}
