/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_certificate.h"

#include "base/span.h"
#include "codec/der.h"
#include "codec/pem.h"
#include "pki/algorithm.h"

#define FIELD  "certificate"
#define DASHES TROTH_LITERAL("-----")

/* OpenSSL takes 254 bytes of a line, and then begins another. */
enum { LINE_LONGEST = 253 };

/* ---- PEM ---- */

/* Where the first dashes are, or the end. */
static size_t find_dashes(struct troth_span text)
{
    size_t at = 0;

    while (text.len - at >= DASHES.len &&
           !troth_span_equal(troth_span_slice(text, at, at + DASHES.len), DASHES))
        at++;
    return text.len - at < DASHES.len ? text.len : at;
}

/* Lines that nobody takes for anything. */
static bool is_plain(struct troth_span text)
{
    while (text.len) {
        const struct troth_span line = troth_span_next_item(&text, '\n');

        if (line.len > LINE_LONGEST)
            return false;
        for (size_t i = 0; i < line.len; i++)
            if (line.ptr[i] == 0)
                return false;
    }
    return true;
}

static enum troth_err read_pem(struct troth_span *out, struct troth_span text,
                               struct troth_arena *arena)
{
    const size_t start = find_dashes(text);
    struct troth_pem_block block;
    struct troth_span rest = troth_span_slice(text, start, text.len);

    if (start == text.len)
        return TROTH_ERR_MISSING;
    if (!is_plain(troth_span_slice(text, 0, start)) ||
        (start && text.ptr[start - 1] != '\n') ||
        !troth_span_starts_with(rest, TROTH_LITERAL("-----BEGIN ")))
        return TROTH_ERR_VALUE;

    const enum troth_err err = troth_pem_next(&block, &rest, arena);

    if (err)
        return err;
    if (!troth_span_is_text(block.label, "CERTIFICATE"))
        return TROTH_ERR_VALUE;
    /* Who would take the last of two would measure another. */
    if (find_dashes(rest) != rest.len)
        return TROTH_ERR_UNSUPPORTED;
    *out = block.bytes;
    return is_plain(rest) ? TROTH_OK : TROTH_ERR_VALUE;
}

/* ---- DER ---- */

/* What is signed is written out again as it was; of what is in it, the key alone counts.
 */
static struct troth_span read_signed(struct troth_cursor *certificate)
{
    static const unsigned before_key[] = {
        TROTH_DER_INTEGER,  TROTH_DER_SEQUENCE, TROTH_DER_SEQUENCE,
        TROTH_DER_SEQUENCE, TROTH_DER_SEQUENCE,
    };
    struct troth_cursor c = troth_der_enter(certificate, TROTH_DER_SEQUENCE, FIELD);
    struct troth_span key;

    /* Version 1 leaves its number out. */
    if (troth_der_next_is(&c, TROTH_DER_CONTEXT_CONSTRUCTED(0)))
        (void)troth_der_element(&c, TROTH_DER_CONTEXT_CONSTRUCTED(0), FIELD);
    for (size_t i = 0; i < sizeof before_key / sizeof before_key[0]; i++)
        (void)troth_der_element(&c, before_key[i], FIELD);
    key = troth_der_element(&c, TROTH_DER_SEQUENCE, FIELD);
    (void)troth_cursor_rest(&c, FIELD);
    troth_cursor_leave(certificate, &c);
    return key;
}

/* This, others write as they have understood it: it must be DER to the last byte. */
static void read_algorithm(struct troth_cursor *certificate)
{
    struct troth_cursor c = troth_der_enter(certificate, TROTH_DER_SEQUENCE, FIELD);

    (void)troth_der_oid(&c, FIELD);
    if (troth_cursor_left(&c))
        (void)troth_der_element(&c, 0, FIELD);
    troth_cursor_leave(certificate, &c);
}

static struct troth_public_key key_of(struct troth_span info)
{
    struct troth_cursor c = troth_cursor_over(info);
    const struct troth_public_key key = troth_key_read(&c, FIELD);

    return troth_cursor_finish(&c, NULL) ? (struct troth_public_key){0} : key;
}

static enum troth_err read_der(struct troth_eif_certificate *out, struct troth_span der)
{
    struct troth_cursor c = troth_cursor_over(der);
    struct troth_cursor certificate = troth_der_enter(&c, TROTH_DER_SEQUENCE, FIELD);
    const struct troth_span key = read_signed(&certificate);

    read_algorithm(&certificate);
    (void)troth_der_bit_string(&certificate, FIELD);
    troth_cursor_leave(&c, &certificate);

    const enum troth_err err = troth_cursor_finish(&c, NULL);

    if (!err)
        *out = (struct troth_eif_certificate){.der = der, .key = key_of(key)};
    return err;
}

enum troth_err troth_eif_certificate_read(struct troth_eif_certificate *out,
                                          struct troth_span pem,
                                          struct troth_arena *arena)
{
    struct troth_span der = {NULL, 0};
    enum troth_err err = read_pem(&der, pem, arena);

    *out = (struct troth_eif_certificate){.der = {NULL, 0}};
    return err ? err : read_der(out, der);
}
