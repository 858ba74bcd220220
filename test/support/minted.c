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
