/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/tdx/tdx.h"

#include "evidence/claim_list.h"

#define X(...) +1
enum {
    FIELD_ROWS = 0 TROTH_TD10_REPORT(X) TROTH_TD15_REPORT(X) TROTH_TD15_EX_REPORT(X),
    BIT_ROWS = 0 TROTH_TD_ATTRIBUTES(X),
    OTHER_ROWS = 5,
};
#undef X

/* Any of the attributes' first byte lets the host look inside. */
static bool is_open(const struct troth_tdx *t)
{
    return t->td_attributes.ptr[0] != 0;
}

/* A field that the body's type does not have is unsaid. */
static void add_fields(struct troth_claim_list *list, const struct troth_tdx *t)
{
/* clang-format off */
#define X(name, size, kind, about)                                                      \
    troth_claim_add(list, "tdx." #name, about,                                          \
                    t->name.ptr ? troth_value_bytes(t->name) : troth_value_none());
    TROTH_TD10_REPORT(X) TROTH_TD15_REPORT(X) TROTH_TD15_EX_REPORT(X)
#undef X
    /* clang-format on */
}

static void add_bits(struct troth_claim_list *list, const struct troth_tdx *t)
{
    uint64_t attributes = troth_dcap_uint(t->td_attributes);

/* clang-format off */
#define X(number, name, wanted, about)                                                  \
    troth_claim_add(list, "tdx.td_attributes." #name, about,                            \
                    troth_value_bool(attributes >> (number) & 1));
    TROTH_TD_ATTRIBUTES(X)
#undef X
    /* clang-format on */
}

static void add_common(struct troth_claim_list *list, const struct troth_tdx *t)
{
    troth_claim_add(list, "kind", "family of the evidence", troth_value_text("tdx"));
    troth_claim_add(list, "debug", "the host can read the guest's memory",
                    troth_value_bool(is_open(t)));
    troth_claim_add(list, "nonce", "the challenge this answers",
                    troth_value_bytes(t->report_data));
    troth_claim_add(list, "tdx.quote_version", "format of the quote",
                    troth_value_uint(t->dcap.quote.number));
    troth_claim_add(list, "tdx.module_version", "version of the TDX module's interface",
                    troth_value_uint(t->tee_tcb_svn.ptr[1]));
}

enum troth_err troth_tdx_claims(struct troth_claims *out, const void *fields,
                                struct troth_arena *arena)
{
    const struct troth_tdx *t = fields;
    const struct troth_dcap *dcap = troth_dcap_with_pck(&t->dcap, arena);
    struct troth_claim_list list = troth_claim_list_in(
        arena, FIELD_ROWS + BIT_ROWS + OTHER_ROWS + TROTH_DCAP_CLAIMS);

    if (!dcap) {
        *out = (struct troth_claims){NULL, 0};
        return TROTH_ERR_MEMORY;
    }
    add_common(&list, t);
    add_fields(&list, t);
    add_bits(&list, t);
    troth_dcap_claims(&list, dcap);
    return troth_claim_list_finish(out, &list);
}
