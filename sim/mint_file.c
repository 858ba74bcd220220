/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mint_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/intel_bundle.h"
#include "sim/pem.h"

_Noreturn static void fail(const char *what, const char *subject)
{
    (void)fprintf(stderr, "%s: error: %s '%s'%s%s\n", mint_program, what, subject,
                  errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

void mint_make_directory(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fail("cannot create", path);
    errno = 0;
}

static void write_path(const char *path, struct sim_bytes content)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        fail("cannot create", path);
    const bool is_written = fwrite(content.ptr, 1, content.len, file) == content.len;
    if (fclose(file) != 0 || !is_written)
        fail("cannot write", path);
    sim_bytes_free(&content);
}

void mint_write(const struct mint_order *order, const char *stem, const char *ending,
                uint64_t number, struct sim_bytes content)
{
    char path[4096];
    char which[24] = "";

    if (number > 0)
        (void)snprintf(which, sizeof which, "-%llu", (unsigned long long)number);
    if (snprintf(path, sizeof path, "%s/%s%s.%s", order->directory, stem, which,
                 ending) >= (int)sizeof path)
        fail("name is too long for", order->directory);
    write_path(path, content);
}

static struct sim_bytes pem_of(const char *label, struct sim_bytes der)
{
    const struct sim_bytes pem = sim_pem_mint(label, sim_bytes_span(der));

    sim_bytes_free(&der);
    return pem;
}

void mint_write_cert(const struct mint_order *order, const char *stem, uint64_t number,
                     const struct sim_cert *cert)
{
    mint_write(order, stem, "pem", number, pem_of("CERTIFICATE", sim_cert_mint(cert)));
}

void mint_write_root(const char *path, const struct sim_cert *cert)
{
    write_path(path, pem_of("CERTIFICATE", sim_cert_mint(cert)));
}

void mint_write_intel_shared(const struct mint_order *order, const struct sim_intel *doc)
{
    char folder[4096];

    if (snprintf(folder, sizeof folder, "%s/collateral", order->directory) >=
        (int)sizeof folder)
        fail("name is too long for", order->directory);
    mint_make_directory(folder);
    mint_write(order, "collateral/qe-identity", "json", 0,
               sim_intel_qe_identity_document(doc));
    mint_write(order, "collateral/tcb-signing-chain", "pem", 0,
               sim_intel_signer_chain(doc));
    mint_write(order, "collateral/root-crl", "der", 0, sim_crl_mint(&doc->root_crl));
    mint_write(order, "collateral/pck-crl", "der", 0, sim_crl_mint(&doc->pck_crl));
}

void mint_write_intel_group(const struct mint_order *order, uint64_t group,
                            const struct sim_intel *doc)
{
    mint_write(order, "collateral/tcb-info", "json", group,
               sim_intel_tcb_info_document(doc));
    mint_write(order, "collateral", "json", group, sim_intel_bundle(doc));
}

void mint_write_snp_shared(const struct mint_order *order, const struct sim_snp *doc)
{
    mint_write_cert(order, "ask", 0, &doc->certs[SIM_SNP_ASK]);
    mint_write(order, "crl", "pem", 0, pem_of("X509 CRL", sim_crl_mint(&doc->crl)));
}
