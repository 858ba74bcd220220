/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/statement.h"

#include "base/hex.h"
#include "base/instant.h"
#include "base/memory.h"
#include "base/span.h"

#define DATE_FORM "2000-00-00T00:00:00Z"

struct troth_members troth_members_enter(struct troth_json *json,
                                         const struct troth_member *rows, unsigned count,
                                         const char *field)
{
    troth_json_enter_object(json, field);
    /* So that the first row is the one looked at first. */
    return (struct troth_members){json, rows, field, count, count - 1, 0};
}

static bool is_named(const struct troth_member *row, struct troth_span key)
{
    return row->name.len == key.len && memcmp(row->name.ptr, key.ptr, key.len) == 0;
}

/* Intel writes members in one order: what comes next is tried first. A name that is
 * written with escapes is no name Intel uses. */
static bool find_row(struct troth_members *m, struct troth_span key)
{
    for (unsigned tried = 0; tried < m->count; tried++) {
        m->at = m->at + 1 < m->count ? m->at + 1 : 0;
        if (is_named(&m->rows[m->at], key))
            return true;
    }
    return false;
}

static void leave(struct troth_members *m)
{
    for (unsigned i = 0; i < m->count; i++)
        troth_json_expect(m->json, !m->rows[i].is_required || m->seen >> i & 1,
                          TROTH_ERR_MISSING, m->rows[i].field);
    troth_json_leave(m->json, m->field);
}

bool troth_members_next(struct troth_members *m)
{
    while (troth_json_more(m->json)) {
        const struct troth_span key = troth_json_key(m->json, m->field);

        if (find_row(m, key)) {
            m->seen |= UINT32_C(1) << m->at;
            return true;
        }
        troth_json_skip(m->json, m->field);
    }
    leave(m);
    return false;
}

const char *troth_members_field(const struct troth_members *m)
{
    return m->rows[m->at].field;
}

unsigned troth_statement_uint(struct troth_json *json, unsigned most, const char *field)
{
    const uint64_t value = troth_json_uint(json, field);

    troth_json_expect(json, value <= most, TROTH_ERR_VALUE, field);
    return (unsigned)value;
}

void troth_statement_hex(struct troth_json *json, uint8_t *out, size_t len,
                         const char *field)
{
    const struct troth_span text = troth_json_string(json, field);
    size_t out_len;
    const enum troth_err err = troth_hex_parse(out, len, &out_len, text);

    troth_json_expect(json, !err && out_len == len, TROTH_ERR_VALUE, field);
}

int64_t troth_statement_instant(struct troth_json *json, const char *field)
{
    const struct troth_span text = troth_json_string(json, field);
    int64_t instant_s = 0;
    const bool is_plain = text.len == sizeof DATE_FORM - 1 && text.ptr[10] == 'T' &&
                          text.ptr[19] == 'Z' &&
                          troth_instant_parse_rfc3339(&instant_s, text) == TROTH_OK;

    troth_json_expect(json, is_plain, TROTH_ERR_VALUE, field);
    return instant_s;
}

enum troth_tcb_status troth_statement_status(struct troth_json *json, const char *field)
{
    const struct troth_span text = troth_json_string(json, field);
    const enum troth_tcb_status status = troth_tcb_status_parse(text);

    troth_json_expect(json, status != TROTH_TCB_NONE, TROTH_ERR_VALUE, field);
    return status;
}

static bool is_advisory_character(uint8_t c)
{
    const unsigned letter = (c | 0x20U) - 'a';

    return letter < 26 || (c >= '0' && c <= '9') || c == '-';
}

static bool is_advisory(struct troth_span text)
{
    if (text.len == 0 || text.len > TROTH_ADVISORY_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_advisory_character(text.ptr[i]))
            return false;
    return true;
}

struct troth_span troth_statement_advisories(struct troth_json *json, const char *field)
{
    struct troth_span list = {NULL, 0};

    troth_json_enter_array(json, field);
    while (troth_json_more(json)) {
        const struct troth_span text = troth_json_string(json, field);

        troth_json_expect(json, is_advisory(text), TROTH_ERR_VALUE, field);
        if (json->c.fault.err)
            break;
        if (!list.ptr)
            list.ptr = text.ptr - 1;
        list.len = (size_t)(text.ptr + text.len + 1 - list.ptr);
    }
    troth_json_leave(json, field);
    return list;
}
