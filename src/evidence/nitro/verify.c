/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/nitro/nitro.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/cose.h"
#include "evidence/claim_list.h"
#include "pki/chain.h"

/* clang-format off */
const enum troth_check_id troth_nitro_plan[] = {
    TROTH_CHECK_KIND,      TROTH_CHECK_RESERVED,   TROTH_CHECK_ANCHOR,
    TROTH_CHECK_CHAIN,     TROTH_CHECK_VALIDITY,   TROTH_CHECK_REVOCATION,
    TROTH_CHECK_SIGNATURE, TROTH_CHECK_TIME,       TROTH_CHECK_DEBUG,
    TROTH_CHECK_COUNT,
};

/* spec: [NITRO] "Certificates validation" and "Syntactical validation". */
static const struct troth_cert_role issuer_role = {
    .name = "issuing certificate", .signed_with = TROTH_ECDSA_P384_SHA384,
    .key = TROTH_KEY_P384, .is_ca = true, .key_usage = TROTH_USE_CERT_SIGN,
};
static const struct troth_cert_role enclave_role = {
    .name = "enclave certificate", .signed_with = TROTH_ECDSA_P384_SHA384,
    .key = TROTH_KEY_P384, .key_usage = TROTH_USE_DIGITAL_SIGNATURE,
};
/* clang-format on */

/* Below the root, AWS issues by region, zone and instance. */
static const char *const issuer_names[TROTH_NITRO_BUNDLE_MAX] = {
    "regional certificate",
    "zonal certificate",
    "instance certificate",
};

_Static_assert(TROTH_NITRO_BUNDLE_MAX <= TROTH_CHAIN_MAX,
               "bundle without its root, and the enclave's certificate, make a chain");

bool troth_nitro_is_debug(const struct troth_nitro *document)
{
    /* A register that is missing is as good as a zero one: nothing vouches for the code.
     */
    for (size_t i = 0; i < 3; i++)
        if (troth_span_is_zero(document->pcrs[i]))
            return true;
    return false;
}

static void judge_kind(struct troth_judgement *j, const struct troth_nitro *d)
{
    troth_judge(
        j,
        (struct troth_check){
            .id = TROTH_CHECK_KIND,
            .outcome = d->is_tpm ? TROTH_FAILED : TROTH_PASSED,
            .why = d->is_tpm ? "document of a NitroTPM instance, not an enclave" : NULL,
            .seen = troth_value_text(d->is_tpm ? "nitrotpm" : "nitro"),
            .wanted = troth_value_text("nitro"),
        });
}

static void judge_reserved(struct troth_judgement *j, const struct troth_nitro *d)
{
    if (d->envelope.unprotected_count == 0)
        troth_judge_passed(j, TROTH_CHECK_RESERVED);
    else
        troth_judge_failed(j, TROTH_CHECK_RESERVED,
                           "the unsigned (unprotected) header is not empty");
}

/* What stands at a place below the root, of `count` in all. */
static struct troth_cert_role role_at(size_t place, size_t count)
{
    struct troth_cert_role role = issuer_role;

    if (place + 1 == count)
        return enclave_role;
    if (issuer_names[place])
        role.name = issuer_names[place];
    return role;
}

/* The anchor whose certificate, byte for byte, is the bundle's first. */
static enum troth_err find_anchor(struct troth_judgement *j, const struct troth_nitro *d)
{
    const struct troth_anchors *anchors = j->input->anchors;
    uint8_t *sha256 = troth_arena_take(j->input->arena, 32);
    struct troth_check row = {.id = TROTH_CHECK_ANCHOR, .outcome = TROTH_PASSED};

    if (!sha256)
        return TROTH_ERR_MEMORY;

    enum troth_err err = troth_digest(j->input->crypto, sha256, TROTH_SHA256,
                                      d->bundle[0]);
    if (err)
        return err;
    for (size_t i = 0; i < anchors->count && !j->anchor; i++) {
        bool fits = anchors->rows[i].role == TROTH_ANCHOR_NITRO_ROOT ||
                    anchors->rows[i].role == TROTH_ANCHOR_CUSTOM;

        if (fits && memcmp(anchors->rows[i].sha256, sha256, 32) == 0)
            j->anchor = &anchors->rows[i];
    }
    row.seen = troth_value_bytes((struct troth_span){sha256, 32});
    if (!j->anchor) {
        row.outcome = TROTH_FAILED;
        row.why = "the chain starts at a certificate that is not pinned";
        row.wanted = troth_value_text("AWS Nitro Enclaves Root-G1");
        row.flag = "--root";
        row.flag_argument = "FILE";
    }
    troth_judge(j, row);
    return TROTH_OK;
}

/* Bundle without its root, then the enclave's own; false after recording why not. */
static bool parse_chain(struct troth_judgement *j, struct troth_cert *certs,
                        const struct troth_nitro *d)
{
    for (size_t i = 0; i < d->bundle_count; i++) {
        bool leaf = i + 1 == d->bundle_count;
        struct troth_span der = leaf ? d->certificate : d->bundle[i + 1];
        enum troth_err err = troth_cert_parse(&certs[i], NULL, der);

        if (err) {
            troth_judge(j, (struct troth_check){
                               .id = TROTH_CHECK_CHAIN,
                               .outcome = TROTH_FAILED,
                               .subject = role_at(i, d->bundle_count).name,
                               .why = troth_err_text(err),
                           });
            return false;
        }
    }
    return true;
}

static enum troth_err judge_chain(struct troth_judgement *j,
                                  const struct troth_cert *certs, size_t count)
{
    struct troth_cert_role roles[TROTH_NITRO_BUNDLE_MAX];
    struct troth_chain_report report;
    const struct troth_chain chain = {
        .anchor = j->anchor,
        .certs = certs,
        .roles = roles,
        .count = count,
        .at_s = j->at_s,
        .crypto = j->input->crypto,
        .cache = j->input->cache,
    };

    for (size_t i = 0; i < count; i++)
        roles[i] = role_at(i, count);

    enum troth_err err = troth_chain_verify(&report, &chain);
    if (err)
        return err;
    troth_judge(j, report.chain);
    troth_judge(j, report.validity);
    troth_judge_not_applicable(j, TROTH_CHECK_REVOCATION,
                               "AWS publishes no revocation list for these certificates");
    troth_judge_valid_until(j, report.valid_until_s, report.valid_until_what);
    return TROTH_OK;
}

static enum troth_err judge_signature(struct troth_judgement *j,
                                      const struct troth_nitro *d,
                                      const struct troth_public_key *key)
{
    struct troth_cose_heads heads;
    struct troth_cose_signed whole = troth_cose_sign1_signed(
        &d->envelope, (struct troth_span){NULL, 0}, &heads);

    /* spec: [NITRO] the protected header holds the algorithm, ES384, and nothing else. */
    if (d->envelope.algorithm != TROTH_COSE_ES384 || d->envelope.protected_count != 1) {
        troth_judge_failed(j, TROTH_CHECK_SIGNATURE,
                           "the protected header is not ES384 alone");
        return TROTH_OK;
    }

    return troth_judge_signature(j, TROTH_ECDSA_P384_SHA384, key,
                                 (struct troth_parts){whole.parts, whole.count},
                                 d->envelope.signature);
}

static void judge_time(struct troth_judgement *j, const struct troth_nitro *d)
{
    int64_t signed_s = (int64_t)(d->timestamp_ms / 1000);
    /* The clock may be any number; a signed time is not negative. */
    bool ahead = signed_s - TROTH_NITRO_SKEW_S > j->at_s;

    troth_judge(j,
                (struct troth_check){
                    .id = TROTH_CHECK_TIME,
                    .outcome = ahead ? TROTH_FAILED : TROTH_PASSED,
                    .why = ahead ? "the document says it was signed in the future" : NULL,
                    .seen = troth_value_instant(signed_s),
                    .wanted = troth_value_instant(j->at_s),
                    .flag = ahead ? "--time" : NULL,
                    .flag_argument = ahead ? "document" : NULL,
                });
}

static void judge_debug(struct troth_judgement *j, const struct troth_nitro *d)
{
    if (!troth_nitro_is_debug(d)) {
        troth_judge_passed(j, TROTH_CHECK_DEBUG);
        return;
    }
    troth_judge_finding(j, &(struct troth_finding){
                               .id = TROTH_CHECK_DEBUG,
                               .name = "debug",
                               .why = "PCR0, PCR1 or PCR2 is zero: the enclave runs in "
                                      "debug mode, open to its host",
                               .seen = troth_value_bool(true),
                               .wanted = troth_value_bool(false),
                           });
}

enum troth_err troth_nitro_verify(struct troth_judgement *j, struct troth_fault *fault,
                                  void *fields)
{
    const struct troth_nitro *d = fields;
    struct troth_cert *certs = troth_arena_take_array(
        j->input->arena, TROTH_NITRO_BUNDLE_MAX, sizeof *certs);
    enum troth_err err = certs ? TROTH_OK : TROTH_ERR_MEMORY;

    (void)fault;
    troth_limits_add(&j->not_proven, TROTH_LIMIT_NO_HARDWARE_ID);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_REVOCATION);
    judge_kind(j, d);
    judge_reserved(j, d);
    judge_time(j, d);
    judge_debug(j, d);
    if (!err)
        err = find_anchor(j, d);
    /* Without an anchor the rest stays not made: there is no key to check it with. */
    if (err || !j->anchor || !parse_chain(j, certs, d))
        return err;
    err = judge_chain(j, certs, d->bundle_count);
    if (!err)
        err = judge_signature(j, d, &certs[d->bundle_count - 1].key);
    return err;
}
