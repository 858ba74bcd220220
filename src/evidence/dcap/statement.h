/*
 * statement.h - the JSON that Intel signs: members of objects, and how values are
 * written.
 *
 * All read at a struct troth_json, whose first failure sticks.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_STATEMENT_H
#define TROTH_EVIDENCE_DCAP_STATEMENT_H

#include "codec/json.h"
#include "evidence/dcap/tcb.h"

/* A member that has a meaning. */
struct troth_member {
    struct troth_span quoted; /* its name in quotes, and the colon */
    const char *field;        /* for faults */
    bool is_required;
};

/* An initialiser. `path` and `text` are literals. */
/* clang-format off */
#define TROTH_MEMBER(path, text, required)                                               \
    {{(const uint8_t *)("\"" text "\":"), sizeof(text) + 2}, path "." text, (required)}
/* clang-format on */

/* One object, read member by member; `rows` are in the order Intel writes them. */
struct troth_members {
    struct troth_json *json;
    const struct troth_member *rows;
    const char *field;
    unsigned count; /* of rows; at most 32 */
    unsigned at;    /* the row whose value is next; UINT_MAX before the first */
    uint32_t seen;  /* a set of rows */
};

struct troth_members troth_members_enter(struct troth_json *json,
                                         const struct troth_member *rows, unsigned count,
                                         const char *field);

/* Where the next member is not the one that is expected, or there is none. */
bool troth_members_look(struct troth_members *m);

/*
 * To the value of the next member that has a meaning: `at` says which. Others are
 * skipped. False at the object's end, which is left: all required members were there
 * (TROTH_ERR_MISSING), or something failed.
 */
static inline bool troth_members_next(struct troth_members *m)
{
    const unsigned expected = m->at + 1;

    if (expected >= m->count || !troth_json_member_is(m->json, m->rows[expected].quoted))
        return troth_members_look(m);
    m->at = expected;
    m->seen |= UINT32_C(1) << expected;
    return true;
}

/* The field of the row that is next. */
static inline const char *troth_members_field(const struct troth_members *m)
{
    return m->rows[m->at].field;
}

/* An integer from 0 to `most`. */
static inline unsigned troth_statement_uint(struct troth_json *json, unsigned most,
                                            const char *field)
{
    const uint64_t value = troth_json_uint(json, field);

    troth_json_expect(json, value <= most, TROTH_ERR_VALUE, field);
    return (unsigned)value;
}

/* Exactly `len` bytes in hex digits of either case. */
void troth_statement_hex(struct troth_json *json, uint8_t *out, size_t len,
                         const char *field);

/* "2025-07-07T09:06:43Z" and nothing else: no fraction, no offset. */
int64_t troth_statement_instant(struct troth_json *json, const char *field);

enum troth_tcb_status troth_statement_status(struct troth_json *json, const char *field);

/* An array of identifiers, as tcb.h has them: from the first quote to the last. At most
 * TROTH_ADVISORY_MAX characters each; genuine ones are like "INTEL-SA-00986". */
struct troth_span troth_statement_advisories(struct troth_json *json, const char *field);
#define TROTH_ADVISORY_MAX 64

#endif
