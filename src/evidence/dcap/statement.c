/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/statement.h"

#include <limits.h>

#include "base/hex.h"
#include "base/instant.h"
#include "base/word.h"

struct troth_members troth_members_enter(struct troth_json *json,
                                         const struct troth_member *rows, unsigned count,
                                         const char *field)
{
    troth_json_enter_object(json, field);
    return (struct troth_members){json, rows, field, count, UINT_MAX, 0};
}

/* Between the quotes. A name that is written with escapes is no name Intel uses. */
static bool is_named(const struct troth_member *row, struct troth_span key)
{
    return row->quoted.len == key.len + 3 &&
           troth_word_same(row->quoted.ptr + 1, key.ptr, key.len);
}

static bool find_row(struct troth_members *m, struct troth_span key)
{
    /* Intel writes members in one order: what comes next in it is tried first. */
    for (unsigned tried = 0; tried < m->count; tried++) {
        m->at = m->at + 1 < m->count ? m->at + 1 : 0;
        if (is_named(&m->rows[m->at], key))
            return true;
    }
    return false;
}

static void expect_required(struct troth_members *m)
{
    for (unsigned i = 0; i < m->count; i++)
        troth_json_expect(m->json, !m->rows[i].is_required || m->seen >> i & 1,
                          TROTH_ERR_MISSING, m->rows[i].field);
}

bool troth_members_look(struct troth_members *m)
{
    struct troth_span key;

    if (troth_json_leave_at_end(m->json)) {
        expect_required(m);
        return false;
    }
    while (troth_json_member(m->json, &key, m->field)) {
        if (find_row(m, key)) {
            m->seen |= UINT32_C(1) << m->at;
            return true;
        }
        troth_json_skip(m->json, m->field);
    }
    troth_json_leave(m->json, m->field);
    expect_required(m);
    return false;
}

void troth_statement_hex(struct troth_json *json, uint8_t *out, size_t len,
                         const char *field)
{
    const struct troth_span text = troth_json_string(json, field);
    size_t out_len;
    const enum troth_err err = troth_hex_parse(out, len, &out_len, text);

    troth_json_expect(json, !err && out_len == len, TROTH_ERR_VALUE, field);
}

/* The two digits at `p`; more than 99 if one of them is none. */
static unsigned two_digits(const uint8_t *p)
{
    const unsigned tens = (unsigned)(p[0] - '0'), ones = (unsigned)(p[1] - '0');

    return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

/* Not base/instant.h's parser, which takes fractions and offsets; and half a TCB info's
 * strings are dates. */
static enum troth_err parse_instant(int64_t *out_s, struct troth_span text)
{
    static const char form[] = "YYYY-MM-DDTHH:MM:SSZ";
    const uint8_t *const p = text.ptr;

    *out_s = 0;
    if (text.len != sizeof form - 1 || p[4] != '-' || p[7] != '-' || p[10] != 'T' ||
        p[13] != ':' || p[16] != ':' || p[19] != 'Z')
        return TROTH_ERR_VALUE;

    const unsigned century = two_digits(p), year = two_digits(p + 2);
    const struct troth_civil civil = {
        .year = century * 100 + year,
        .month = two_digits(p + 5),
        .day = two_digits(p + 8),
        .hour = two_digits(p + 11),
        .minute = two_digits(p + 14),
        .second = two_digits(p + 17),
    };

    if (century > 99 || year > 99)
        return TROTH_ERR_VALUE;
    return troth_instant_from_civil(out_s, civil);
}

int64_t troth_statement_instant(struct troth_json *json, const char *field)
{
    int64_t instant_s;
    const enum troth_err err = parse_instant(&instant_s, troth_json_string(json, field));

    troth_json_expect(json, !err, TROTH_ERR_VALUE, field);
    return instant_s;
}

enum troth_tcb_status troth_statement_status(struct troth_json *json, const char *field)
{
    const struct troth_span text = troth_json_string(json, field);
    const enum troth_tcb_status status = troth_tcb_status_parse(text);

    troth_json_expect(json, status != TROTH_TCB_NONE, TROTH_ERR_VALUE, field);
    return status;
}

/* ASCII letters, digits and the hyphen: a bit each. */
static bool is_advisory_character(uint8_t c)
{
    static const uint32_t allowed[8] = {0, 0x03ff2000, 0x07fffffe, 0x07fffffe};

    return allowed[c >> 5] >> (c & 31) & 1;
}

static bool is_advisory(struct troth_span text)
{
    bool is_one = text.len > 0 && text.len <= TROTH_ADVISORY_MAX;

    for (size_t i = 0; i < text.len; i++)
        is_one &= is_advisory_character(text.ptr[i]);
    return is_one;
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
