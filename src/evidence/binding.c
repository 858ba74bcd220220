/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/binding.h"

#include "base/fault.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/span.h"
#include "base/utf8.h"
#include "base/writer.h"

/* clang-format off */
static const struct troth_binding_schema schemas[TROTH_BINDING_DOMAIN_COUNT] = {
    [TROTH_BINDING_APP] = {"app", 2, {
        {"nonce",              TROTH_BINDING_BYTES, 64},
        {"user_data",          TROTH_BINDING_BYTES, 1024},
    }},
    [TROTH_BINDING_AIK] = {"aik", 5, {
        {"key",                TROTH_BINDING_BYTES, 256}, /* SubjectPublicKeyInfo, DER */
        {"role",               TROTH_BINDING_TEXT, 64},
        {"epoch",              TROTH_BINDING_UINT, 8},
        {"nonce",              TROTH_BINDING_DIGEST_OR_EMPTY, 32}, /* the verifier's, or … */
        {"checkpoint",         TROTH_BINDING_DIGEST_OR_EMPTY, 32}, /* … a witnessed log's */
    }},
    [TROTH_BINDING_STRICT] = {"strict", 7, {
        {"role",               TROTH_BINDING_TEXT, 64},
        {"level",              TROTH_BINDING_TEXT, 16},
        {"frames",             TROTH_BINDING_FIXED, 32}, /* hash of all frames so far */
        {"client_certificate", TROTH_BINDING_DIGEST_OR_EMPTY, 32},
        {"server_certificate", TROTH_BINDING_DIGEST_OR_EMPTY, 32},
        {"exporter",           TROTH_BINDING_FIXED, 32},
        {"evidence",           TROTH_BINDING_DIGEST_OR_EMPTY, 32},
    }},
    [TROTH_BINDING_COMPOSITE] = {"composite", 3, {
        {"nonce",              TROTH_BINDING_BYTES, 64},
        {"channel_key",        TROTH_BINDING_DIGEST_OR_EMPTY, 32},
        {"devices",            TROTH_BINDING_FIXED, 32}, /* hash over the ordered list */
    }},
    [TROTH_BINDING_KEY] = {"key", 3, {
        {"key",                TROTH_BINDING_BYTES, 256}, /* SubjectPublicKeyInfo, DER */
        {"purpose",            TROTH_BINDING_TEXT, 64},
        {"nonce",              TROTH_BINDING_BYTES, 64},
    }},
};
/* clang-format on */

/* The longest fields of the longest domain, with room to spare. */
#define PREIMAGE_MAX 2048

static enum troth_err check_field(const struct troth_binding_field *field,
                                  struct troth_span value)
{
    switch (field->type) {
    case TROTH_BINDING_BYTES:
        return value.len <= field->size ? TROTH_OK : TROTH_ERR_LIMIT;
    case TROTH_BINDING_FIXED:
    case TROTH_BINDING_UINT:
        return value.len == field->size ? TROTH_OK : TROTH_ERR_VALUE;
    case TROTH_BINDING_DIGEST_OR_EMPTY:
        return value.len == 0 || value.len == field->size ? TROTH_OK : TROTH_ERR_VALUE;
    case TROTH_BINDING_TEXT:
        if (value.len == 0 || !troth_utf8_is_valid(value))
            return TROTH_ERR_VALUE;
        return value.len <= field->size ? TROTH_OK : TROTH_ERR_LIMIT;
    }
    return TROTH_ERR_VALUE;
}

const struct troth_binding_schema *troth_binding_schema(enum troth_binding_domain domain)
{
    return (unsigned)domain < TROTH_BINDING_DOMAIN_COUNT ? &schemas[domain] : NULL;
}

enum troth_err troth_binding_compute(uint8_t out[static TROTH_BINDING_SIZE],
                                     struct troth_fault *fault,
                                     const struct troth_crypto *crypto,
                                     enum troth_binding_domain domain,
                                     const struct troth_span *fields)
{
    const struct troth_binding_schema *schema = troth_binding_schema(domain);
    uint8_t preimage[PREIMAGE_MAX], label[64];
    struct troth_writer w = troth_writer_over(preimage, sizeof preimage);
    struct troth_writer l = troth_writer_over(label, sizeof label);
    struct troth_span message;

    memset(out, 0, TROTH_BINDING_SIZE);
    if (!schema)
        return troth_fault_set(fault, TROTH_ERR_KIND, "binding.domain");
    troth_write_text(&l, "troth/");
    troth_write_text(&l, schema->domain);
    troth_write_text(&l, "/v1");
    troth_write_lp(&w, troth_writer_span(&l));
    for (size_t i = 0; i < schema->count; i++) {
        enum troth_err err = check_field(&schema->fields[i], fields[i]);

        if (err)
            return troth_fault_set(fault, err, schema->fields[i].name);
        troth_write_lp(&w, fields[i]);
    }
    if (troth_writer_finish(&w, &message))
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "binding");
    if (troth_digest(crypto, out, TROTH_SHA512, message)) {
        memset(out, 0, TROTH_BINDING_SIZE);
        return troth_fault_set(fault, TROTH_ERR_CRYPTO, "binding");
    }
    return TROTH_OK;
}

/* Cut at the first `mark`: what is before it is returned, `*text` keeps what is after. */
static struct troth_span cut(struct troth_span *text, uint8_t mark, bool *found)
{
    size_t at = 0;

    while (at < text->len && text->ptr[at] != mark)
        at++;
    *found = at < text->len;

    struct troth_span before = troth_span_slice(*text, 0, at);
    *text = *found ? troth_span_slice(*text, at + 1, text->len)
                   : (struct troth_span){NULL, 0};
    return before;
}

static enum troth_err decimal_to_be(uint8_t out[static 8], struct troth_span text)
{
    struct troth_writer w = troth_writer_over(out, 8);
    uint64_t value;
    enum troth_err err = troth_uint_parse(&value, text, 10);

    troth_write_uint_be(&w, value, 8);
    return err;
}

/* The text of one field to its bytes, which are put at the writer's end. */
static enum troth_err field_value(struct troth_span *out, struct troth_writer *scratch,
                                  const struct troth_binding_field *field,
                                  struct troth_span text)
{
    uint8_t *at = scratch->base + scratch->len;
    size_t room = scratch->size - scratch->len, len = 8;
    enum troth_err err = TROTH_OK;

    if (field->type == TROTH_BINDING_TEXT) {
        *out = text;
        return TROTH_OK;
    }
    if (field->type == TROTH_BINDING_UINT)
        err = room < 8 ? TROTH_ERR_LIMIT : decimal_to_be(at, text);
    else
        err = troth_hex_parse(at, room, &len, text);
    if (err)
        return err;
    *out = (struct troth_span){at, len};
    scratch->len += len;
    return TROTH_OK;
}

static size_t find_field(const struct troth_binding_schema *schema,
                         struct troth_span name)
{
    size_t i = 0;

    while (i < schema->count &&
           !troth_span_equal(troth_span_of_text(schema->fields[i].name), name))
        i++;
    return i;
}

static enum troth_err parse_fields(struct troth_span *values, struct troth_fault *fault,
                                   const struct troth_binding_schema *schema,
                                   struct troth_span text, struct troth_writer *scratch)
{
    bool seen[TROTH_BINDING_FIELDS_MAX] = {false}, more = text.len > 0;

    while (more) {
        bool has_value;
        struct troth_span rest = cut(&text, ',', &more);
        struct troth_span name = cut(&rest, '=', &has_value);
        size_t i = find_field(schema, name);

        if (i == schema->count || !has_value)
            return troth_fault_set(fault, TROTH_ERR_KIND, "binding.field");
        if (seen[i])
            return troth_fault_set(fault, TROTH_ERR_DUPLICATE, schema->fields[i].name);
        seen[i] = true;

        enum troth_err err = field_value(&values[i], scratch, &schema->fields[i], rest);
        if (err)
            return troth_fault_set(fault, err, schema->fields[i].name);
    }
    for (size_t i = 0; i < schema->count; i++)
        if (!seen[i])
            return troth_fault_set(fault, TROTH_ERR_MISSING, schema->fields[i].name);
    return TROTH_OK;
}

enum troth_err troth_binding_parse(uint8_t out[static TROTH_BINDING_SIZE],
                                   struct troth_fault *fault,
                                   const struct troth_crypto *crypto,
                                   struct troth_span text)
{
    struct troth_span values[TROTH_BINDING_FIELDS_MAX] = {{NULL, 0}};
    uint8_t bytes[PREIMAGE_MAX];
    struct troth_writer scratch = troth_writer_over(bytes, sizeof bytes);
    bool found;
    struct troth_span domain = cut(&text, ':', &found);

    memset(out, 0, TROTH_BINDING_SIZE);
    for (int i = 0; i < TROTH_BINDING_DOMAIN_COUNT; i++) {
        if (!found || !troth_span_equal(troth_span_of_text(schemas[i].domain), domain))
            continue;

        enum troth_err err = parse_fields(values, fault, &schemas[i], text, &scratch);
        if (err)
            return err;
        return troth_binding_compute(out, fault, crypto, (enum troth_binding_domain)i,
                                     values);
    }
    return troth_fault_set(fault, TROTH_ERR_KIND, "binding.domain");
}
