/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/x509.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const uint8_t ecdsa_sha256[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
};
static const uint8_t ecdsa_sha384[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03,
};

/* The three parameters both of AMD's encodings have: SHA-384, MGF1 of it, 48 of salt. */
#define PSS_SHA384 \
    0xa0, 0x0f, 0x30, 0x0d, \
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, \
    0xa1, 0x1c, 0x30, 0x1a, \
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d, \
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, \
    0xa2, 0x03, 0x02, 0x01, 0x30
#define PSS_OID 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a

static const uint8_t pss_sha384[] = {0x30, 0x41, PSS_OID, 0x30, 0x34, PSS_SHA384};
static const uint8_t pss_sha384_trailer[] = {
    0x30, 0x46, PSS_OID, 0x30, 0x39, PSS_SHA384, 0xa3, 0x03, 0x02, 0x01, 0x01,
};

static const struct {
    const char *key;
    const char *type;
    uint8_t tag;
} attribute_types[] = {
    {"C",  "2.5.4.6",  SIM_DER_PRINTABLE_STRING},
    {"ST", "2.5.4.8",  SIM_DER_UTF8_STRING},
    {"L",  "2.5.4.7",  SIM_DER_UTF8_STRING},
    {"O",  "2.5.4.10", SIM_DER_UTF8_STRING},
    {"OU", "2.5.4.11", SIM_DER_UTF8_STRING},
    {"CN", "2.5.4.3",  SIM_DER_UTF8_STRING},
};
/* clang-format on */

struct troth_span sim_algorithm_ecdsa_sha256(void)
{
    return SIM_ARRAY(ecdsa_sha256);
}

struct troth_span sim_algorithm_ecdsa_sha384(void)
{
    return SIM_ARRAY(ecdsa_sha384);
}

struct troth_span sim_algorithm_pss_sha384(void)
{
    return SIM_ARRAY(pss_sha384);
}

struct troth_span sim_algorithm_pss_sha384_trailer(void)
{
    return SIM_ARRAY(pss_sha384_trailer);
}

static void set_text(char *out, size_t size, const char *text)
{
    int len = snprintf(out, size, "%s", text);

    if (len < 0 || (size_t)len >= size)
        sim_die("a text is too long for its field");
}

void sim_name_add(struct sim_name *name, const char *key, const char *text)
{
    size_t kind = 0;

    while (kind < sizeof attribute_types / sizeof attribute_types[0] &&
           strcmp(attribute_types[kind].key, key) != 0)
        kind++;
    if (kind == sizeof attribute_types / sizeof attribute_types[0] ||
        name->count == sizeof name->rows / sizeof name->rows[0])
        sim_die("a name has no room or no such attribute");

    struct sim_attribute *row = &name->rows[name->count++];
    set_text(row->type, sizeof row->type, attribute_types[kind].type);
    row->tag = attribute_types[kind].tag;
    set_text(row->text, sizeof row->text, text);
}

void sim_name_set_common(struct sim_name *name, const char *text)
{
    for (size_t i = 0; i < name->count; i++)
        if (strcmp(name->rows[i].type, "2.5.4.3") == 0)
            set_text(name->rows[i].text, sizeof name->rows[i].text, text);
}

struct sim_serial sim_serial_from(struct troth_span contents)
{
    struct sim_serial serial = {.len = contents.len};

    if (contents.len > sizeof serial.bytes)
        sim_die("a serial number is too long");
    memcpy(serial.bytes, contents.ptr, contents.len);
    return serial;
}

struct sim_extension *sim_extensions_find(struct sim_extensions *list, const char *oid)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].oid, oid) == 0)
            return &list->rows[i];
    return NULL;
}

void sim_extensions_set(struct sim_extensions *list, const char *oid, bool critical,
                        struct troth_span value)
{
    struct sim_extension *row = sim_extensions_find(list, oid);

    if (!row && list->count == SIM_EXTENSIONS_MAX)
        sim_die("no room for another extension");
    if (!row)
        row = &list->rows[list->count++];
    if (value.len > sizeof row->value)
        sim_die("an extension's value is too long");
    *row = (struct sim_extension){.critical = critical, .value_len = value.len};
    set_text(row->oid, sizeof row->oid, oid);
    memcpy(row->value, value.ptr, value.len);
}

bool sim_extensions_remove(struct sim_extensions *list, const char *oid)
{
    struct sim_extension *row = sim_extensions_find(list, oid);

    if (!row)
        return false;
    const size_t after = list->count - (size_t)(row - list->rows) - 1;
    memmove(row, row + 1, after * sizeof *row);
    list->count--;
    return true;
}

/* Set from bytes that are not needed afterwards. */
static void set_taken(struct sim_extensions *list, const char *oid, bool critical,
                      struct sim_bytes value)
{
    sim_extensions_set(list, oid, critical, sim_bytes_span(value));
    sim_bytes_free(&value);
}

void sim_extensions_set_constraints(struct sim_extensions *list, int path_len)
{
    static const uint8_t yes[] = {0xff};
    struct sim_bytes fields = {0};
    struct sim_bytes value = {0};

    if (path_len != SIM_PATH_NO_CA)
        sim_der_put(&fields, SIM_DER_BOOLEAN, SIM_ARRAY(yes));
    if (path_len >= 0)
        sim_der_number(&fields, (uint64_t)path_len);
    sim_der_wrap(&value, SIM_DER_SEQUENCE, fields);
    set_taken(list, SIM_OID_BASIC_CONSTRAINTS, true, value);
}

void sim_extensions_set_usage(struct sim_extensions *list, bool critical, uint8_t unused,
                              uint8_t bits)
{
    const uint8_t content[] = {unused, bits};
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_BIT_STRING, SIM_ARRAY(content));
    set_taken(list, SIM_OID_KEY_USAGE, critical, value);
}

void sim_extensions_set_subject_key(struct sim_extensions *list,
                                    const struct sim_key *key)
{
    const struct sim_key_id id = sim_key_id_of(key);
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_OCTET_STRING, SIM_ARRAY(id.bytes));
    set_taken(list, SIM_OID_SUBJECT_KEY_ID, false, value);
}

void sim_extensions_set_authority_key(struct sim_extensions *list,
                                      const struct sim_key *key)
{
    const struct sim_key_id id = sim_key_id_of(key);
    struct sim_bytes field = {0};
    struct sim_bytes value = {0};

    sim_der_put(&field, 0x80, SIM_ARRAY(id.bytes)); /* keyIdentifier [0] */
    sim_der_wrap(&value, SIM_DER_SEQUENCE, field);
    set_taken(list, SIM_OID_AUTHORITY_KEY_ID, false, value);
}

void sim_extensions_set_crl_point(struct sim_extensions *list, const char *url)
{
    struct sim_bytes general_name = {0};
    struct sim_bytes full_name = {0};
    struct sim_bytes point_name = {0};
    struct sim_bytes point = {0};
    struct sim_bytes value = {0};

    sim_der_put(&general_name, 0x86, sim_text(url)); /* uniformResourceIdentifier [6] */
    sim_der_wrap(&full_name, SIM_DER_CONTEXT(0), general_name);
    sim_der_wrap(&point_name, SIM_DER_CONTEXT(0), full_name);
    sim_der_wrap(&point, SIM_DER_SEQUENCE, point_name);
    sim_der_wrap(&value, SIM_DER_SEQUENCE, point);
    set_taken(list, SIM_OID_CRL_POINTS, false, value);
}

void sim_name_put(struct sim_bytes *out, const struct sim_name *name)
{
    struct sim_bytes sets = {0};

    for (size_t i = 0; i < name->count; i++) {
        struct sim_bytes pair = {0};
        struct sim_bytes set = {0};

        sim_der_oid(&pair, name->rows[i].type);
        sim_der_put(&pair, name->rows[i].tag, sim_text(name->rows[i].text));
        sim_der_wrap(&set, SIM_DER_SEQUENCE, pair);
        sim_der_wrap(&sets, SIM_DER_SET, set);
    }
    sim_der_wrap(out, SIM_DER_SEQUENCE, sets);
}

void sim_extensions_put(struct sim_bytes *out, uint8_t context_tag,
                        const struct sim_extensions *list)
{
    static const uint8_t yes[] = {0xff};
    struct sim_bytes rows = {0};
    struct sim_bytes sequence = {0};

    if (list->count == 0)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_extension *row = &list->rows[i];
        struct sim_bytes fields = {0};

        sim_der_oid(&fields, row->oid);
        if (row->critical)
            sim_der_put(&fields, SIM_DER_BOOLEAN, SIM_ARRAY(yes));
        sim_der_put(&fields, SIM_DER_OCTET_STRING,
                    (struct troth_span){row->value, row->value_len});
        sim_der_wrap(&rows, SIM_DER_SEQUENCE, fields);
    }
    sim_der_wrap(&sequence, SIM_DER_SEQUENCE, rows);
    sim_der_wrap(out, context_tag, sequence);
}

struct sim_bytes sim_signing_mint(const struct sim_signing *how, struct sim_bytes fields)
{
    struct sim_bytes parts = {0};
    struct sim_bytes out = {0};

    sim_der_wrap(&parts, SIM_DER_SEQUENCE, fields);
    sim_edit_apply(how->edit_signed, &parts);
    struct sim_bytes signature = sim_key_sign(how->key, sim_bytes_span(parts));
    sim_edit_apply(how->edit_signature, &signature);
    sim_bytes_append(&parts, how->outer_algorithm);
    sim_der_bits(&parts, sim_bytes_span(signature));
    sim_bytes_free(&signature);
    sim_der_wrap(&out, SIM_DER_SEQUENCE, parts);
    return out;
}
