/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/collateral.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "evidence/dcap/qe_identity.h"
#include "evidence/dcap/tcb_info.h"
#include "pki/cert.h"
#include "pki/crl.h"

/* What an item is to become. */
struct prepared {
    const void *parsed;
    uint8_t sha256[32];
};

/* Intel's JSON is signed with P-256 and carries r ‖ s. */
#define STATEMENT_SIGNATURE 64

static enum troth_err parse_cert(struct prepared *out, struct troth_fault *fault,
                                 struct troth_span bytes, struct troth_arena *arena)
{
    struct troth_cert *cert = troth_arena_take(arena, sizeof *cert);
    uint8_t *sha256 = troth_arena_take(arena, sizeof out->sha256);

    if (!cert || !sha256)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "collateral");
    enum troth_err err = troth_cert_parse(cert, fault, bytes);

    memcpy(sha256, out->sha256, sizeof out->sha256);
    cert->sha256 = sha256;
    out->parsed = cert;
    return err;
}

static enum troth_err parse_crl(struct prepared *out, struct troth_fault *fault,
                                struct troth_span bytes, struct troth_arena *arena)
{
    struct troth_crl *crl = troth_arena_take(arena, sizeof *crl);
    uint8_t *sha256 = troth_arena_take(arena, sizeof out->sha256);

    if (!crl || !sha256)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "collateral");
    enum troth_err err = troth_crl_parse(crl, fault, bytes);

    memcpy(sha256, out->sha256, sizeof out->sha256);
    crl->sha256 = sha256;
    out->parsed = crl;
    return err;
}

static enum troth_err parse_tcb_info(struct prepared *out, struct troth_fault *fault,
                                     struct troth_span bytes, struct troth_arena *arena)
{
    struct troth_tcb_info *info = troth_arena_take(arena, sizeof *info);

    out->parsed = info;
    if (!info)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "collateral");
    return troth_tcb_info_parse(info, fault, bytes, arena);
}

static enum troth_err parse_qe_identity(struct prepared *out, struct troth_fault *fault,
                                        struct troth_span bytes,
                                        struct troth_arena *arena)
{
    struct troth_qe_identity *identity = troth_arena_take(arena, sizeof *identity);

    out->parsed = identity;
    if (!identity)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "collateral");
    return troth_qe_identity_parse(identity, fault, bytes, arena);
}

/* One row a kind; a row of nothing for numbers that are no kind. */
static const struct {
    enum troth_err (*parse)(struct prepared *out, struct troth_fault *fault,
                            struct troth_span bytes, struct troth_arena *arena);
    size_t signature_len;
} kinds[] = {
    [TROTH_COLLATERAL_CERTIFICATE] = {parse_cert, 0},
    [TROTH_COLLATERAL_CRL] = {parse_crl, 0},
    [TROTH_COLLATERAL_TCB_INFO] = {parse_tcb_info, STATEMENT_SIGNATURE},
    [TROTH_COLLATERAL_QE_IDENTITY] = {parse_qe_identity, STATEMENT_SIGNATURE},
};

static enum troth_err prepare(struct prepared *out, struct troth_fault *fault,
                              const struct troth_collateral_item *item,
                              const struct troth_crypto *crypto,
                              struct troth_arena *arena)
{
    const struct troth_span parts[] = {item->bytes, item->signature};
    size_t kind = (size_t)item->kind;

    if (kind >= sizeof kinds / sizeof kinds[0] || !kinds[kind].parse)
        return troth_fault_set(fault, TROTH_ERR_KIND, "collateral.kind");
    /* What is hashed does not say where the signature begins: its length does. */
    if (item->signature.len != kinds[kind].signature_len)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "collateral.signature");
    if (crypto->ops->digest(crypto->state, out->sha256, TROTH_SHA256,
                            (struct troth_parts){parts, 2}))
        return troth_fault_set(fault, TROTH_ERR_CRYPTO, "collateral");
    return kinds[kind].parse(out, fault, item->bytes, arena);
}

enum troth_err troth_collateral_prepare(struct troth_collateral_item *items, size_t count,
                                        size_t *failed, struct troth_fault *fault,
                                        const struct troth_crypto *crypto,
                                        struct troth_arena *arena)
{
    struct prepared all[TROTH_COLLATERAL_MAX];
    size_t used = arena->used;
    enum troth_err err = TROTH_OK;
    size_t i;

    if (failed)
        *failed = 0;
    if (count > TROTH_COLLATERAL_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "collateral");
    (void)troth_fault_set(fault, TROTH_OK, NULL);
    for (i = 0; i < count; i++) {
        if (!items[i].parsed)
            err = prepare(&all[i], fault, &items[i], crypto, arena);
        if (err)
            break;
    }
    if (err) {
        if (failed)
            *failed = i;
        arena->used = used;
        return err;
    }
    for (i = 0; i < count; i++) {
        if (items[i].parsed)
            continue;
        items[i].parsed = all[i].parsed;
        memcpy(items[i].sha256, all[i].sha256, sizeof items[i].sha256);
    }
    return TROTH_OK;
}
