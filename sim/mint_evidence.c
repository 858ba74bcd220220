/* What is written for each kind of evidence. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/intel_bundle.h"
#include "sim/mint_set.h"
#include "sim/pem.h"

_Noreturn static void fail(const char *what, const char *subject)
{
    (void)fprintf(stderr, "troth-mint: error: %s '%s'%s%s\n", what, subject,
                  errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

void mint_make_directory(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fail("cannot create", path);
    errno = 0;
}

/* Write and free. Files after the first of each kind carry their number. */
static void write_file(const struct mint_order *order, const char *stem,
                       const char *ending, uint64_t number, struct sim_bytes content)
{
    char path[4096];
    char which[24] = "";

    if (number > 0)
        (void)snprintf(which, sizeof which, "-%llu", (unsigned long long)number);
    if (snprintf(path, sizeof path, "%s/%s%s.%s", order->directory, stem, which,
                 ending) >= (int)sizeof path)
        fail("name is too long for", order->directory);

    FILE *file = fopen(path, "wb");
    if (!file)
        fail("cannot create", path);
    const bool is_written = fwrite(content.ptr, 1, content.len, file) == content.len;
    if (fclose(file) != 0 || !is_written)
        fail("cannot write", path);
    sim_bytes_free(&content);
}

static void write_pem(const struct mint_order *order, const char *stem, const char *label,
                      uint64_t number, struct sim_bytes der)
{
    write_file(order, stem, "pem", number, sim_pem_mint(label, sim_bytes_span(der)));
    sim_bytes_free(&der);
}

static void write_cert(const struct mint_order *order, const char *stem, uint64_t number,
                       const struct sim_cert *cert)
{
    write_pem(order, stem, "CERTIFICATE", number, sim_cert_mint(cert));
}

void mint_nitro(const struct mint_order *order, struct sim_keyring *ring)
{
    struct sim_nitro doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_nitro_default(&doc, ring, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_nitro_set_debug(&doc);
        mint_set_nitro(&doc, order);
        write_file(order, "evidence", "bin", i, sim_nitro_mint(&doc));
        if (i == 0)
            write_cert(order, "root", 0, &doc.certs[SIM_NITRO_ROOT]);
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
        write_file(order, "evidence", "bin", i, sim_snp_mint(&doc));
        write_cert(order, "vek", i, &doc.certs[SIM_SNP_VEK]);
        if (i == 0) {
            write_cert(order, "root", 0, &doc.certs[SIM_SNP_ARK]);
            write_cert(order, "ask", 0, &doc.certs[SIM_SNP_ASK]);
            write_pem(order, "crl", "X509 CRL", 0, sim_crl_mint(&doc.crl));
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

/* What all platforms share, lists and documents as the service sends them. */
static void write_shared(const struct mint_order *order, const struct sim_intel *doc)
{
    char folder[4096];

    if (snprintf(folder, sizeof folder, "%s/collateral", order->directory) >=
        (int)sizeof folder)
        fail("name is too long for", order->directory);
    mint_make_directory(folder);
    write_cert(order, "root", 0, &doc->certs[SIM_INTEL_ROOT]);
    write_file(order, "collateral/qe-identity", "json", 0,
               sim_intel_qe_identity_document(doc));
    write_file(order, "collateral/tcb-signing-chain", "pem", 0,
               sim_intel_signer_chain(doc));
    write_file(order, "collateral/root-crl", "der", 0, sim_crl_mint(&doc->root_crl));
    write_file(order, "collateral/pck-crl", "der", 0, sim_crl_mint(&doc->pck_crl));
}

static void mint_intel(const struct mint_order *order, struct sim_keyring *ring,
                       enum sim_intel_kind kind)
{
    static struct sim_intel doc;

    for (uint64_t i = 0; i < order->count; i++) {
        const uint64_t group = i / SIM_INTEL_PER_FMSPC;

        sim_intel_default(&doc, ring, kind, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_intel_set_debug(&doc);
        if (order->is_old)
            sim_intel_set_status(&doc, SIM_OUT_OF_DATE);
        mint_set_intel(&doc, order);
        write_file(order, "evidence", "bin", i, sim_intel_mint(&doc));
        if (i == 0)
            write_shared(order, &doc);
        if (i % SIM_INTEL_PER_FMSPC == 0) {
            write_file(order, "collateral/tcb-info", "json", group,
                       sim_intel_tcb_info_document(&doc));
            write_file(order, "collateral", "json", group, sim_intel_bundle(&doc));
        }
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
