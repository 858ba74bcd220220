/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cert.h"

#include "base/span.h"
#include "codec/der.h"
#include "pki/algorithm.h"
#include "pki/extension.h"
#include "pki/name.h"
#include "pki/signed.h"

/* "…conforming CAs MUST NOT use serialNumber values longer than 20 octets." The sign
 * octet that some genuine ones carry beyond that is not counted. [RFC5280] 4.1.2.2 */
#define SERIAL_MAX 20

static void read_basic_constraints(struct troth_cursor *c, struct troth_cert *cert)
{
    const char *field = "cert.basic_constraints";
    struct troth_cursor inside = troth_der_enter(c, TROTH_DER_SEQUENCE, field);

    if (troth_der_next_is(&inside, TROTH_DER_BOOLEAN)) {
        cert->is_ca = troth_der_boolean(&inside, field);
        /* FALSE is the DEFAULT, which DER leaves out. */
        troth_cursor_expect(&inside, cert->is_ca, TROTH_ERR_ENCODING, field);
    }
    if (troth_der_next_is(&inside, TROTH_DER_INTEGER)) {
        uint64_t length = troth_der_u64(&inside, field);

        troth_cursor_expect(&inside, cert->is_ca, TROTH_ERR_VALUE, field);
        troth_cursor_expect(&inside, length <= INT32_MAX, TROTH_ERR_LIMIT, field);
        cert->has_path_length = true;
        cert->path_length = (unsigned)length;
    }
    troth_cursor_leave(c, &inside);
}

/* AMD's ASKs and ASVKs write keyCertSign with a zero bit behind it, which DER forbids.
 * That one encoding is let through, and no other. */
static bool take_amd_key_usage(struct troth_cursor *c)
{
    const struct troth_span odd = TROTH_LITERAL("\x03\x02\x01\x04");
    struct troth_span value = {c->next, troth_cursor_left(c)};

    if (!troth_span_equal(value, odd))
        return false;
    (void)troth_cursor_rest(c, "cert.key_usage");
    return true;
}

static void read_key_usage(struct troth_cursor *c, struct troth_cert *cert)
{
    cert->key_usage = take_amd_key_usage(c) ? TROTH_USE_CERT_SIGN
                                            : troth_der_named_bits(c, "cert.key_usage");
    cert->has_key_usage = true;
    /* "…at least one of the bits MUST be set to 1." [RFC5280] 4.2.1.3 */
    troth_cursor_expect(c, cert->key_usage != 0, TROTH_ERR_VALUE, "cert.key_usage");
}

static void read_subject_key_id(struct troth_cursor *c, struct troth_cert *cert)
{
    cert->subject_key_id = troth_der_read(c, TROTH_DER_OCTET_STRING,
                                          "cert.subject_key_id");
}

static void read_authority_key_id(struct troth_cursor *c, struct troth_cert *cert)
{
    cert->authority_key_id = troth_authority_key_id_read(c, "cert.authority_key_id");
}

/* They are to be critical, and would bind those below no less where they are not. This
 * reader cannot judge them, so a certificate that has them is never waved through. */
enum { NAME_CONSTRAINTS = 30 };

/* The extensions whose meaning this reader knows, by last arc of 2.5.29. */
static const struct {
    unsigned id;
    bool may_be_critical;
    void (*read)(struct troth_cursor *c, struct troth_cert *cert);
} known[] = {
    {TROTH_ARC_SUBJECT_KEY_ID, false, read_subject_key_id},
    {TROTH_ARC_KEY_USAGE, true, read_key_usage},
    {TROTH_ARC_BASIC_CONSTRAINTS, true, read_basic_constraints},
    {TROTH_ARC_AUTHORITY_KEY_ID, false, read_authority_key_id},
};

static void read_extension(struct troth_cursor *list, struct troth_extensions_met *met,
                           struct troth_cert *cert)
{
    struct troth_extension extension = troth_extension_read(list, met, "cert.extensions");
    unsigned id = troth_extension_id_ce(extension.oid);
    bool heeded = !extension.critical && id != NAME_CONSTRAINTS;

    if (id > 0 && id < 64)
        cert->arcs |= UINT64_C(1) << id;
    for (size_t i = 0; id && i < sizeof known / sizeof known[0]; i++) {
        if (known[i].id != id)
            continue;
        known[i].read(&extension.value, cert);
        troth_cursor_leave(list, &extension.value);
        heeded = heeded || known[i].may_be_critical;
    }
    if (!heeded && cert->unknown_critical.len == 0)
        cert->unknown_critical = extension.oid;
}

static void read_extensions(struct troth_cursor *tbs, struct troth_cert *cert)
{
    const char *field = "cert.extensions";
    const unsigned tag = TROTH_DER_CONTEXT_CONSTRUCTED(3);
    struct troth_extensions_met met;

    if (!troth_der_next_is(tbs, tag))
        return;
    met.count = 0;
    struct troth_cursor tagged = troth_der_enter(tbs, tag, field);
    struct troth_cursor list = troth_der_enter(&tagged, TROTH_DER_SEQUENCE, field);

    cert->extensions = (struct troth_span){list.next, troth_cursor_left(&list)};
    /* "Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension" [RFC5280] 4.1 */
    troth_cursor_expect(&list, cert->extensions.len > 0, TROTH_ERR_MISSING, field);
    while (troth_cursor_left(&list) > 0)
        read_extension(&list, &met, cert);
    troth_cursor_leave(&tagged, &list);
    troth_cursor_leave(tbs, &tagged);
}

static void read_version(struct troth_cursor *tbs)
{
    const char *field = "cert.version";
    const unsigned tag = TROTH_DER_CONTEXT_CONSTRUCTED(0);

    /* Version 1 leaves its number out. */
    troth_cursor_expect(tbs, troth_der_next_is(tbs, tag), TROTH_ERR_VERSION, field);
    struct troth_cursor tagged = troth_der_enter(tbs, tag, field);

    troth_cursor_expect(&tagged, troth_der_u64(&tagged, field) == 2, TROTH_ERR_VERSION,
                        field);
    troth_cursor_leave(tbs, &tagged);
}

static void read_validity(struct troth_cursor *tbs, struct troth_cert *cert)
{
    struct troth_cursor both = troth_der_enter(tbs, TROTH_DER_SEQUENCE, "cert.validity");

    cert->not_before_s = troth_der_time(&both, "cert.not_before");
    cert->not_after_s = troth_der_time(&both, "cert.not_after");
    troth_cursor_leave(tbs, &both);
}

static void read_tbs(struct troth_signed *s, struct troth_cert *cert)
{
    struct troth_cursor *tbs = &s->tbs;
    struct troth_name issuer, subject;

    read_version(tbs);
    cert->serial = troth_der_unsigned(tbs, "cert.serial");
    troth_cursor_expect(tbs, cert->serial.len <= SERIAL_MAX, TROTH_ERR_LIMIT,
                        "cert.serial");
    troth_signed_read_algorithm(s);
    cert->signed_with = s->signed_with;
    issuer = troth_name_read(tbs, "cert.issuer");
    cert->issuer = issuer.der;
    cert->issuer_common_name = issuer.common_name;
    read_validity(tbs, cert);
    subject = troth_name_read(tbs, "cert.subject");
    cert->subject = subject.der;
    cert->common_name = subject.common_name;
    cert->organization = subject.organization;
    cert->key = troth_key_read(tbs, "cert.key");
    read_extensions(tbs, cert);
}

enum troth_err troth_cert_parse(struct troth_cert *out, struct troth_fault *fault,
                                struct troth_span der)
{
    static const struct troth_signed_fields fields = {
        "cert", "cert.tbs", "cert.signed_with", "cert.algorithm", "cert.signature"};
    struct troth_signed s = troth_signed_enter(der, &fields);
    struct troth_cert cert = {.raw = der};

    read_tbs(&s, &cert);

    enum troth_err err = troth_signed_leave(&s, fault);

    cert.tbs = s.tbs_raw;
    cert.signature = s.signature;
    *out = err ? (struct troth_cert){0} : cert;
    return err;
}

static const char *arc_text(unsigned arc)
{
    static const struct {
        unsigned arc;
        const char *text;
    } names[] = {
        {TROTH_ARC_SUBJECT_KEY_ID, "subjectKeyIdentifier"},
        {TROTH_ARC_KEY_USAGE, "keyUsage"},
        {TROTH_ARC_BASIC_CONSTRAINTS, "basicConstraints"},
        {TROTH_ARC_CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"},
        {TROTH_ARC_AUTHORITY_KEY_ID, "authorityKeyIdentifier"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].arc == arc)
            return names[i].text;
    return "extension";
}

const char *troth_cert_lacks(const struct troth_cert *cert, const uint8_t *arcs)
{
    for (; *arcs; arcs++)
        if (!(cert->arcs >> *arcs & 1))
            return arc_text(*arcs);
    return NULL;
}

struct troth_span troth_cert_extension(const struct troth_cert *cert,
                                       struct troth_span oid)
{
    struct troth_cursor list = troth_cursor_over(cert->extensions);
    struct troth_extensions_met met;

    while (troth_cursor_left(&list) > 0) {
        met.count = 0;
        struct troth_extension one = troth_extension_read(&list, &met, "cert.extensions");

        if (troth_span_equal(one.oid, oid))
            return troth_cursor_rest(&one.value, "cert.extensions");
    }
    return (struct troth_span){NULL, 0};
}
