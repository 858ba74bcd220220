/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <openssl/bn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order of P-384's base point. [SEC2] 2.5.1 */
static const char order_hex[] = "ffffffffffffffffffffffffffffffffffffffffffffffff"
                                "c7634d81f4372ddf581a0db248b0a77aecec196accc52973";

static void put_order(uint8_t out[static 48])
{
    struct troth_span order = test_hex(order_hex);

    memcpy(out, order.ptr, 48);
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
    memset(signature->ptr, 0, 48);
}

void stage_s_zero(struct sim_bytes *signature, const void *context)
{
    (void)context;
    memset(signature->ptr + 48, 0, 48);
}

void stage_r_order(struct sim_bytes *signature, const void *context)
{
    (void)context;
    put_order(signature->ptr);
}

void stage_s_order(struct sim_bytes *signature, const void *context)
{
    (void)context;
    put_order(signature->ptr + 48);
}

void stage_swap_halves(struct sim_bytes *signature, const void *context)
{
    uint8_t r[48];

    (void)context;
    memcpy(r, signature->ptr, 48);
    memmove(signature->ptr, signature->ptr + 48, 48);
    memcpy(signature->ptr + 48, r, 48);
}

void stage_reverse_halves(struct sim_bytes *signature, const void *context)
{
    (void)context;
    for (size_t half = 0; half < 96; half += 48) {
        for (size_t i = 0; i < 24; i++) {
            uint8_t *low = signature->ptr + half + i;
            uint8_t *high = signature->ptr + half + 47 - i;
            uint8_t kept = *low;

            *low = *high;
            *high = kept;
        }
    }
}

void stage_negate_s(struct sim_bytes *signature, const void *context)
{
    uint8_t order[48];

    (void)context;
    put_order(order);
    BIGNUM *n = BN_bin2bn(order, 48, NULL);
    BIGNUM *s = BN_bin2bn(signature->ptr + 48, 48, NULL);

    if (!n || !s || !BN_sub(s, n, s) || BN_bn2binpad(s, signature->ptr + 48, 48) != 48)
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

struct troth_span nitro_stage_mint(struct nitro_stage *stage)
{
    struct sim_bytes whole = sim_nitro_mint(&stage->doc);

    sim_edit_apply(stage->edit_whole, &whole);
    if (!stage->pins_nothing)
        trial_add_root(stage->trial,
                       minted_keep(stage->trial, sim_cert_mint(&stage->root)));
    return minted_keep(stage->trial, whole);
}

static void add(struct trial *trial, enum troth_collateral_kind kind,
                struct sim_bytes der)
{
    if (trial->item_count == TROTH_COLLATERAL_MAX)
        abort();
    trial->items[trial->item_count++] = (struct troth_collateral_item){
        kind, minted_keep(trial, der)};
}

void stage_add_cert(struct trial *trial, const struct sim_cert *cert)
{
    add(trial, TROTH_COLLATERAL_CERTIFICATE, sim_cert_mint(cert));
}

void stage_add_list(struct trial *trial, const struct sim_crl *crl)
{
    add(trial, TROTH_COLLATERAL_CRL, sim_crl_mint(crl));
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
