/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/sgx/sgx.h"

#include "evidence/claim_list.h"

#define X(...) +1
enum {
    FIELD_ROWS = 0 TROTH_SGX_REPORT(X),
    BIT_ROWS = 0 TROTH_SGX_FLAGS(X),
    OTHER_ROWS = 4,
};
#undef X

/* clang-format off */
#define FIELD_UINT(name)  troth_value_uint(troth_dcap_uint(s->body.name))
#define FIELD_BYTES(name) troth_value_bytes(s->body.name)
#define FIELD_ZERO(name)  troth_value_none()

static void add_fields(struct troth_claim_list *list, const struct troth_sgx *s)
{
    /* Rows of kind ZERO have nothing to say, and no text. */
#define X(name, size, kind, about)                                                      \
    if (sizeof(about) > 1)                                                              \
        troth_claim_add(list, "sgx." #name, about, FIELD_##kind(name));
    TROTH_SGX_REPORT(X)
#undef X
}

static void add_bits(struct troth_claim_list *list, const struct troth_sgx *s)
{
    uint64_t flags = troth_sgx_flags(&s->body);

#define X(number, name, about)                                                          \
    troth_claim_add(list, "sgx.attributes." #name, about,                               \
                    troth_value_bool(flags >> (number) & 1));
    TROTH_SGX_FLAGS(X)
#undef X
}
/* clang-format on */

static void add_common(struct troth_claim_list *list, const struct troth_sgx *s)
{
    bool debug = troth_sgx_flags(&s->body) & TROTH_SGX_FLAG_DEBUG;

    troth_claim_add(list, "kind", "family of the evidence", troth_value_text("sgx"));
    troth_claim_add(list, "debug", "the host can read the enclave's memory",
                    troth_value_bool(debug));
    troth_claim_add(list, "nonce", "the challenge this answers",
                    troth_value_bytes(s->body.report_data));
    troth_claim_add(list, "sgx.quote_version", "format of the quote",
                    troth_value_uint(s->dcap.quote.number));
}

enum troth_err troth_sgx_claims(struct troth_claims *out, const void *fields,
                                struct troth_arena *arena)
{
    const struct troth_sgx *s = fields;
    const struct troth_dcap *dcap = troth_dcap_with_pck(&s->dcap, arena);
    struct troth_claim_list list = troth_claim_list_in(
        arena, FIELD_ROWS + BIT_ROWS + OTHER_ROWS + TROTH_DCAP_CLAIMS);

    if (!dcap) {
        *out = (struct troth_claims){NULL, 0};
        return TROTH_ERR_MEMORY;
    }
    add_common(&list, s);
    add_fields(&list, s);
    add_bits(&list, s);
    troth_dcap_claims(&list, dcap);
    return troth_claim_list_finish(out, &list);
}
