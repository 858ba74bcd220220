/* SPDX-License-Identifier: Apache-2.0 */
/* Items are parsed once, all of them or none. */
#include <stdlib.h>
#include <string.h>

#include "evidence/dcap/qe_identity.h"
#include "evidence/dcap/tcb_info.h"
#include "pki/crl.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct sim_intel doc;
static struct troth_arena arena;

static void begin(void)
{
    trial_reset(&t);
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    (void)minted_intel(&t, &doc);
    arena.used = 0;
}

static const void *parsed_of(enum troth_collateral_kind kind)
{
    for (size_t i = 0; i < t.item_count; i++)
        if (t.items[i].kind == kind)
            return t.items[i].parsed;
    return NULL;
}

static enum troth_err prepare(size_t *failed, struct troth_fault *fault)
{
    return troth_collateral_prepare(t.items, t.item_count, failed, fault, &t.crypto,
                                    &arena);
}

static void prepare_all(void)
{
    const struct troth_tcb_info *info;
    const struct troth_qe_identity *identity;
    const struct troth_cert *cert;
    const struct troth_crl *crl;
    size_t failed = 9, used;
    uint8_t digest[32];
    struct troth_fault fault;

    test_case("every kind");
    begin();
    CHECK_ERR(prepare(&failed, &fault), TROTH_OK);
    CHECK_INT(failed, 0);
    CHECK_ERR(fault.err, TROTH_OK);
    info = parsed_of(TROTH_COLLATERAL_TCB_INFO);
    identity = parsed_of(TROTH_COLLATERAL_QE_IDENTITY);
    cert = parsed_of(TROTH_COLLATERAL_CERTIFICATE);
    crl = parsed_of(TROTH_COLLATERAL_CRL);
    if (!CHECK(info && identity && cert && crl))
        return;
    CHECK(info->is_tdx);
    CHECK_INT(identity->id, TROTH_QE_TD);
    CHECK_ERR(troth_digest(&t.crypto, digest, TROTH_SHA256, cert->raw), TROTH_OK);
    CHECK(memcmp(cert->sha256, digest, 32) == 0);
    CHECK_ERR(troth_digest(&t.crypto, digest, TROTH_SHA256, crl->raw), TROTH_OK);
    CHECK(memcmp(crl->sha256, digest, 32) == 0);
    for (size_t i = 0; i < t.item_count; i++) {
        const struct troth_span parts[] = {t.items[i].bytes, t.items[i].signature};

        CHECK_ERR(t.crypto.ops->digest(t.crypto.state, digest, TROTH_SHA256,
                                       (struct troth_parts){parts, 2}),
                  TROTH_OK);
        CHECK(memcmp(t.items[i].sha256, digest, 32) == 0);
    }

    test_case("what is prepared is left alone");
    used = arena.used;
    CHECK_ERR(prepare(NULL, NULL), TROTH_OK);
    CHECK_INT(arena.used, used);
    CHECK(parsed_of(TROTH_COLLATERAL_TCB_INFO) == info);
}

static void cut_signature(void)
{
    t.items[3].signature.len--;
}

/* The same bytes in all, the border elsewhere. */
static void move_border(void)
{
    struct troth_span whole = t.items[3].bytes;

    t.items[3].bytes.len = whole.len - 1;
    t.items[3].signature = trial_keep(&t, (struct troth_span){whole.ptr, 65});
}

static void sign_certificate(void)
{
    t.items[0].signature = t.items[3].signature;
}

static void cut_text(void)
{
    t.items[4].bytes.len--;
}

static void cut_list(void)
{
    t.items[2].bytes.len--;
}

static void no_kind(void)
{
    t.items[1].kind = (enum troth_collateral_kind)9;
}

static void kind_zero(void)
{
    t.items[1].kind = (enum troth_collateral_kind)0;
}

static void refuse(void)
{
    static const struct {
        const char *why;
        void (*apply)(void);
        enum troth_err err;
        const char *field;
        size_t failed;
    } cases[] = {
        {"a signature too short", cut_signature, TROTH_ERR_VALUE, "collateral.signature",
         3},
        {"a signature too long", move_border, TROTH_ERR_VALUE, "collateral.signature", 3},
        {"a signature beside a certificate", sign_certificate, TROTH_ERR_VALUE,
         "collateral.signature", 0},
        {"a statement cut off", cut_text, TROTH_ERR_SHORT, NULL, 4},
        {"a list cut off", cut_list, TROTH_ERR_SHORT, "crl", 2},
        {"a kind that is none", no_kind, TROTH_ERR_KIND, "collateral.kind", 1},
        {"a kind of zero", kind_zero, TROTH_ERR_KIND, "collateral.kind", 1},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_fault fault;
        size_t failed = 99;

        test_case("%s", cases[i].why);
        begin();
        cases[i].apply();
        CHECK_ERR(prepare(&failed, &fault), cases[i].err);
        CHECK_ERR(fault.err, cases[i].err);
        CHECK(fault.field != NULL);
        if (cases[i].field)
            CHECK_TEXT(fault.field, cases[i].field);
        CHECK_INT(failed, cases[i].failed);
        CHECK_INT(arena.used, 0);
        for (size_t k = 0; k < t.item_count; k++)
            CHECK(!t.items[k].parsed);
    }

    test_case("more items than there may be");
    CHECK_ERR(troth_collateral_prepare(t.items, TROTH_COLLATERAL_MAX + 1, NULL, NULL,
                                       &t.crypto, &arena),
              TROTH_ERR_LIMIT);
}

static void starve(void)
{
    struct troth_arena small = {arena.base, 0, 0};
    const struct troth_crypto real = t.crypto;
    struct failing_crypto failing;
    size_t needed;

    test_case("too little memory");
    begin();
    CHECK_ERR(prepare(NULL, NULL), TROTH_OK);
    needed = arena.used;
    for (size_t size = 0; size < needed; size += 97) {
        begin();
        small.size = size;
        small.used = 0;
        CHECK_ERR(troth_collateral_prepare(t.items, t.item_count, NULL, NULL, &t.crypto,
                                           &small),
                  TROTH_ERR_MEMORY);
        CHECK(!t.items[0].parsed);
    }

    test_case("each digest fails once");
    for (unsigned n = 1; n <= 5; n++) {
        size_t failed = 99;

        begin();
        t.crypto = failing_crypto_over(&failing, &real, n);
        CHECK_ERR(prepare(&failed, NULL), TROTH_ERR_CRYPTO);
        CHECK_INT(failed, n - 1);
        CHECK(!t.items[0].parsed);
        t.crypto = real;
    }
}

/* As many of the largest as there may be fit the arena that always suffices. */
static void fill_up(void)
{
    struct sim_intel_tcb *info = &doc.tcb_info;
    struct troth_collateral_item item;

    test_case("64 of the largest TCB infos");
    begin();
    info->level_count = TROTH_TCB_LEVELS_MAX;
    for (size_t i = 0; i < TROTH_TCB_LEVELS_MAX; i++) {
        info->levels[i] = info->levels[0];
        info->levels[i].pce_svn = (uint16_t)(1000 - i);
    }
    info->identity_count = TROTH_TCB_MODULES_MAX;
    for (size_t i = 0; i < TROTH_TCB_MODULES_MAX; i++) {
        static char ids[TROTH_TCB_MODULES_MAX][8];

        info->identities[i] = info->identities[0];
        (void)memcpy(ids[i], "TDX_00", 7);
        ids[i][4] = "0123456789ABCDEF"[(i + 1) / 16];
        ids[i][5] = "0123456789ABCDEF"[(i + 1) % 16];
        info->identities[i].id = ids[i];
        info->identities[i].levels.count = TROTH_ISV_LEVELS_MAX;
        for (size_t k = 0; k < TROTH_ISV_LEVELS_MAX; k++) {
            info->identities[i].levels.rows[k] = info->identities[i].levels.rows[0];
            info->identities[i].levels.rows[k].isv_svn = (uint16_t)(100 - k);
        }
    }
    t.item_count = 0;
    minted_add_tcb_info(&t, &doc);
    item = t.items[0];
    while (t.item_count < TROTH_COLLATERAL_MAX)
        t.items[t.item_count++] = item;
    CHECK_ERR(prepare(NULL, NULL), TROTH_OK);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    arena = (struct troth_arena){malloc(TROTH_PREPARE_ARENA_SIZE),
                                 TROTH_PREPARE_ARENA_SIZE, 0};
    prepare_all();
    refuse();
    starve();
    fill_up();
    free(arena.base);
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
