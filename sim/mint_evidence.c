/* What is written for each kind of evidence. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mint.h"

#include "sim/mint_file.h"
#include "sim/mint_set.h"

void mint_nitro(const struct mint_order *order, struct sim_keyring *ring)
{
    struct sim_nitro doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_nitro_default(&doc, ring, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_nitro_set_debug(&doc);
        mint_set_nitro(&doc, order);
        mint_write(order, "evidence", "bin", i, sim_nitro_mint(&doc));
        if (i == 0)
            mint_write_cert(order, "root", 0, &doc.certs[SIM_NITRO_ROOT]);
    }
}

static void mint_snp(const struct mint_order *order, struct sim_keyring *ring,
                     enum sim_snp_product product)
{
    struct sim_snp doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_snp_default(&doc, ring, product, SIM_VCEK, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_snp_set_debug(&doc);
        mint_set_snp(&doc, order);
        mint_write(order, "evidence", "bin", i, sim_snp_mint(&doc));
        mint_write_cert(order, "vek", i, &doc.certs[SIM_SNP_VEK]);
        if (i == 0) {
            mint_write_cert(order, "root", 0, &doc.certs[SIM_SNP_ARK]);
            mint_write_snp_shared(order, &doc);
        }
    }
}

void mint_milan(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_MILAN);
}

void mint_genoa(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_GENOA);
}

void mint_turin(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_TURIN);
}

static void mint_intel(const struct mint_order *order, struct sim_keyring *ring,
                       enum sim_intel_kind kind)
{
    static struct sim_intel doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_intel_default(&doc, ring, kind, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_intel_set_debug(&doc);
        if (order->is_old)
            sim_intel_set_status(&doc, SIM_OUT_OF_DATE);
        mint_set_intel(&doc, order);
        mint_write(order, "evidence", "bin", i, sim_intel_mint(&doc));
        if (i == 0) {
            mint_write_cert(order, "root", 0, &doc.certs[SIM_INTEL_ROOT]);
            mint_write_intel_shared(order, &doc);
        }
        if (i % SIM_INTEL_PER_FMSPC == 0)
            mint_write_intel_group(order, i / SIM_INTEL_PER_FMSPC, &doc);
    }
}

void mint_sgx(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_intel(order, ring, SIM_SGX_V3);
}

void mint_tdx(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_intel(order, ring, SIM_TDX_V4);
}

void mint_tdx15(const struct mint_order *order, struct sim_keyring *ring)
{
    mint_intel(order, ring, SIM_TDX_V5_TD15);
}
