/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/chain.h"

#include "base/instant.h"
#include "base/span.h"
#include "pki/genuine.h"
#include "pki/row.h"

/* Whoever stands above a certificate: the anchor, or the certificate before it. */
struct issuer {
    const char *name; /* anchor's, or role's */
    struct troth_span subject, key_id;
    const struct troth_public_key *key;
    bool has_path_length;
    unsigned path_length;
    bool may_not_sign_lists;
};

struct link {
    const struct troth_chain *chain;
    const struct troth_cert *cert;
    const struct troth_cert_role *role;
    struct issuer issuer;
    size_t index;
};

static struct issuer issuer_of(const struct troth_chain *chain, size_t index)
{
    const struct troth_anchor *anchor = chain->anchor;

    if (index == 0)
        return (struct issuer){anchor->name,
                               anchor->subject,
                               anchor->key_id,
                               &anchor->key,
                               anchor->has_path_length,
                               anchor->path_length,
                               anchor->may_not_sign_lists};
    const struct troth_cert *cert = &chain->certs[index - 1];

    return (struct issuer){chain->roles[index - 1].name,
                           cert->subject,
                           cert->subject_key_id,
                           &cert->key,
                           cert->has_path_length,
                           cert->path_length,
                           cert->has_key_usage &&
                               !(cert->key_usage & TROTH_USE_CRL_SIGN)};
}

static struct link link_at(const struct troth_chain *chain, size_t index)
{
    return (struct link){chain, &chain->certs[index], &chain->roles[index],
                         issuer_of(chain, index), index};
}

/* Rules. Each leaves `row` alone or makes it a failed one. */

/* What people call a name: its common name, or else its bytes. */
static struct troth_value name_value(struct troth_span name)
{
    struct troth_span common = troth_name_attribute(name, TROTH_OID_COMMON_NAME);

    if (!common.ptr)
        return troth_value_bytes(name);
    return troth_value_text_span(common);
}

static void check_issuer_name(struct troth_check *row, const struct link *link)
{
    if (!troth_span_equal(link->cert->issuer, link->issuer.subject))
        troth_row_fail(row, "issued by another name", name_value(link->cert->issuer),
                       name_value(link->issuer.subject));
}

static void check_key_ids(struct troth_check *row, const struct link *link)
{
    struct troth_span seen = link->cert->authority_key_id;
    struct troth_span wanted = link->issuer.key_id;

    if (seen.len > 0 && wanted.len > 0 && !troth_span_equal(seen, wanted))
        troth_row_fail(row, "key identifiers differ", troth_value_bytes(seen),
                       troth_value_bytes(wanted));
}

static void check_known_extensions(struct troth_check *row, const struct link *link)
{
    if (link->cert->unknown_critical.len > 0)
        troth_row_fail(row, "unknown critical extension",
                       troth_value_bytes(link->cert->unknown_critical),
                       troth_value_none());
}

static void check_extensions(struct troth_check *row, const struct link *link)
{
    const char *missing = link->role->extensions
                              ? troth_cert_lacks(link->cert, link->role->extensions)
                              : NULL;

    if (missing)
        troth_row_fail(row, "lacks an extension its role needs", troth_value_none(),
                       troth_value_text(missing));
}

static void check_algorithm(struct troth_check *row, const struct link *link)
{
    if (link->cert->signed_with != link->role->signed_with)
        troth_row_fail(row, "signed with another algorithm than its role's",
                       troth_row_algorithm(link->cert->signed_with),
                       troth_row_algorithm(link->role->signed_with));
}

static void check_key_kind(struct troth_check *row, const struct link *link)
{
    if (link->cert->key.kind != link->role->key)
        troth_row_fail(row, "key of another kind than its role's",
                       troth_row_key_kind(link->cert->key.kind),
                       troth_row_key_kind(link->role->key));
}

static void check_attribute(struct troth_check *row, struct troth_span seen,
                            const char *wanted, const char *why)
{
    struct troth_value value = troth_value_none();

    if (!wanted || (seen.ptr && troth_span_is_text(seen, wanted)))
        return;
    if (seen.ptr)
        value = troth_value_text_span(seen);
    troth_row_fail(row, why, value, troth_value_text(wanted));
}

static void check_common_name(struct troth_check *row, const struct link *link)
{
    check_attribute(row, link->cert->common_name, link->role->common_name,
                    "common name is not its role's");
}

static void check_organization(struct troth_check *row, const struct link *link)
{
    check_attribute(row, link->cert->organization, link->role->organization,
                    "organization is not its role's");
}

static void check_authority(struct troth_check *row, const struct link *link)
{
    const struct troth_cert *cert = link->cert;
    bool may_sign = (cert->key_usage & TROTH_USE_CERT_SIGN) != 0;
    /* Whoever has a certificate below it issues, whatever its role was said to be. */
    bool issues = link->role->is_ca || link->index + 1 < link->chain->count;

    if (issues && !cert->is_ca)
        troth_row_fail(row, "may not issue certificates",
                       troth_value_text("no certificate authority"),
                       troth_value_text("certificate authority"));
    else if (issues && cert->has_key_usage && !may_sign)
        troth_row_fail(row, "may not issue certificates",
                       troth_value_text("key usage without keyCertSign"),
                       troth_value_text("keyCertSign"));
    else if (!link->role->is_ca && (cert->is_ca || may_sign))
        troth_row_fail(
            row, "may issue certificates, which its role may not",
            troth_value_text(cert->is_ca ? "certificate authority" : "keyCertSign"),
            troth_value_text("no certificate authority"));
}

static const struct {
    uint16_t bit;
    const char *text;
} usages[] = {
    {TROTH_USE_DIGITAL_SIGNATURE, "digitalSignature"},
    {TROTH_USE_CERT_SIGN, "keyCertSign"},
    {TROTH_USE_CRL_SIGN, "cRLSign"},
};

static void check_key_usage(struct troth_check *row, const struct link *link)
{
    unsigned missing = link->role->key_usage & ~(unsigned)link->cert->key_usage;
    const char *wanted = "another key usage";

    if (missing == 0)
        return;
    for (size_t i = 0; i < sizeof usages / sizeof usages[0]; i++)
        if (missing & usages[i].bit)
            wanted = usages[i].text;
    troth_row_fail(row, "lacks a key usage its role needs",
                   troth_value_text(link->cert->has_key_usage ? "key usage without it"
                                                              : "no key usage"),
                   troth_value_text(wanted));
}

/* "…the maximum number of non-self-issued intermediate certificates that may follow this
 * certificate in a valid certification path." [RFC5280] 4.2.1.9 */
static void check_path_length(struct troth_check *row, const struct link *link)
{
    const struct troth_chain *chain = link->chain;
    unsigned intermediates = 0;

    if (!link->issuer.has_path_length)
        return;
    for (size_t i = link->index; i + 1 < chain->count; i++)
        intermediates += !troth_span_equal(chain->certs[i].issuer,
                                           chain->certs[i].subject);
    if (intermediates <= link->issuer.path_length)
        return;
    row->subject = link->issuer.name;
    troth_row_fail(row, "path length exceeded", troth_value_uint(intermediates),
                   troth_value_uint(link->issuer.path_length));
}

/* What must hold before a signature is worth verifying. */
static void (*const rules[])(struct troth_check *, const struct link *) = {
    check_issuer_name, check_key_ids,     check_known_extensions, check_algorithm,
    check_key_kind,    check_common_name, check_organization,     check_authority,
    check_key_usage,   check_path_length, check_extensions,
};

static enum troth_err check_signature(struct troth_check *row, const struct link *link)
{
    const struct troth_chain *chain = link->chain;
    const struct troth_genuine_question genuine = {
        {link->cert->raw, link->cert->sha256, link->issuer.key, chain->anchor,
         link->role->name},
        link->cert->signed_with,
        link->cert->tbs,
        link->cert->signature,
    };
    enum troth_err err = troth_genuine(chain->crypto, chain->cache, &genuine);

    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        troth_row_fail(row, troth_genuine_why_not(err), troth_value_none(),
                       troth_value_none());
    return TROTH_OK;
}

static enum troth_err check_link(struct troth_check *row, const struct link *link)
{
    row->subject = link->role->name;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        rules[i](row, link);
        if (row->outcome == TROTH_FAILED)
            return TROTH_OK;
    }
    return check_signature(row, link);
}

/* From the anchor down, up to the first link that does not hold. */
static enum troth_err judge_chain(struct troth_check *row,
                                  const struct troth_chain *chain)
{
    *row = (struct troth_check){.id = TROTH_CHECK_CHAIN, .subject = chain->anchor->name};
    if (chain->count == 0 || chain->count > TROTH_CHAIN_MAX) {
        troth_row_fail(row, chain->count ? "chain is too long" : "chain is empty",
                       troth_value_uint(chain->count), troth_value_uint(TROTH_CHAIN_MAX));
        return TROTH_OK;
    }
    for (size_t i = 0; i < chain->count; i++) {
        const struct link link = link_at(chain, i);
        enum troth_err err = check_link(row, &link);

        if (err || row->outcome == TROTH_FAILED)
            return err;
    }
    row->subject = NULL;
    row->outcome = TROTH_PASSED;
    return TROTH_OK;
}

struct window {
    const char *subject;
    int64_t not_before_s, not_after_s;
};

static struct window window_at(const struct troth_chain *chain, size_t place)
{
    const struct troth_anchor *anchor = chain->anchor;

    if (place == 0)
        return (struct window){anchor->name, anchor->not_before_s, anchor->not_after_s};
    const struct troth_cert *cert = &chain->certs[place - 1];

    return (struct window){chain->roles[place - 1].name, cert->not_before_s,
                           cert->not_after_s};
}

static void judge_window(struct troth_check *row, struct window window, int64_t at_s)
{
    bool is_early = at_s < window.not_before_s;

    if (!is_early && at_s <= window.not_after_s)
        return;
    row->subject = window.subject;
    troth_row_fail(
        row, is_early ? "certificate is not yet valid" : "certificate has expired",
        troth_value_instant(is_early ? window.not_before_s : window.not_after_s),
        troth_value_instant(at_s));
}

static void end_by(struct troth_chain_report *report, int64_t until_s, const char *what)
{
    if (until_s >= report->valid_until_s)
        return;
    report->valid_until_s = until_s;
    report->valid_until_what = what;
}

static void judge_validity(struct troth_chain_report *report,
                           const struct troth_chain *chain)
{
    struct troth_check *row = &report->validity;

    *row = (struct troth_check){.id = TROTH_CHECK_VALIDITY, .outcome = TROTH_PASSED};
    for (size_t place = 0; place <= chain->count; place++) {
        struct window window = window_at(chain, place);

        if (row->outcome == TROTH_PASSED)
            judge_window(row, window, chain->at_s);
        end_by(report, window.not_after_s, window.subject);
    }
}

static enum troth_err judge_one_revocation(struct troth_check *row, int64_t *until_s,
                                           const struct link *link)
{
    const struct troth_chain *chain = link->chain;
    const struct troth_revocation question = {
        .subject = link->role->name,
        .serial = link->cert->serial,
        .issuer = link->issuer.subject,
        .issuer_key = link->issuer.key,
        .issuer_key_id = link->issuer.key_id,
        .issuer_may_not_sign_lists = link->issuer.may_not_sign_lists,
        .anchor = chain->anchor,
        .crls = chain->crls,
        .crl_count = chain->crl_count,
        .signed_with = chain->crl_signed_with,
        .crls_are_identified = chain->crls_are_identified,
        .at_s = chain->at_s,
        .crypto = chain->crypto,
        .cache = chain->cache,
    };

    return troth_revocation_check(row, until_s, &question);
}

/* The worst outcome stands for all. */
static bool is_worse(enum troth_outcome a, enum troth_outcome b)
{
    static const int badness[] = {
        [TROTH_NOT_APPLICABLE] = 0,
        [TROTH_PASSED] = 1,
        [TROTH_NOT_MADE] = 2,
        [TROTH_FAILED] = 3,
    };

    return badness[a] > badness[b];
}

static enum troth_err judge_revocation(struct troth_chain_report *report,
                                       const struct troth_chain *chain)
{
    report->revocation = (struct troth_check){
        .id = TROTH_CHECK_REVOCATION,
        .outcome = TROTH_NOT_APPLICABLE,
        .why = "no issuer in this chain publishes a revocation list",
    };
    for (size_t i = 0; i < chain->count; i++) {
        const struct link link = link_at(chain, i);
        struct troth_check row;
        int64_t until_s = TROTH_INSTANT_NEVER;

        if (!link.role->may_be_revoked)
            continue;
        enum troth_err err = judge_one_revocation(&row, &until_s, &link);

        if (err)
            return err;
        if (is_worse(row.outcome, report->revocation.outcome))
            report->revocation = row;
        end_by(report, until_s, "revocation list");
    }
    return TROTH_OK;
}

enum troth_err troth_chain_verify(struct troth_chain_report *out,
                                  const struct troth_chain *chain)
{
    struct troth_chain_report report = {.valid_until_s = TROTH_INSTANT_NEVER};
    enum troth_err err = judge_chain(&report.chain, chain);

    if (!err)
        err = judge_revocation(&report, chain);
    judge_validity(&report, chain);
    *out = err ? (struct troth_chain_report){.valid_until_s = 0} : report;
    return err;
}
