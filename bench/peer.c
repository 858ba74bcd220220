/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peer.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

struct peer {
    const struct bench_evidence *evidence;
    bool warm;
    X509_STORE *store;
    X509 *ark; /* signs the revocation list */
};

static X509 *parse(struct troth_span der)
{
    const unsigned char *at = der.ptr;
    X509 *cert = d2i_X509(NULL, &at, (long)der.len);

    if (!cert) {
        fprintf(stderr, "bench: OpenSSL cannot read a certificate\n");
        exit(2);
    }
    return cert;
}

static void trust(struct peer *p, struct troth_span der)
{
    X509 *cert = parse(der);

    X509_STORE_add_cert(p->store, cert);
    X509_free(cert);
}

static struct peer *create(const struct bench_evidence *evidence, bool warm)
{
    struct peer *p = calloc(1, sizeof *p);

    if (!p)
        exit(2);
    *p = (struct peer){evidence, warm, X509_STORE_new(), NULL};
    /* Issuers that were checked once are trusted as they stand. */
    X509_STORE_set_flags(p->store, X509_V_FLAG_PARTIAL_CHAIN);
    return p;
}

/* The leaf against the store, with the issuers that came along. */
static bool chain_holds(struct peer *p, X509 *leaf, STACK_OF(X509) * issuers)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    bool good = ctx && X509_STORE_CTX_init(ctx, p->store, leaf, issuers) > 0;

    if (good) {
        X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), BENCH_TIME_S);
        good = X509_verify_cert(ctx) == 1;
    }
    X509_STORE_CTX_free(ctx);
    return good;
}

/* ECDSA P-384 with SHA-384 over a few pieces; r and s big-endian. */
static bool signed_by(X509 *leaf, const struct troth_span *parts, size_t count,
                      const uint8_t *r, const uint8_t *s)
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    unsigned char der[128], *end = der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    ECDSA_SIG_set0(signature, BN_bin2bn(r, 48, NULL), BN_bin2bn(s, 48, NULL));

    int len = i2d_ECDSA_SIG(signature, &end);
    bool good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha384(), NULL,
                                     X509_get0_pubkey(leaf)) > 0;

    for (size_t i = 0; good && i < count; i++)
        good = EVP_DigestVerifyUpdate(ctx, parts[i].ptr, parts[i].len) > 0;
    good = good && EVP_DigestVerifyFinal(ctx, der, (size_t)len) == 1;
    EVP_MD_CTX_free(ctx);
    ECDSA_SIG_free(signature);
    return good;
}

void *bench_peer_nitro_create(const struct bench_evidence *evidence, bool warm)
{
    struct peer *p = create(evidence, warm);

    trust(p, evidence->nitro_fields[0].bundle[0]);
    for (size_t i = 0; warm && i < BENCH_PIECES; i++)
        for (size_t k = 1; k < evidence->nitro_fields[i].bundle_count; k++)
            trust(p, evidence->nitro_fields[i].bundle[k]);
    return p;
}

bool bench_peer_nitro_run(void *state, size_t i)
{
    struct peer *p = state;
    const struct troth_nitro *d = &p->evidence->nitro_fields[i % BENCH_PIECES];
    struct troth_cose_heads heads;
    struct troth_cose_signed whole = troth_cose_sign1_signed(
        &d->envelope, (struct troth_span){NULL, 0}, &heads);
    STACK_OF(X509) *issuers = sk_X509_new_null();
    X509 *leaf = parse(d->certificate);

    for (size_t k = 1; !p->warm && k < d->bundle_count; k++)
        sk_X509_push(issuers, parse(d->bundle[k]));

    bool good = chain_holds(p, leaf, issuers) &&
                signed_by(leaf, whole.parts, whole.count, d->envelope.signature.ptr,
                          d->envelope.signature.ptr + 48);

    sk_X509_pop_free(issuers, X509_free);
    X509_free(leaf);
    return good;
}

void *bench_peer_snp_create(const struct bench_evidence *evidence, bool warm)
{
    struct peer *p = create(evidence, warm);

    p->ark = parse(evidence->ark);
    trust(p, evidence->ark);
    if (warm)
        trust(p, evidence->ask);
    return p;
}

static bool list_holds(struct peer *p)
{
    const unsigned char *at = p->evidence->crl.ptr;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)p->evidence->crl.len);
    bool good = crl && X509_CRL_verify(crl, X509_get0_pubkey(p->ark)) == 1;

    X509_CRL_free(crl);
    return good;
}

bool bench_peer_snp_run(void *state, size_t i)
{
    struct peer *p = state;
    const struct bench_evidence *e = p->evidence;
    STACK_OF(X509) *issuers = sk_X509_new_null();
    X509 *vcek = parse(e->snp_collateral[i % BENCH_PIECES][0].bytes);
    struct troth_span report = e->snp[i % BENCH_PIECES];
    struct troth_span covered = {report.ptr, TROTH_SNP_SIGNED_SIZE};
    uint8_t r[48], s[48];

    for (size_t k = 0; k < 48; k++) {
        r[k] = report.ptr[TROTH_SNP_SIGNED_SIZE + 47 - k];
        s[k] = report.ptr[TROTH_SNP_SIGNED_SIZE + 72 + 47 - k];
    }
    if (!p->warm)
        sk_X509_push(issuers, parse(e->ask));

    bool good = chain_holds(p, vcek, issuers) && (p->warm || list_holds(p)) &&
                signed_by(vcek, &covered, 1, r, s);

    sk_X509_pop_free(issuers, X509_free);
    X509_free(vcek);
    return good;
}
