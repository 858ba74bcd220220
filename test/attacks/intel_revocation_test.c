/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

/* Intel's two revocation lists, the root's and the PCK CA's: what is on them, whose they
 * are, when they are from. */

#define DAY INT64_C(86400)

/* Which of the two, where a row's number says so. */
enum { ROOTS, CAS };

static struct sim_crl *list_of(struct intel_stage *s, int which)
{
    return which == ROOTS ? &s->doc.root_crl : &s->doc.pck_crl;
}

static const struct sim_key *stranger(struct intel_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
}

static void revoke(struct sim_crl *list, const struct sim_cert *cert)
{
    sim_crl_revoke(list, cert, MINTED_AT_S - DAY);
}

/* On its issuer's list. */
static void revoked(struct intel_stage *s, int place)
{
    revoke(list_of(s, place == SIM_INTEL_PCK ? CAS : ROOTS), &s->doc.certs[place]);
}

/* On the list of another issuer, who has nothing to say of it. */
static void revoked_by_other(struct intel_stage *s, int place)
{
    revoke(list_of(s, place == SIM_INTEL_PCK ? ROOTS : CAS), &s->doc.certs[place]);
}

static void revoked_for(struct intel_stage *s, int reason)
{
    revoked(s, SIM_INTEL_PCK);
    s->doc.pck_crl.revoked[s->doc.pck_crl.revoked_count - 1].reason = (uint8_t)reason;
}

static void revoked_later(struct intel_stage *s, int number)
{
    (void)number;
    sim_crl_revoke(&s->doc.pck_crl, &s->doc.certs[SIM_INTEL_PCK], MINTED_AT_S + DAY);
}

static void revoked_almost(struct intel_stage *s, int number)
{
    struct sim_cert other = s->doc.certs[SIM_INTEL_PCK];

    other.serial.len -= number == 1;
    other.serial.bytes[other.serial.len - 1] ^= number == 0;
    revoke(&s->doc.pck_crl, &other);
}

/* Whose list. */

static void withheld(struct intel_stage *s, int which)
{
    *(which == ROOTS ? &s->lacks_root_list : &s->lacks_pck_list) = true;
}

static void both_withheld(struct intel_stage *s, int number)
{
    (void)number;
    withheld(s, ROOTS);
    withheld(s, CAS);
}

/* The root's list in the place of the CA's: as it is, and in the CA's name. */
static void root_list_for_cas(struct intel_stage *s, int is_renamed)
{
    const struct sim_name name = s->doc.pck_crl.issuer;

    s->doc.pck_crl = s->doc.root_crl;
    if (is_renamed)
        s->doc.pck_crl.issuer = name;
}

static void ca_list_for_roots(struct intel_stage *s, int is_renamed)
{
    const struct sim_name name = s->doc.root_crl.issuer;

    s->doc.root_crl = s->doc.pck_crl;
    if (is_renamed)
        s->doc.root_crl.issuer = name;
}

/* The Platform CA's list beside a leaf of the Processor CA, and the other way round. */
static void other_cas(struct intel_stage *s, int is_renamed)
{
    const struct sim_cert *other =
        &s->doc.certs[s->doc.ca == SIM_INTEL_PLATFORM_CA ? SIM_INTEL_PROCESSOR_CA
                                                         : SIM_INTEL_PLATFORM_CA];

    if (!is_renamed)
        s->doc.pck_crl.issuer = other->subject;
    s->doc.pck_crl.signing.key = other->key;
    sim_extensions_set_authority_key(&s->doc.pck_crl.extensions, other->key);
}

/* Signed by another's key; its name and key identifier are the issuer's. */
static void signed_by(struct intel_stage *s, int which, const struct sim_key *key)
{
    list_of(s, which)->signing.key = key;
}

static void roots_by(struct intel_stage *s, int place)
{
    signed_by(s, ROOTS, s->doc.certs[place].key);
}

static void cas_by(struct intel_stage *s, int place)
{
    signed_by(s, CAS, s->doc.certs[place].key);
}

static void by_stranger(struct intel_stage *s, int which)
{
    signed_by(s, which, stranger(s));
}

static void by_stranger_openly(struct intel_stage *s, int which)
{
    by_stranger(s, which);
    sim_extensions_set_authority_key(&list_of(s, which)->extensions, stranger(s));
}

static void names_other_key(struct intel_stage *s, int which)
{
    sim_extensions_set_authority_key(&list_of(s, which)->extensions, stranger(s));
}

static void names_no_key(struct intel_stage *s, int which)
{
    (void)sim_extensions_remove(&list_of(s, which)->extensions, SIM_OID_AUTHORITY_KEY_ID);
}

static void has_no_number(struct intel_stage *s, int which)
{
    (void)sim_extensions_remove(&list_of(s, which)->extensions, SIM_OID_CRL_NUMBER);
}

static void spoilt(struct intel_stage *s, int which)
{
    list_of(s, which)->signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                  NULL};
}

static void says_sha384(struct intel_stage *s, int which)
{
    list_of(s, which)->signing.inner_algorithm = sim_algorithm_ecdsa_sha384();
    list_of(s, which)->signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
}

static void root_may_not(struct intel_stage *s, int number)
{
    struct sim_cert *root = &s->doc.certs[SIM_INTEL_ROOT];

    (void)number;
    sim_extensions_set_usage(&root->extensions, true, 2, 0x04);
    s->root = *root;
}

/* When. */

static void stale(struct intel_stage *s, int which)
{
    list_of(s, which)->next_update_s = MINTED_AT_S - 1;
}

static void stale_next(struct intel_stage *s, int which)
{
    list_of(s, which)->next_update_s = MINTED_AT_S;
}

static void ahead(struct intel_stage *s, int which)
{
    list_of(s, which)->this_update_s = MINTED_AT_S + 1;
}

static void from_now(struct intel_stage *s, int which)
{
    list_of(s, which)->this_update_s = MINTED_AT_S;
}

static void without_end(struct intel_stage *s, int which)
{
    list_of(s, which)->has_next_update = false;
}

/* What kind. */

static void add_extension(struct intel_stage *s, const char *oid, const char *value)
{
    sim_extensions_set(&s->doc.pck_crl.extensions, oid, true, test_hex(value));
}

static void delta(struct intel_stage *s, int number)
{
    (void)number;
    add_extension(s, "2.5.29.27", "020101");
}

static void indirect(struct intel_stage *s, int number)
{
    (void)number;
    add_extension(s, "2.5.29.28", "30038401ff");
}

static void unknown(struct intel_stage *s, int number)
{
    (void)number;
    add_extension(s, "1.2.3.4", "3000");
}

static void first_version(struct intel_stage *s, int which)
{
    list_of(s, which)->has_version = false;
    list_of(s, which)->extensions.count = 0;
}

/* Two of the CA's: the stage's own, of ten days ago, is clean. */
static void beside(struct intel_stage *s, int days_old, bool revokes, bool is_genuine)
{
    static struct sim_crl other;

    other = s->doc.pck_crl;
    other.this_update_s = MINTED_AT_S - days_old * DAY;
    if (revokes)
        revoke(&other, &s->doc.certs[SIM_INTEL_PCK]);
    if (!is_genuine)
        other.signing.key = stranger(s);
    stage_add_list(s->trial, &other);
}

static void revoking_beside(struct intel_stage *s, int days_old)
{
    beside(s, days_old, true, true);
}

static void false_beside(struct intel_stage *s, int days_old)
{
    beside(s, days_old, false, false);
}

/* Somebody shows the list of before; the one that revokes is there, too, and stale. */
static void revoking_stale_beside(struct intel_stage *s, int days_newer)
{
    static struct sim_crl other;

    other = s->doc.pck_crl;
    other.this_update_s += days_newer * DAY;
    other.next_update_s = MINTED_AT_S - 1;
    revoke(&other, &s->doc.certs[SIM_INTEL_PCK]);
    stage_add_list(s->trial, &other);
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V5_TD15, change, number, TRIAL_ANY, line}
#define EACH(why, change, line)  TDX(why, change, ROOTS, line), SGX(why, change, CAS, line)
#define NO "refused: revocation"
#define NO_LIST "undetermined: ?revocation"

static const struct intel_attack rows[] = {
    /* why, change, (number,) line */
    SGX("revoked", revoked, SIM_INTEL_PROCESSOR_CA, NO),
    SGX("revoked", revoked, SIM_INTEL_PCK, NO),
    SGX("revoked", revoked, SIM_INTEL_TCB_SIGNER, NO),
    TDX("revoked", revoked, SIM_INTEL_PLATFORM_CA, NO),
    TDX("revoked", revoked, SIM_INTEL_PCK, NO),
    TDX("revoked", revoked, SIM_INTEL_TCB_SIGNER, NO),
    SGX("the other CA is revoked", revoked, SIM_INTEL_PLATFORM_CA, "accepted"),
    SGX("root on its own list", revoked, SIM_INTEL_ROOT, "accepted"),
    SGX("on another's list", revoked_by_other, SIM_INTEL_PCK, "accepted"),
    SGX("on another's list", revoked_by_other, SIM_INTEL_PROCESSOR_CA, "accepted"),
    SGX("on another's list", revoked_by_other, SIM_INTEL_TCB_SIGNER, "accepted"),
    SGX("revoked, a key compromised", revoked_for, 1, NO),
    SGX("revoked, on hold", revoked_for, 6, NO),
    SGX("revoked, to be taken off a delta list", revoked_for, 8, NO),
    SGX("revoked from tomorrow", revoked_later, 0, NO),
    SGX("next serial number revoked", revoked_almost, 0, "accepted"),
    SGX("start of its serial number revoked", revoked_almost, 1, "accepted"),

    EACH("withheld", withheld, NO_LIST),
    TDX("both withheld", both_withheld, 0, NO_LIST),
    TDX("root's list for the CA's", root_list_for_cas, 0, NO_LIST),
    TDX("root's list in the CA's name", root_list_for_cas, 1, NO),
    TDX("CA's list for the root's", ca_list_for_roots, 0, NO_LIST),
    TDX("CA's list in the root's name", ca_list_for_roots, 1, NO),
    SGX("Platform CA's list for the Processor CA's", other_cas, 0, NO_LIST),
    SGX("Platform CA's list in the Processor CA's name", other_cas, 1, NO),
    TDX("Processor CA's list for the Platform CA's", other_cas, 0, NO_LIST),
    TDX("Processor CA's list in the Platform CA's name", other_cas, 1, NO),
    TDX("root's list by another key", roots_by, SIM_INTEL_PLATFORM_CA, NO),
    TDX("root's list by another key", roots_by, SIM_INTEL_TCB_SIGNER, NO),
    TDX("root's list by another key", roots_by, SIM_INTEL_PCK, NO),
    TDX("CA's list by another key", cas_by, SIM_INTEL_ROOT, NO),
    TDX("CA's list by another key", cas_by, SIM_INTEL_TCB_SIGNER, NO),
    TDX("CA's list by another key", cas_by, SIM_INTEL_PCK, NO),
    EACH("by a stranger", by_stranger, NO),
    EACH("by a stranger who says so", by_stranger_openly, NO),
    EACH("names another key", names_other_key, NO),
    EACH("names no key", names_no_key, NO),
    EACH("has no number", has_no_number, NO),
    EACH("signature spoilt", spoilt, NO),
    EACH("says it is SHA-384", says_sha384, NO),
    SGX("root may not sign lists", root_may_not, 0, NO),

    EACH("ended a second ago", stale, NO),
    EACH("ends this second", stale_next, "accepted"),
    EACH("from a second ahead", ahead, NO),
    EACH("from this second", from_now, "accepted"),
    EACH("without an end", without_end, "error: MISSING crl.next_update"),
    EACH("of version 1", first_version, "error: VERSION crl.version"),
    SGX("delta list", delta, 0, "error: UNSUPPORTED crl.extensions"),
    SGX("indirect list", indirect, 0, "error: UNSUPPORTED crl.extensions"),
    SGX("unknown critical extension", unknown, 0, "error: UNSUPPORTED crl.extensions"),

    SGX("newer list revokes", revoking_beside, 5, NO),
    SGX("list of the same time revokes", revoking_beside, 10, NO),
    SGX("older list revoked, newer one does not", revoking_beside, 15, "accepted"),
    SGX("list of tomorrow revokes: today's decides", revoking_beside, -1, "accepted"),
    SGX("stale list of the same time revokes", revoking_stale_beside, 0, NO),
    SGX("newer list revokes and is stale, the older one is fresh", revoking_stale_beside, 5, NO),
    SGX("older list revoked and is stale", revoking_stale_beside, -5, "accepted"),
    SGX("false list beside", false_beside, 5, NO),
    SGX("older false list beside", false_beside, 15, NO),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
