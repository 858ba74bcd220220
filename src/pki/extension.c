/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/extension.h"

#include "base/span.h"
#include "codec/der.h"

static void remember(struct troth_cursor *c, struct troth_extensions_met *met,
                     struct troth_span oid, const char *field)
{
    troth_cursor_expect(c, met->count < TROTH_CERT_EXTENSIONS_MAX, TROTH_ERR_LIMIT,
                        field);
    for (size_t i = 0; i < met->count; i++)
        if (troth_span_equal(met->oids[i], oid))
            troth_cursor_fail(c, TROTH_ERR_DUPLICATE, field);
    if (met->count < TROTH_CERT_EXTENSIONS_MAX)
        met->oids[met->count++] = oid;
}

struct troth_extension troth_extension_read(struct troth_cursor *c,
                                            struct troth_extensions_met *met,
                                            const char *field)
{
    struct troth_cursor one = troth_der_enter(c, TROTH_DER_SEQUENCE, field);
    struct troth_extension extension = {.oid = troth_der_oid(&one, field)};

    remember(&one, met, extension.oid, field);
    if (troth_der_next_is(&one, TROTH_DER_BOOLEAN)) {
        extension.critical = troth_der_boolean(&one, field);
        /* FALSE is the DEFAULT, which DER leaves out. */
        troth_cursor_expect(&one, extension.critical, TROTH_ERR_ENCODING, field);
    }
    extension.value = troth_der_enter(&one, TROTH_DER_OCTET_STRING, field);
    troth_cursor_leave(c, &one);
    extension.value.fault = c->fault;
    return extension;
}

unsigned troth_extension_id_ce(struct troth_span oid)
{
    bool is_id_ce = oid.len == 3 && oid.ptr[0] == 0x55 && oid.ptr[1] == 0x1d;

    return is_id_ce && oid.ptr[2] < 0x80 ? oid.ptr[2] : 0;
}

struct troth_span troth_authority_key_id_read(struct troth_cursor *c, const char *field)
{
    struct troth_cursor ids = troth_der_enter(c, TROTH_DER_SEQUENCE, field);
    struct troth_span key_id = {NULL, 0};

    if (troth_der_next_is(&ids, TROTH_DER_CONTEXT(0)))
        key_id = troth_der_read(&ids, TROTH_DER_CONTEXT(0), field);
    troth_cursor_expect(&ids, troth_cursor_left(&ids) == 0, TROTH_ERR_UNSUPPORTED, field);
    troth_cursor_leave(c, &ids);
    return key_id;
}
