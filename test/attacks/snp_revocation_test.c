/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* AMD's revocation list: what is on it, whose it is, when it is from. */

#define DAY INT64_C(86400)

static void revoke(struct snp_stage *s, int place)
{
    sim_crl_revoke(&s->doc.crl, &s->doc.certs[place], MINTED_AT_S - DAY);
}

static void revoke_later(struct snp_stage *s, int place)
{
    sim_crl_revoke(&s->doc.crl, &s->doc.certs[place], MINTED_AT_S + DAY);
}

static void revoke_many(struct snp_stage *s, int place)
{
    static struct sim_cert other;

    other = s->doc.certs[place];
    for (uint8_t i = 0; i < 10; i++) {
        other.serial.bytes[0] = (uint8_t)(0x40 + i);
        sim_crl_revoke(&s->doc.crl, &other, MINTED_AT_S - DAY);
    }
    revoke(s, place);
}

/* Serial numbers that are almost the ASK's, 01 00 01. */
enum { PREFIX, SUFFIX, LONGER, OTHER };

static void revoke_almost(struct snp_stage *s, int number)
{
    static const char *const serials[] = {
        [PREFIX] = "0100", [SUFFIX] = "01", [LONGER] = "01000100", [OTHER] = "010002"};
    struct sim_cert *ask = &s->doc.certs[SIM_SNP_ASK];
    const struct sim_serial kept = ask->serial;

    ask->serial = sim_serial_from(test_hex(serials[number]));
    revoke(s, SIM_SNP_ASK);
    ask->serial = kept;
}

static void no_list(struct snp_stage *s, int number)
{
    (void)number;
    s->lacks_list = true;
}

/* Whose list. */

static const struct sim_key *stranger(struct snp_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_RSA4096, "stranger");
}

static void other_issuer(struct snp_stage *s, int number)
{
    (void)number;
    sim_name_set_common(&s->doc.crl.issuer, "ARK-Siena");
}

static void other_product(struct snp_stage *s, int product)
{
    static struct sim_snp other;

    sim_snp_default(&other, s->ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                    MINTED_AT_S);
    s->doc.crl = other.crl;
}

/* Another product's list in this one's name. */
static void other_product_renamed(struct snp_stage *s, int product)
{
    struct sim_name name = s->doc.crl.issuer;

    other_product(s, product);
    s->doc.crl.issuer = name;
}

static void by_intermediate(struct snp_stage *s, int is_in_its_own_name)
{
    struct sim_cert *ask = &s->doc.certs[SIM_SNP_ASK];

    s->doc.crl.signing.key = ask->key;
    sim_extensions_set_authority_key(&s->doc.crl.extensions, ask->key);
    if (is_in_its_own_name)
        s->doc.crl.issuer = ask->subject;
}

static void by_stranger(struct snp_stage *s, int names_itself)
{
    s->doc.crl.signing.key = stranger(s);
    if (names_itself)
        sim_extensions_set_authority_key(&s->doc.crl.extensions, stranger(s));
}

static void names_other_key(struct snp_stage *s, int number)
{
    (void)number;
    sim_extensions_set_authority_key(&s->doc.crl.extensions, stranger(s));
}

static void names_no_key(struct snp_stage *s, int number)
{
    (void)number;
    (void)sim_extensions_remove(&s->doc.crl.extensions, SIM_OID_AUTHORITY_KEY_ID);
}

static void spoil(struct snp_stage *s, int number)
{
    (void)number;
    s->doc.crl.signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}

/* A certificate taken off the list after it was signed. */
static void erase_entry(struct sim_bytes *list, const void *context)
{
    const uint8_t serial[] = {0x02, 0x03, 0x01, 0x00, 0x01};

    (void)context;
    for (size_t at = 0; at + sizeof serial <= list->len; at++)
        if (memcmp(list->ptr + at, serial, sizeof serial) == 0)
            list->ptr[at + 2] = 0x7f;
}

static void erased(struct snp_stage *s, int number)
{
    struct sim_bytes der;

    (void)number;
    revoke(s, SIM_SNP_ASK);
    der = sim_crl_mint(&s->doc.crl);
    erase_entry(&der, NULL);
    s->lacks_list = true;
    s->trial->items[s->trial->item_count++] = (struct troth_collateral_item){
        TROTH_COLLATERAL_CRL, minted_keep(s->trial, der)};
}

static void root_without_right(struct snp_stage *s, int number)
{
    (void)number;
    sim_extensions_set_usage(&s->doc.certs[SIM_SNP_ARK].extensions, true, 2, 0x04);
    s->ark = s->doc.certs[SIM_SNP_ARK];
}

static void pkcs1(struct snp_stage *s, int number)
{
    static const uint8_t pkcs1_sha384[] = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
        0xf7, 0x0d, 0x01, 0x01, 0x0c, 0x05, 0x00,
    };

    s->doc.crl.signing.outer_algorithm = SIM_ARRAY(pkcs1_sha384);
    if (!number)
        s->doc.crl.signing.inner_algorithm = SIM_ARRAY(pkcs1_sha384);
}

/* When. */

static void expired(struct snp_stage *s, int number)
{
    s->doc.crl.next_update_s = MINTED_AT_S - number;
}

static void from(struct snp_stage *s, int seconds)
{
    s->doc.crl.this_update_s = MINTED_AT_S + seconds;
}

/* A list that ends before it starts is fresh at no time. */
static void never(struct snp_stage *s, int number)
{
    s->doc.crl.this_update_s = MINTED_AT_S + number;
    s->doc.crl.next_update_s = MINTED_AT_S - number;
}

/* What kind. */

static void add_extension(struct snp_stage *s, const char *oid, bool is_critical,
                          const char *value)
{
    sim_extensions_set(&s->doc.crl.extensions, oid, is_critical, test_hex(value));
}

static void delta(struct snp_stage *s, int is_critical)
{
    add_extension(s, "2.5.29.27", is_critical != 0, "020101");
}

static void indirect(struct snp_stage *s, int is_critical)
{
    add_extension(s, "2.5.29.28", is_critical != 0, "30038401ff");
}

static void unknown(struct snp_stage *s, int is_critical)
{
    add_extension(s, "1.2.3.4", is_critical != 0, "3000");
}

static void first_version(struct snp_stage *s, int number)
{
    (void)number;
    s->doc.crl.has_version = false;
    s->doc.crl.extensions.count = 0;
}

static void without_end(struct snp_stage *s, int number)
{
    (void)number;
    s->doc.crl.has_next_update = false;
}

static void same_twice(struct snp_stage *s, int number)
{
    struct sim_extensions *list = &s->doc.crl.extensions;

    (void)number;
    list->rows[list->count++] = list->rows[0];
}

/* Two lists: the stage's own stays clean, from 30 days ago. */

static void beside(struct snp_stage *s, int days_old, bool revokes, bool is_genuine)
{
    static struct sim_crl other;

    other = s->doc.crl;
    other.this_update_s = MINTED_AT_S - days_old * DAY;
    if (revokes)
        sim_crl_revoke(&other, &s->doc.certs[SIM_SNP_ASK], MINTED_AT_S - 300 * DAY);
    if (!is_genuine)
        other.signing.key = stranger(s);
    stage_add_list(s->trial, &other);
}

static void revoking_beside(struct snp_stage *s, int days_old)
{
    beside(s, days_old, true, true);
}

static void false_beside(struct snp_stage *s, int days_old)
{
    beside(s, days_old, false, false);
}

static void fresh_beside_expired(struct snp_stage *s, int revokes)
{
    beside(s, 10, revokes != 0, true);
    s->doc.crl.next_update_s = MINTED_AT_S - 1;
}

static void in_future_beside(struct snp_stage *s, int number)
{
    (void)number;
    beside(s, -1, true, true);
}

/* clang-format off */
#define NO_LIST "undetermined: ?revocation"

static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"ASK revoked", ON_MILAN, revoke, SIM_SNP_ASK, TRIAL_ANY, "refused: revocation"},
    {"ASK revoked", ON_GENOA, revoke, SIM_SNP_ASK, TRIAL_ANY, "refused: revocation"},
    {"ASK revoked", ON_TURIN, revoke, SIM_SNP_ASK, TRIAL_ANY, "refused: revocation"},
    {"ASVK revoked", ON_MILAN_BY_VLEK, revoke, SIM_SNP_ASVK, TRIAL_ANY, "refused: revocation"},
    {"ASVK revoked", ON_TURIN_BY_VLEK, revoke, SIM_SNP_ASVK, TRIAL_ANY, "refused: revocation"},
    {"ASVK revoked, chip's own key", ON_MILAN, revoke, SIM_SNP_ASVK, TRIAL_ANY, "accepted"},
    {"ASK revoked, provider's key", ON_MILAN_BY_VLEK, revoke, SIM_SNP_ASK, TRIAL_ANY, "accepted"},
    {"ASK revoked from tomorrow", ON_MILAN, revoke_later, SIM_SNP_ASK, TRIAL_ANY, "refused: revocation"},
    {"ASK revoked, among others", ON_MILAN, revoke_many, SIM_SNP_ASK, TRIAL_ANY, "refused: revocation"},
    {"start of its serial number revoked", ON_MILAN, revoke_almost, PREFIX, TRIAL_ANY, "accepted"},
    {"end of its serial number revoked", ON_MILAN, revoke_almost, SUFFIX, TRIAL_ANY, "accepted"},
    {"longer serial number revoked", ON_MILAN, revoke_almost, LONGER, TRIAL_ANY, "accepted"},
    {"next serial number revoked", ON_MILAN, revoke_almost, OTHER, TRIAL_ANY, "accepted"},

    {"no list", ON_MILAN, no_list, 0, TRIAL_ANY, NO_LIST},
    {"no list", ON_MILAN_BY_VLEK, no_list, 0, TRIAL_ANY, NO_LIST},
    {"list of another issuer", ON_MILAN, other_issuer, 0, TRIAL_ANY, NO_LIST},
    {"list of another product", ON_MILAN, other_product, SIM_GENOA, TRIAL_ANY, NO_LIST},
    {"list of another product", ON_TURIN, other_product, SIM_MILAN, TRIAL_ANY, NO_LIST},
    {"list of another product in this one's name", ON_MILAN, other_product_renamed, SIM_GENOA, TRIAL_ANY, "refused: revocation"},
    {"list by the ASK", ON_MILAN, by_intermediate, 1, TRIAL_ANY, NO_LIST},
    {"list by the ASK in the root's name", ON_MILAN, by_intermediate, 0, TRIAL_ANY, "refused: revocation"},
    {"list by a stranger", ON_MILAN, by_stranger, 1, TRIAL_ANY, "refused: revocation"},
    {"list by a stranger who names the root's key", ON_MILAN, by_stranger, 0, TRIAL_ANY, "refused: revocation"},
    {"list names another key", ON_MILAN, names_other_key, 0, TRIAL_ANY, "refused: revocation"},
    {"list names no key", ON_MILAN, names_no_key, 0, TRIAL_ANY, "accepted"},
    {"signature spoilt", ON_MILAN, spoil, 0, TRIAL_ANY, "refused: revocation"},
    {"entry erased after signing", ON_MILAN, erased, 0, TRIAL_ANY, "refused: revocation"},
    {"root may not sign lists", ON_MILAN, root_without_right, 0, TRIAL_ANY, "refused: revocation"},
    {"says it is PKCS#1 v1.5", ON_MILAN, pkcs1, 0, TRIAL_ANY, "refused: revocation"},
    {"algorithm differs outside", ON_MILAN, pkcs1, 1, TRIAL_ANY, "error: ALGORITHM crl.algorithm"},

    {"expired a second ago", ON_MILAN, expired, 1, TRIAL_ANY, "refused: revocation"},
    {"expires this second", ON_MILAN, expired, 0, TRIAL_ANY, "accepted"},
    {"from a second ahead", ON_MILAN, from, 1, TRIAL_ANY, "refused: revocation"},
    {"from this second", ON_MILAN, from, 0, TRIAL_ANY, "accepted"},
    {"ends before it starts", ON_MILAN, never, 5, TRIAL_ANY, "refused: revocation"},

    {"delta list", ON_MILAN, delta, 1, TRIAL_ANY, "error: UNSUPPORTED crl.extensions"},
    {"delta list, not marked critical", ON_MILAN, delta, 0, TRIAL_ANY, "error: UNSUPPORTED crl.extensions"},
    {"indirect list", ON_MILAN, indirect, 1, TRIAL_ANY, "error: UNSUPPORTED crl.extensions"},
    {"indirect list, not marked critical", ON_MILAN, indirect, 0, TRIAL_ANY, "error: UNSUPPORTED crl.extensions"},
    {"unknown critical extension", ON_MILAN, unknown, 1, TRIAL_ANY, "error: UNSUPPORTED crl.extensions"},
    {"unknown extension", ON_MILAN, unknown, 0, TRIAL_ANY, "accepted"},
    {"extension twice", ON_MILAN, same_twice, 0, TRIAL_ANY, "error: DUPLICATE crl.extensions"},
    {"list of version 1", ON_MILAN, first_version, 0, TRIAL_ANY, "error: VERSION crl.version"},
    {"list without an end", ON_MILAN, without_end, 0, TRIAL_ANY, "error: MISSING crl.next_update"},

    {"newer list revokes", ON_MILAN, revoking_beside, 10, TRIAL_ANY, "refused: revocation"},
    {"list of the same time revokes", ON_MILAN, revoking_beside, 30, TRIAL_ANY, "refused: revocation"},
    {"older list revoked, newer one does not", ON_MILAN, revoking_beside, 60, TRIAL_ANY, "accepted"},
    {"list of tomorrow revokes: today's decides", ON_MILAN, in_future_beside, 0, TRIAL_ANY, "accepted"},
    {"false list beside", ON_MILAN, false_beside, 10, TRIAL_ANY, "refused: revocation"},
    {"older false list beside", ON_MILAN, false_beside, 60, TRIAL_ANY, "refused: revocation"},
    {"fresh list beside an expired one", ON_MILAN, fresh_beside_expired, 0, TRIAL_ANY, "accepted"},
    {"fresh list that revokes beside an expired one", ON_MILAN, fresh_beside_expired, 1, TRIAL_ANY, "refused: revocation"},
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
