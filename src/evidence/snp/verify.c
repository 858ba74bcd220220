/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "evidence/claim_list.h"
#include "evidence/snp/endorsement.h"
#include "pki/chain.h"

/* clang-format off */
const enum troth_check_id troth_snp_plan[] = {
    TROTH_CHECK_TRAILING,    TROTH_CHECK_RESERVED,      TROTH_CHECK_PRODUCT,
    TROTH_CHECK_SIGNING_KEY, TROTH_CHECK_ANCHOR,        TROTH_CHECK_CHAIN,
    TROTH_CHECK_VALIDITY,    TROTH_CHECK_REVOCATION,    TROTH_CHECK_SIGNATURE,
    TROTH_CHECK_HARDWARE,    TROTH_CHECK_TCB,           TROTH_CHECK_PROVISIONAL,
    TROTH_CHECK_DEBUG,       TROTH_CHECK_MIGRATION,     TROTH_CHECK_POLICY_BITS,
    TROTH_CHECK_PLATFORM_BITS, TROTH_CHECK_REQUESTER,
    TROTH_CHECK_COUNT,
};

/* spec: [KDS] 2.1 "Certificate chain", 3.1 "Certificate fields". */
#define AMD "Advanced Micro Devices"
const struct troth_cert_role troth_snp_ask_role = {
    .name = "AMD signing key (ASK)", .signed_with = TROTH_RSA_PSS_SHA384,
    .key = TROTH_KEY_RSA, .is_ca = true, .key_usage = TROTH_USE_CERT_SIGN,
    .organization = AMD, .may_be_revoked = true,
};
const struct troth_cert_role troth_snp_vcek_role = {
    .name = "chip's certificate (VCEK)", .signed_with = TROTH_RSA_PSS_SHA384,
    .key = TROTH_KEY_P384, .common_name = "SEV-VCEK", .organization = AMD,
};
const struct troth_cert_role troth_snp_vlek_role = {
    .name = "provider's certificate (VLEK)", .signed_with = TROTH_RSA_PSS_SHA384,
    .key = TROTH_KEY_P384, .common_name = "SEV-VLEK", .organization = AMD,
};
/* clang-format on */

static bool is_vlek(const struct troth_snp *s)
{
    return TROTH_SNP_SIGNING_KEY(troth_snp_uint(s->signer_info)) == TROTH_SNP_VLEK;
}

/* Sets s->product when all sources agree. */
static void judge_product(struct troth_judgement *j, struct troth_snp *s,
                          const struct troth_snp_endorsement *e)
{
    const struct troth_snp_product *own = s->product;
    const struct troth_snp_product *certified = troth_snp_certificate_product(e->vek);
    bool has_cpuid = troth_snp_uint(s->version) >= 3;
    struct troth_check row = {.id = TROTH_CHECK_PRODUCT, .outcome = TROTH_FAILED};

    row.seen = own ? troth_value_text(own->name) : troth_value_none();
    row.wanted = certified ? troth_value_text(certified->name) : troth_value_none();
    if (!certified)
        row.why = "the certificate names no product this build knows";
    else if (has_cpuid && !own)
        row.why = "the report's processor is not one this build knows";
    else if (has_cpuid && own != certified)
        row.why = "report and certificate name different products";
    else if (troth_snp_issuer_product(e->vek) != certified)
        row.why = "certificate and its issuer name different products";
    else
        row.outcome = TROTH_PASSED;
    s->product = row.outcome == TROTH_PASSED ? certified : NULL;
    if (s->product && troth_snp_is_distrusted(j, s->product)) {
        row.outcome = TROTH_FAILED;
        row.why = "the policy does not trust this product";
        row.wanted = troth_value_none();
    }
    troth_judge(j, row);
}

static void judge_signing_key(struct troth_judgement *j, const struct troth_snp *s,
                              const struct troth_snp_endorsement *e)
{
    unsigned key = (unsigned)TROTH_SNP_SIGNING_KEY(troth_snp_uint(s->signer_info));
    const char *wanted = key == TROTH_SNP_VLEK ? "SEV-VLEK" : "SEV-VCEK";
    struct troth_span seen = e->vek->common_name;
    bool has_hwid = troth_cert_extension(e->vek, TROTH_SNP_OID("\x04")).ptr != NULL;
    bool has_csp = troth_cert_extension(e->vek, TROTH_SNP_OID("\x05")).ptr != NULL;
    struct troth_check row = {
        .id = TROTH_CHECK_SIGNING_KEY,
        .outcome = TROTH_FAILED,
        .seen = seen.ptr ? troth_value_text_span(seen) : troth_value_none(),
        .wanted = troth_value_text(wanted),
    };

    if (!troth_span_equal(seen, troth_span_of_text(wanted)))
        row.why = "the certificate is of another kind than the report names";
    else if (has_hwid != (key == TROTH_SNP_VCEK) || has_csp != (key == TROTH_SNP_VLEK))
        row.why = "the certificate names a chip where it should name a provider, or both";
    else
        row.outcome = TROTH_PASSED;
    troth_judge(j, row);
}

/* For reports that no key of a kind we know signed. */
static bool has_known_key(struct troth_judgement *j, const struct troth_snp *s)
{
    unsigned key = (unsigned)TROTH_SNP_SIGNING_KEY(troth_snp_uint(s->signer_info));

    if (key == TROTH_SNP_VCEK || key == TROTH_SNP_VLEK)
        return true;
    troth_judge(j,
                (struct troth_check){
                    .id = TROTH_CHECK_SIGNING_KEY,
                    .outcome = TROTH_FAILED,
                    .subject = "snp.signer_info",
                    .why = key == TROTH_SNP_NO_KEY ? "the report is not signed"
                                                   : "signed by a kind of key that this "
                                                     "build does not know",
                    .seen = troth_value_uint(key),
                });
    return false;
}

static void judge_anchor(struct troth_judgement *j, const struct troth_snp_endorsement *e)
{
    struct troth_check row = {.id = TROTH_CHECK_ANCHOR, .outcome = TROTH_PASSED};

    j->anchor = e->anchor;
    if (e->anchor) {
        row.seen = troth_value_text(e->anchor->name);
    } else if (e->ask) {
        row.outcome = TROTH_FAILED;
        row.why = "the chain starts at a root that is not pinned";
        row.flag = "--root";
        row.flag_argument = "FILE";
    } else {
        row.outcome = TROTH_NOT_MADE;
        row.why = "no certificate of the issuer (ASK or ASVK) is at hand";
        row.flag = "--collateral";
        row.flag_argument = "FILE";
    }
    troth_judge(j, row);
}

/* The pinned intermediate's own standing; a list is needed only if one is given, since
 * the pin is this build's statement that the key is good. */
static enum troth_err judge_pinned_revocation(struct troth_judgement *j,
                                              const struct troth_snp_endorsement *e)
{
    struct troth_check row;
    int64_t until_s;
    enum troth_err err = TROTH_OK;

    row.outcome = TROTH_NOT_MADE;
    if (e->ark) {
        const struct troth_revocation question = {
            .subject = e->anchor->name,
            .serial = e->anchor->serial,
            .issuer = e->ark->subject,
            .issuer_key = &e->ark->key,
            .issuer_key_id = e->ark->key_id,
            .issuer_may_not_sign_lists = e->ark->may_not_sign_lists,
            .anchor = e->ark,
            .crls = e->crls,
            .crl_count = e->crl_count,
            .signed_with = TROTH_RSA_PSS_SHA384,
            .at_s = j->at_s,
            .crypto = j->input->crypto,
            .cache = j->input->cache,
        };

        err = troth_revocation_check(&row, &until_s, &question);
        if (err)
            return err;
    }
    if (row.outcome == TROTH_NOT_MADE) {
        troth_limits_add(&j->not_proven, TROTH_LIMIT_REVOCATION);
        troth_judge_not_applicable(j, TROTH_CHECK_REVOCATION,
                                   "the issuer's key is built in, and no list of its "
                                   "root was given");
    } else {
        troth_judge(j, row);
        troth_judge_valid_until(j, until_s, "revocation list");
    }
    return err;
}

static enum troth_err judge_chain(struct troth_judgement *j, const struct troth_snp *s,
                                  const struct troth_snp_endorsement *e)
{
    struct troth_cert certs[2];
    struct troth_cert_role roles[2];
    struct troth_chain_report report;
    struct troth_chain chain = {
        .anchor = e->anchor,
        .certs = certs,
        .roles = roles,
        .crls = e->crls,
        .crl_count = e->crl_count,
        .crl_signed_with = TROTH_RSA_PSS_SHA384,
        .at_s = j->at_s,
        .crypto = j->input->crypto,
        .cache = j->input->cache,
    };

    if (e->ask) {
        certs[chain.count] = *e->ask;
        roles[chain.count++] = troth_snp_ask_role;
    }
    certs[chain.count] = *e->vek;
    roles[chain.count++] = is_vlek(s) ? troth_snp_vlek_role : troth_snp_vcek_role;

    enum troth_err err = troth_chain_verify(&report, &chain);
    if (err)
        return err;
    troth_judge(j, report.chain);
    troth_judge(j, report.validity);
    troth_judge_valid_until(j, report.valid_until_s, report.valid_until_what);
    if (!e->ask)
        return judge_pinned_revocation(j, e);
    if (report.revocation.outcome == TROTH_NOT_MADE) {
        report.revocation.flag = "--collateral";
        report.revocation.flag_argument = "CRL";
    }
    troth_judge(j, report.revocation);
    return TROTH_OK;
}

static enum troth_err judge_signature(struct troth_judgement *j,
                                      const struct troth_snp *s,
                                      const struct troth_public_key *key)
{
    struct troth_span covered = troth_span_slice(s->report, 0, TROTH_SNP_SIGNED_SIZE);
    uint8_t signature[96];

    if (troth_snp_uint(s->signature_algo) != 1) {
        troth_judge(j, (struct troth_check){
                           .id = TROTH_CHECK_SIGNATURE,
                           .outcome = TROTH_FAILED,
                           .subject = "snp.signature_algo",
                           .why = "signed with an algorithm this build does not know",
                           .seen = troth_value_uint(troth_snp_uint(s->signature_algo)),
                           .wanted = troth_value_uint(1),
                       });
        return TROTH_OK;
    }
    /* The report holds r and s little-endian, everybody else big-endian. */
    for (size_t i = 0; i < 48; i++) {
        signature[i] = s->signature_r.ptr[47 - i];
        signature[48 + i] = s->signature_s.ptr[47 - i];
    }

    return troth_judge_signature(j, TROTH_ECDSA_P384_SHA384, key,
                                 (struct troth_parts){&covered, 1},
                                 (struct troth_span){signature, sizeof signature});
}

static void judge_chip(struct troth_judgement *j, const struct troth_snp *s,
                       const struct troth_cert *vek)
{
    size_t size = s->product->hwid_size;
    struct troth_span hwid = troth_snp_certificate_hwid(vek, size);
    bool same = hwid.len == size && troth_span_starts_with(s->chip_id, hwid) &&
                troth_span_is_zero(troth_span_slice(s->chip_id, size, s->chip_id.len));
    bool masked = troth_snp_uint(s->signer_info) & TROTH_SNP_MASK_CHIP_KEY;

    /* A chip that is named all the same must be the right one: to allow masking is not to
     * allow another chip. */
    if (troth_span_is_zero(s->chip_id) || (masked && same)) {
        troth_limits_add(&j->not_proven, TROTH_LIMIT_NO_HARDWARE_ID);
        troth_judge_finding(
            j, &(struct troth_finding){
                   .id = TROTH_CHECK_HARDWARE,
                   .name = "masked_chip",
                   .why = "the host hides which chip reported",
                   .seen = troth_value_bytes(s->chip_id),
                   .wanted = hwid.ptr ? troth_value_bytes(hwid) : troth_value_none(),
               });
        return;
    }
    troth_judge(j, (struct troth_check){
                       .id = TROTH_CHECK_HARDWARE,
                       .outcome = same ? TROTH_PASSED : TROTH_FAILED,
                       .subject = "snp.chip_id",
                       .why = same ? NULL : "the certificate is another chip's",
                       .seen = troth_value_bytes(s->chip_id),
                       .wanted = hwid.ptr ? troth_value_bytes(hwid) : troth_value_none(),
                   });
}

static void judge_hardware(struct troth_judgement *j, struct troth_snp *s,
                           const struct troth_cert *vek)
{
    if (!is_vlek(s)) {
        judge_chip(j, s, vek);
        return;
    }
    s->csp_id = troth_snp_certificate_csp(vek);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_NO_HARDWARE_ID);
    troth_judge_not_applicable(j, TROTH_CHECK_HARDWARE,
                               "a VLEK belongs to a provider, not to a chip");
}

/* Component by component: the number as a whole has no order. */
static bool not_above(struct troth_span low, struct troth_span high)
{
    for (size_t i = 0; i < TROTH_SNP_TCB_SIZE; i++)
        if (low.ptr[i] > high.ptr[i])
            return false;
    return true;
}

static enum troth_err judge_tcb(struct troth_judgement *j, const struct troth_snp *s,
                                const struct troth_cert *vek)
{
    uint8_t *certified = troth_arena_take(j->input->arena, TROTH_SNP_TCB_SIZE);
    struct troth_check row = {
        .id = TROTH_CHECK_TCB,
        .outcome = TROTH_FAILED,
        .subject = "snp.reported_tcb",
        .seen = troth_value_bytes(s->reported_tcb),
    };

    if (!certified)
        return TROTH_ERR_MEMORY;
    if (!troth_snp_certificate_tcb(certified, vek, s->product)) {
        row.why = "the certificate does not say which firmware it is for";
        troth_judge(j, row);
        return TROTH_OK;
    }
    row.wanted = troth_value_bytes((struct troth_span){certified, TROTH_SNP_TCB_SIZE});
    if (memcmp(certified, s->reported_tcb.ptr, TROTH_SNP_TCB_SIZE) != 0) {
        row.why = "the certificate is for other firmware versions";
    } else if (!not_above(s->reported_tcb, s->current_tcb)) {
        row.why = "reported firmware is newer than what runs";
        row.wanted = troth_value_bytes(s->current_tcb);
    } else if (!not_above(s->committed_tcb, s->current_tcb)) {
        row.subject = "snp.committed_tcb";
        row.why = "committed firmware is newer than what runs";
        row.seen = troth_value_bytes(s->committed_tcb);
        row.wanted = troth_value_bytes(s->current_tcb);
    } else {
        row.outcome = TROTH_PASSED;
    }
    troth_judge(j, row);
    return TROTH_OK;
}

static void add_limits(struct troth_judgement *j, const struct troth_snp *s)
{
    troth_limits_add(&j->not_proven, TROTH_LIMIT_KERNEL);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_ACPI);
    if (s->product &&
        troth_span_equal(troth_span_of_text(s->product->name), TROTH_LITERAL("Milan")))
        troth_limits_add(&j->not_proven, TROTH_LIMIT_MILAN_KEYS);
}

static enum troth_err judge_endorsed(struct troth_judgement *j, struct troth_snp *s,
                                     const struct troth_snp_endorsement *e)
{
    enum troth_err err = TROTH_OK;

    judge_product(j, s, e);
    judge_signing_key(j, s, e);
    judge_anchor(j, e);
    if (s->product) {
        judge_hardware(j, s, e->vek);
        err = judge_tcb(j, s, e->vek);
    }
    if (!err && e->anchor)
        err = judge_chain(j, s, e);
    if (!err && e->anchor)
        err = judge_signature(j, s, &e->vek->key);
    return err;
}

enum troth_err troth_snp_verify(struct troth_judgement *j, struct troth_fault *fault,
                                void *fields)
{
    struct troth_snp *s = fields;
    struct troth_snp_endorsement endorsement;
    enum troth_err err = troth_snp_endorsement_find(&endorsement, fault, j->input, s);

    if (err)
        return err;
    troth_snp_judge_report(j, s);
    if (has_known_key(j, s)) {
        if (endorsement.vek)
            err = judge_endorsed(j, s, &endorsement);
        else
            troth_judge(j,
                        (struct troth_check){
                            .id = TROTH_CHECK_CHAIN,
                            .outcome = TROTH_NOT_MADE,
                            .subject = is_vlek(s) ? troth_snp_vlek_role.name
                                                  : troth_snp_vcek_role.name,
                            .why = "not at hand, so nothing says whose signature this is",
                            .flag = "--collateral",
                            .flag_argument = is_vlek(s) ? "VLEK" : "VCEK",
                        });
    }
    troth_snp_judge_floors(j, s, endorsement.vek != NULL);
    add_limits(j, s);
    return err;
}
