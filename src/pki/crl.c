/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl.h"

#include "base/span.h"
#include "codec/der.h"
#include "pki/extension.h"
#include "pki/name.h"
#include "pki/signed.h"

/* Last arcs of 2.5.29. */
enum {
    CRL_NUMBER = 20,
    DELTA_CRL_INDICATOR = 27,
    ISSUING_DISTRIBUTION_POINT = 28,
    CERTIFICATE_ISSUER = 29,
    AUTHORITY_KEY_ID = 35
};

/* Does this extension change what a list or an entry means? Those that do are to be
 * critical, but one that is not would change it no less. [RFC5280] 5.2, 5.3 */
static bool changes_meaning(const struct troth_extension *extension, unsigned id)
{
    return extension->critical || id == DELTA_CRL_INDICATOR ||
           id == ISSUING_DISTRIBUTION_POINT || id == CERTIFICATE_ISSUER;
}

static void read_extension(struct troth_cursor *list, struct troth_extensions_met *met,
                           struct troth_crl *crl)
{
    struct troth_extension extension = troth_extension_read(list, met, "crl.extensions");
    unsigned id = troth_extension_id_ce(extension.oid);

    troth_cursor_expect(list, !changes_meaning(&extension, id), TROTH_ERR_UNSUPPORTED,
                        "crl.extensions");
    if (id == CRL_NUMBER)
        crl->number = troth_der_unsigned(&extension.value, "crl.number");
    else if (id == AUTHORITY_KEY_ID)
        crl->authority_key_id = troth_authority_key_id_read(&extension.value,
                                                            "crl.authority_key_id");
    else
        return;
    troth_cursor_leave(list, &extension.value);
}

static void read_extensions(struct troth_cursor *tbs, struct troth_crl *crl)
{
    const char *field = "crl.extensions";
    const unsigned tag = TROTH_DER_CONTEXT_CONSTRUCTED(0);
    struct troth_extensions_met met;

    if (!troth_der_next_is(tbs, tag))
        return;
    met.count = 0;
    struct troth_cursor tagged = troth_der_enter(tbs, tag, field);
    struct troth_cursor list = troth_der_enter(&tagged, TROTH_DER_SEQUENCE, field);

    troth_cursor_expect(&list, troth_cursor_left(&list) > 0, TROTH_ERR_MISSING, field);
    while (troth_cursor_left(&list) > 0)
        read_extension(&list, &met, crl);
    troth_cursor_leave(&tagged, &list);
    troth_cursor_leave(tbs, &tagged);
}

static void check_entry_extensions(struct troth_cursor *entry)
{
    const char *field = "crl.entry.extensions";
    struct troth_extensions_met met;

    if (!troth_der_next_is(entry, TROTH_DER_SEQUENCE))
        return;
    met.count = 0;
    struct troth_cursor list = troth_der_enter(entry, TROTH_DER_SEQUENCE, field);

    while (troth_cursor_left(&list) > 0) {
        struct troth_extension one = troth_extension_read(&list, &met, field);

        troth_cursor_expect(&list, !changes_meaning(&one, troth_extension_id_ce(one.oid)),
                            TROTH_ERR_UNSUPPORTED, field);
    }
    troth_cursor_leave(entry, &list);
}

static void read_entries(struct troth_cursor *tbs, struct troth_crl *crl)
{
    if (!troth_der_next_is(tbs, TROTH_DER_SEQUENCE))
        return;
    struct troth_cursor list = troth_der_enter(tbs, TROTH_DER_SEQUENCE, "crl.entries");

    crl->entries = (struct troth_span){list.next, troth_cursor_left(&list)};
    while (troth_cursor_left(&list) > 0) {
        struct troth_cursor entry = troth_der_enter(&list, TROTH_DER_SEQUENCE,
                                                    "crl.entry");

        (void)troth_der_unsigned(&entry, "crl.entry.serial");
        (void)troth_der_time(&entry, "crl.entry.revocation_date");
        check_entry_extensions(&entry);
        troth_cursor_leave(&list, &entry);
    }
    troth_cursor_leave(tbs, &list);
}

static bool next_is_time(const struct troth_cursor *c)
{
    return troth_der_next_is(c, TROTH_DER_UTC_TIME) ||
           troth_der_next_is(c, TROTH_DER_GENERALIZED_TIME);
}

static void read_tbs(struct troth_signed *s, struct troth_crl *crl)
{
    struct troth_cursor *tbs = &s->tbs;

    /* Version 1 leaves its number out. */
    troth_cursor_expect(tbs, troth_der_next_is(tbs, TROTH_DER_INTEGER), TROTH_ERR_VERSION,
                        "crl.version");
    troth_cursor_expect(tbs, troth_der_u64(tbs, "crl.version") == 1, TROTH_ERR_VERSION,
                        "crl.version");
    troth_signed_read_algorithm(s);
    crl->signed_with = s->signed_with;
    crl->issuer = troth_name_read(tbs, "crl.issuer").der;
    crl->this_update_s = troth_der_time(tbs, "crl.this_update");
    troth_cursor_expect(tbs, next_is_time(tbs), TROTH_ERR_MISSING, "crl.next_update");
    crl->next_update_s = troth_der_time(tbs, "crl.next_update");
    read_entries(tbs, crl);
    read_extensions(tbs, crl);
}

enum troth_err troth_crl_parse(struct troth_crl *out, struct troth_fault *fault,
                               struct troth_span der)
{
    static const struct troth_signed_fields fields = {"crl", "crl.tbs", "crl.signed_with",
                                                      "crl.algorithm", "crl.signature"};
    struct troth_signed s = troth_signed_enter(der, &fields);
    struct troth_crl crl = {.raw = der};

    read_tbs(&s, &crl);

    enum troth_err err = troth_signed_leave(&s, fault);

    crl.tbs = s.tbs_raw;
    crl.signature = s.signature;
    *out = err ? (struct troth_crl){0} : crl;
    return err;
}

bool troth_crl_lists(const struct troth_crl *crl, struct troth_span serial)
{
    struct troth_cursor list = troth_cursor_over(crl->entries);

    while (troth_cursor_left(&list) > 0) {
        struct troth_cursor entry = troth_der_enter(&list, TROTH_DER_SEQUENCE,
                                                    "crl.entry");

        if (troth_span_equal(troth_der_unsigned(&entry, "crl.entry.serial"), serial))
            return true;
    }
    return false;
}
