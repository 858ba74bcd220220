/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/evidence.h"

#include <stdio.h>
#include <stdlib.h>

#include "pki/cert.h"
#include "sim/nitro.h"
#include "sim/snp.h"

static void need(enum troth_err err, const char *what)
{
    if (err) {
        fprintf(stderr, "bench: %s: %s\n", what, troth_err_text(err));
        exit(2);
    }
}

static void make_nitro(struct bench_evidence *all, struct sim_keyring *ring,
                       const struct troth_crypto *crypto)
{
    struct sim_nitro *document = malloc(sizeof *document);

    if (!document)
        exit(2);
    for (unsigned i = 0; i < BENCH_PIECES; i++) {
        sim_nitro_default(document, ring, i, BENCH_TIME_S);
        all->nitro[i] = sim_bytes_span(sim_nitro_mint(document));
        need(troth_nitro_parse(&all->nitro_fields[i], NULL, all->nitro[i]), "nitro");
    }
    need(troth_anchor_from_certificate(&all->anchors[0], NULL, crypto,
                                       all->nitro_fields[0].bundle[0]),
         "nitro root");
    free(document);
}

/* What the built-in table says of a genuine one. */
static void pin_ask(struct bench_evidence *all)
{
    struct troth_cert ask;

    need(troth_cert_parse(&ask, NULL, all->ask), "ASK");
    all->pinned_ask = (struct troth_anchor){
        .name = "simulated ASK",
        .role = TROTH_ANCHOR_AMD_ASK,
        .product = "Genoa",
        .subject = ask.subject,
        .serial = ask.serial,
        .key_id = ask.subject_key_id,
        .key = ask.key,
        .not_before_s = ask.not_before_s,
        .not_after_s = ask.not_after_s,
        .may_not_sign_lists = true,
    };
}

static void make_snp(struct bench_evidence *all, struct sim_keyring *ring,
                     const struct troth_crypto *crypto)
{
    struct sim_snp *report = malloc(sizeof *report);

    if (!report)
        exit(2);
    for (unsigned i = 0; i < BENCH_PIECES; i++) {
        sim_snp_default(report, ring, SIM_GENOA, SIM_VCEK, i, BENCH_TIME_S);
        if (i == 0) {
            all->ark = sim_bytes_span(sim_cert_mint(&report->certs[SIM_SNP_ARK]));
            all->ask = sim_bytes_span(sim_cert_mint(&report->certs[SIM_SNP_ASK]));
            all->crl = sim_bytes_span(sim_crl_mint(&report->crl));
        }
        all->snp[i] = sim_bytes_span(sim_snp_mint(report));
        all->snp_collateral[i][0] = (struct troth_collateral_item){
            TROTH_COLLATERAL_CERTIFICATE,
            sim_bytes_span(sim_cert_mint(&report->certs[SIM_SNP_VEK]))};
        all->snp_collateral[i][1] = (struct troth_collateral_item){
            TROTH_COLLATERAL_CERTIFICATE, all->ask};
        all->snp_collateral[i][2] = (struct troth_collateral_item){TROTH_COLLATERAL_CRL,
                                                                   all->crl};
    }
    need(troth_anchor_from_certificate(&all->anchors[1], NULL, crypto, all->ark),
         "AMD root");
    pin_ask(all);
    free(report);
}

const struct bench_evidence *bench_evidence_make(const struct troth_crypto *crypto)
{
    struct bench_evidence *all = calloc(1, sizeof *all);
    struct sim_keyring *ring = sim_keyring_create(1);

    if (!all || !ring)
        exit(2);
    make_nitro(all, ring, crypto);
    make_snp(all, ring, crypto);
    sim_keyring_destroy(ring);
    return all;
}
