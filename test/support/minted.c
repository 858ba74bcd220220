/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/minted.h"

#include <stdlib.h>

struct troth_span minted_keep(struct trial *t, struct sim_bytes bytes)
{
    struct troth_span kept = trial_keep(t, sim_bytes_span(bytes));

    sim_bytes_free(&bytes);
    return kept;
}

struct troth_span minted_nitro(struct trial *t, const struct sim_nitro *doc)
{
    trial_add_root(t, minted_keep(t, sim_cert_mint(&doc->certs[SIM_NITRO_ROOT])));
    return minted_keep(t, sim_nitro_mint(doc));
}

void minted_add(struct trial *t, enum troth_collateral_kind kind, struct sim_bytes bytes,
                struct sim_bytes signature)
{
    if (t->item_count == TROTH_COLLATERAL_MAX)
        abort();
    t->items[t->item_count++] = (struct troth_collateral_item){
        .kind = kind,
        .bytes = minted_keep(t, bytes),
        .signature = minted_keep(t, signature)};
}

void minted_add_tcb_info(struct trial *t, const struct sim_intel *doc)
{
    minted_add(t, TROTH_COLLATERAL_TCB_INFO, sim_intel_tcb_info(doc),
               sim_intel_tcb_info_signature(doc));
}

void minted_add_qe_identity(struct trial *t, const struct sim_intel *doc)
{
    minted_add(t, TROTH_COLLATERAL_QE_IDENTITY, sim_intel_qe_identity(doc),
               sim_intel_qe_identity_signature(doc));
}

static void add_cert(struct trial *t, const struct sim_cert *cert)
{
    if (trial_add_collateral(t, minted_keep(t, sim_cert_mint(cert))))
        abort();
}

struct troth_span minted_snp(struct trial *t, const struct sim_snp *doc)
{
    const bool is_vlek = doc->signer == SIM_VLEK;

    trial_add_root(t, minted_keep(t, sim_cert_mint(&doc->certs[SIM_SNP_ARK])));
    add_cert(t, &doc->certs[is_vlek ? SIM_SNP_ASVK : SIM_SNP_ASK]);
    add_cert(t, &doc->certs[SIM_SNP_VEK]);
    if (trial_add_collateral(t, minted_keep(t, sim_crl_mint(&doc->crl))))
        abort();
    return minted_keep(t, sim_snp_mint(doc));
}

static void add_place(struct trial *t, const struct sim_intel *doc,
                      enum sim_intel_place place)
{
    minted_add(t, TROTH_COLLATERAL_CERTIFICATE, sim_intel_mint_cert(doc, place),
               (struct sim_bytes){0});
}

struct troth_span minted_intel(struct trial *t, const struct sim_intel *doc)
{
    trial_add_root(t, minted_keep(t, sim_intel_mint_cert(doc, SIM_INTEL_ROOT)));
    add_place(t, doc, SIM_INTEL_TCB_SIGNER);
    minted_add(t, TROTH_COLLATERAL_CRL, sim_crl_mint(&doc->root_crl),
               (struct sim_bytes){0});
    minted_add(t, TROTH_COLLATERAL_CRL, sim_crl_mint(&doc->pck_crl),
               (struct sim_bytes){0});
    minted_add_tcb_info(t, doc);
    minted_add_qe_identity(t, doc);
    if (doc->quote.certification_type != 5) {
        add_place(t, doc, SIM_INTEL_PCK);
        add_place(t, doc, doc->ca);
    }
    return minted_keep(t, sim_intel_mint(doc));
}
