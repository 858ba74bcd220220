/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp_table.h"

#include "base/cursor.h"
#include "base/span.h"

enum { GUID_SIZE = 16, ROW_SIZE = 24, ROWS_MAX = 64 };

static const struct {
    const char *name;
    uint8_t guid[GUID_SIZE];
} known[] = {
    {"VCEK",
     {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8,
      0xac, 0xcd}},
    {"VLEK",
     {0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e, 0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0,
      0xb8, 0xa1}},
    {"ASK",
     {0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27,
      0xc7, 0x82}},
    {"ARK",
     {0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52, 0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c,
      0xd0, 0xae}},
    {"CRL",
     {0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d, 0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc,
      0x67, 0xea}},
};

static const char *name_of(struct troth_span guid)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (troth_span_equal(guid, (struct troth_span){known[i].guid, GUID_SIZE}))
            return known[i].name;
    return NULL;
}

bool troth_snp_table_recognise(struct troth_span raw)
{
    return raw.len >= ROW_SIZE && name_of(troth_span_slice(raw, 0, GUID_SIZE)) != NULL;
}

static bool is_listed(const struct troth_snp_table_entry *entries, size_t count,
                      const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].name == name)
            return true;
    return false;
}

/* One row; false at the row of zeros that ends the table. */
static bool read_row(struct troth_cursor *c, struct troth_snp_table_entry *out,
                     struct troth_span raw)
{
    struct troth_span guid = troth_cursor_bytes(c, GUID_SIZE, "snp.table.guid");
    size_t offset = troth_cursor_u32le(c, "snp.table.offset");
    size_t len = troth_cursor_u32le(c, "snp.table.length");

    *out = (struct troth_snp_table_entry){NULL, {NULL, 0}};
    if (c->fault.err || troth_span_is_zero(guid))
        return false;
    troth_cursor_expect(c, offset <= raw.len && len <= raw.len - offset, TROTH_ERR_SHORT,
                        "snp.table.entry");
    if (!c->fault.err)
        *out = (struct troth_snp_table_entry){
            name_of(guid), troth_span_slice(raw, offset, offset + len)};
    return !c->fault.err;
}

enum troth_err
troth_snp_table_parse(struct troth_snp_table_entry out[static TROTH_SNP_TABLE_MAX],
                      size_t *out_count, struct troth_fault *fault, struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    struct troth_snp_table_entry row;
    size_t lowest = raw.len, rows = 0; /* the offset at which the first entry begins */

    *out_count = 0;
    troth_cursor_expect(&c, raw.len <= TROTH_SNP_TABLE_SIZE_MAX, TROTH_ERR_LIMIT,
                        "snp.table");
    while (read_row(&c, &row, raw)) {
        troth_cursor_expect(&c, ++rows <= ROWS_MAX, TROTH_ERR_LIMIT, "snp.table");
        if (row.bytes.ptr && (size_t)(row.bytes.ptr - raw.ptr) < lowest)
            lowest = (size_t)(row.bytes.ptr - raw.ptr);
        if (!row.name)
            continue;
        troth_cursor_expect(&c, !is_listed(out, *out_count, row.name),
                            TROTH_ERR_DUPLICATE, "snp.table.guid");
        troth_cursor_expect(&c, *out_count < TROTH_SNP_TABLE_MAX, TROTH_ERR_LIMIT,
                            "snp.table");
        if (!c.fault.err)
            out[(*out_count)++] = row;
    }
    if (!c.fault.err)
        troth_cursor_expect(&c, lowest >= raw.len - troth_cursor_left(&c),
                            TROTH_ERR_VALUE, "snp.table.offset");
    if (c.fault.err)
        *out_count = 0;
    if (fault)
        *fault = c.fault;
    return c.fault.err;
}
