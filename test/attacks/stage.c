/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <openssl/bn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The orders of the base points of P-384 and P-256. [SEC2] 2.5.1, 2.4.2 */
static const char order_384[] = "ffffffffffffffffffffffffffffffffffffffffffffffff"
                                "c7634d81f4372ddf581a0db248b0a77aecec196accc52973";
static const char order_256[] = "ffffffff00000000ffffffffffffffff"
                                "bce6faada7179e84f3b9cac2fc632551";

/* Of the curve that such a signature, r ‖ s, is of. */
static struct troth_span order_of(const struct sim_bytes *signature)
{
    return test_hex(signature->len == 96 ? order_384 : order_256);
}

static void apply_swap(struct sim_bytes *bytes, const void *context)
{
    const struct stage_swap *swap = context;
    const struct troth_span find = test_hex(swap->find), put = test_hex(swap->put);
    struct sim_bytes out = {0};
    size_t at = 0;

    while (at + find.len <= bytes->len &&
           (find.len && memcmp(bytes->ptr + at, find.ptr, find.len) != 0))
        at++;
    if (at + find.len > bytes->len)
        sim_die("a test wants to swap what is not there");
    sim_bytes_append(&out, (struct troth_span){bytes->ptr, at});
    sim_bytes_append(&out, put);
    at += find.len;
    sim_bytes_append(&out, (struct troth_span){bytes->ptr + at, bytes->len - at});
    sim_bytes_free(bytes);
    *bytes = out;
}

struct sim_edit stage_swap_edit(const struct stage_swap *swap)
{
    return (struct sim_edit){apply_swap, swap};
}

void stage_append_zero(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    sim_bytes_append_byte(bytes, 0);
}

void stage_append_one(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    sim_bytes_append_byte(bytes, 1);
}

void stage_r_zero(struct sim_bytes *signature, const void *context)
{
    (void)context;
    memset(signature->ptr, 0, signature->len / 2);
}

void stage_s_zero(struct sim_bytes *signature, const void *context)
{
    (void)context;
    memset(signature->ptr + signature->len / 2, 0, signature->len / 2);
}

void stage_r_order(struct sim_bytes *signature, const void *context)
{
    const struct troth_span order = order_of(signature);

    (void)context;
    memcpy(signature->ptr, order.ptr, order.len);
}

void stage_s_order(struct sim_bytes *signature, const void *context)
{
    const struct troth_span order = order_of(signature);

    (void)context;
    memcpy(signature->ptr + order.len, order.ptr, order.len);
}

void stage_swap_halves(struct sim_bytes *signature, const void *context)
{
    const size_t width = signature->len / 2;
    uint8_t r[48];

    (void)context;
    memcpy(r, signature->ptr, width);
    memmove(signature->ptr, signature->ptr + width, width);
    memcpy(signature->ptr + width, r, width);
}

void stage_reverse_halves(struct sim_bytes *signature, const void *context)
{
    const size_t width = signature->len / 2;

    (void)context;
    for (size_t half = 0; half < signature->len; half += width) {
        for (size_t i = 0; i < width / 2; i++) {
            uint8_t *low = signature->ptr + half + i;
            uint8_t *high = signature->ptr + half + width - 1 - i;
            uint8_t kept = *low;

            *low = *high;
            *high = kept;
        }
    }
}

void stage_negate_s(struct sim_bytes *signature, const void *context)
{
    const struct troth_span order = order_of(signature);
    const int width = (int)order.len;
    uint8_t *bytes = signature->ptr + width;

    (void)context;
    BIGNUM *n = BN_bin2bn(order.ptr, width, NULL);
    BIGNUM *s = BN_bin2bn(bytes, width, NULL);

    if (!n || !s || !BN_sub(s, n, s) || BN_bn2binpad(s, bytes, width) != width)
        abort();
    BN_free(n);
    BN_free(s);
}

void nitro_stage_set(struct nitro_stage *stage, struct trial *trial,
                     struct sim_keyring *ring)
{
    memset(stage, 0, sizeof *stage);
    stage->trial = trial;
    stage->ring = ring;
    stage->at_s = MINTED_AT_S;
    sim_nitro_default(&stage->doc, ring, 0, MINTED_AT_S);
    stage->root = stage->doc.certs[SIM_NITRO_ROOT];
}

void snp_stage_set(struct snp_stage *stage, struct trial *trial, struct sim_keyring *ring,
                   enum snp_machine machine)
{
    static const struct {
        enum sim_snp_product product;
        enum sim_snp_signer signer;
    } machines[] = {
        [ON_MILAN] = {SIM_MILAN, SIM_VCEK},
        [ON_GENOA] = {SIM_GENOA, SIM_VCEK},
        [ON_TURIN] = {SIM_TURIN, SIM_VCEK},
        [ON_MILAN_BY_VLEK] = {SIM_MILAN, SIM_VLEK},
        [ON_GENOA_BY_VLEK] = {SIM_GENOA, SIM_VLEK},
        [ON_TURIN_BY_VLEK] = {SIM_TURIN, SIM_VLEK},
    };

    memset(stage, 0, sizeof *stage);
    stage->trial = trial;
    stage->ring = ring;
    stage->at_s = MINTED_AT_S;
    sim_snp_default(&stage->doc, ring, machines[machine].product,
                    machines[machine].signer, 0, MINTED_AT_S);
    stage->ark = stage->doc.certs[SIM_SNP_ARK];
}

void intel_stage_set(struct intel_stage *stage, struct trial *trial,
                     struct sim_keyring *ring, enum sim_intel_kind kind)
{
    memset(stage, 0, sizeof *stage);
    stage->trial = trial;
    stage->ring = ring;
    stage->at_s = MINTED_AT_S;
    sim_intel_default(&stage->doc, ring, kind, 0, MINTED_AT_S);
    stage->root = stage->doc.certs[SIM_INTEL_ROOT];
}

struct troth_span nitro_stage_mint(struct nitro_stage *stage)
{
    struct sim_bytes whole = sim_nitro_mint(&stage->doc);

    sim_edit_apply(stage->edit_whole, &whole);
    if (!stage->pins_nothing)
        trial_add_root(stage->trial,
                       minted_keep(stage->trial, sim_cert_mint(&stage->root)));
    return minted_keep(stage->trial, whole);
}

void stage_add_cert(struct trial *trial, const struct sim_cert *cert)
{
    minted_add(trial, TROTH_COLLATERAL_CERTIFICATE, sim_cert_mint(cert),
               (struct sim_bytes){0});
}

void stage_add_list(struct trial *trial, const struct sim_crl *crl)
{
    minted_add(trial, TROTH_COLLATERAL_CRL, sim_crl_mint(crl), (struct sim_bytes){0});
}

struct troth_span snp_stage_mint(struct snp_stage *stage)
{
    const struct sim_snp *doc = &stage->doc;
    const enum sim_snp_place issuer = doc->signer == SIM_VLEK ? SIM_SNP_ASVK
                                                              : SIM_SNP_ASK;
    struct sim_bytes whole = stage->is_extended ? sim_snp_mint_extended(doc)
                                                : sim_snp_mint(doc);

    sim_edit_apply(stage->edit_whole, &whole);
    if (!stage->pins_nothing)
        trial_add_root(stage->trial,
                       minted_keep(stage->trial, sim_cert_mint(&stage->ark)));
    if (!stage->lacks_issuer)
        stage_add_cert(stage->trial, &doc->certs[issuer]);
    if (!stage->lacks_vek)
        stage_add_cert(stage->trial, &doc->certs[SIM_SNP_VEK]);
    if (!stage->lacks_list)
        stage_add_list(stage->trial, &doc->crl);
    return minted_keep(stage->trial, whole);
}

static void add_place(const struct intel_stage *stage, enum sim_intel_place place,
                      bool is_lacking)
{
    if (!is_lacking)
        minted_add(stage->trial, TROTH_COLLATERAL_CERTIFICATE,
                   sim_intel_mint_cert(&stage->doc, place), (struct sim_bytes){0});
}

struct troth_span intel_stage_mint(struct intel_stage *stage)
{
    const struct sim_intel *doc = &stage->doc;
    const bool is_embedded = doc->quote.certification_type == 5 && !stage->adds_chain;
    struct trial *trial = stage->trial;

    if (!stage->pins_nothing)
        trial_add_root(trial, minted_keep(trial, sim_cert_mint(&stage->root)));
    add_place(stage, SIM_INTEL_PCK, is_embedded || stage->lacks_pck);
    add_place(stage, doc->ca, is_embedded || stage->lacks_ca);
    add_place(stage, SIM_INTEL_TCB_SIGNER, stage->lacks_signer);
    if (!stage->lacks_root_list)
        stage_add_list(trial, &doc->root_crl);
    if (!stage->lacks_pck_list)
        stage_add_list(trial, &doc->pck_crl);
    if (!stage->lacks_tcb_info)
        minted_add_tcb_info(trial, doc);
    if (!stage->lacks_qe_identity)
        minted_add_qe_identity(trial, doc);
    return minted_keep(trial, sim_intel_mint(doc));
}

static void add_to_line(struct trial *trial, const char *text)
{
    size_t len = strlen(trial->line);

    (void)snprintf(trial->line + len, sizeof trial->line - len, "%s", text);
}

const char *stage_judge(struct trial *trial, struct troth_span evidence, int64_t at_s)
{
    const struct troth_result *result = &trial->result;

    (void)trial_judge(trial, evidence, at_s);
    CHECK_INT(result->archival, trial_leaves_open(trial, "archival"));
    if (result->answer == TROTH_ACCEPTED) {
        CHECK(result->simulated && trial_leaves_open(trial, "custom_root"));
        if (trial_leaves_open(trial, "allowed"))
            add_to_line(trial, ", allowed");
        if (result->archival)
            add_to_line(trial, ", archival");
    }
    if (trial->err)
        CHECK(result->answer == TROTH_REFUSED && !result->kind && !result->anchor &&
              !result->verdict.count && !result->claims.count && !result->not_proven);
    return trial->line;
}

void nitro_attacks_run(const struct nitro_attack *rows, size_t count)
{
    static struct nitro_stage stage;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (size_t i = 0; i < count; i++) {
        test_case("%s [%d]", rows[i].why, rows[i].number);
        trial_reset(&trial);
        trial_require(&trial, rows[i].options);
        nitro_stage_set(&stage, &trial, ring);
        if (rows[i].change)
            rows[i].change(&stage, rows[i].number);
        struct troth_span evidence = nitro_stage_mint(&stage);

        CHECK_TEXT(stage_judge(&trial, evidence, stage.at_s), rows[i].line);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

void snp_attacks_run(const struct snp_attack *rows, size_t count)
{
    static struct snp_stage stage;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (size_t i = 0; i < count; i++) {
        test_case("%s [%d]", rows[i].why, rows[i].number);
        trial_reset(&trial);
        trial_require(&trial, rows[i].options);
        snp_stage_set(&stage, &trial, ring, rows[i].machine);
        if (rows[i].change)
            rows[i].change(&stage, rows[i].number);
        struct troth_span evidence = snp_stage_mint(&stage);

        CHECK_TEXT(stage_judge(&trial, evidence, stage.at_s), rows[i].line);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

void intel_attacks_run(const struct intel_attack *rows, size_t count)
{
    static struct intel_stage stage;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (size_t i = 0; i < count; i++) {
        test_case("%s [%d]", rows[i].why, rows[i].number);
        trial_reset(&trial);
        trial_require(&trial, rows[i].options);
        intel_stage_set(&stage, &trial, ring, rows[i].kind);
        if (rows[i].change)
            rows[i].change(&stage, rows[i].number);
        struct troth_span evidence = intel_stage_mint(&stage);

        CHECK_TEXT(stage_judge(&trial, evidence, stage.at_s), rows[i].line);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}
