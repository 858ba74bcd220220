/*
 * entry.h - an answer of a service as it is kept: what it was asked, when, and all of it.
 *
 * The file is an HTTP answer: the headers that carry certificates, headers of our own
 * (Troth-…), an empty line, and the body as it came. troth_collateral_read() reads it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_ENTRY_H
#define TROTH_COLLATERAL_ENTRY_H

#include "collateral/services.h"
#include "net/http.h"
#include "os/file.h"
#include "store/name.h"

#define TROTH_ENTRY_MAX (TROTH_HTTP_BODY_MAX + TROTH_HTTP_HEADERS_MAX + (size_t)32 * 1024)

/* A revocation list's number has twenty bytes at most. spec: [RFC5280] 5.2.3 */
#define TROTH_ENTRY_CRL_NUMBER_MAX 20

/* What is kept beside an answer: the need that it answers, and what it says of itself. */
struct troth_entry_facts {
    struct troth_need need; /* borrows */
    const char *source;     /* the address that was asked */
    enum troth_update update;
    int64_t fetched_s, issued_s, expires_s;
    bool has_evaluation_number;
    uint64_t evaluation_number;
    uint8_t crl_number[TROTH_ENTRY_CRL_NUMBER_MAX]; /* big-endian */
    size_t crl_number_len;
};

/* Zeroed, it holds nothing and may be released. */
struct troth_kept_entry {
    struct troth_entry_facts facts; /* texts live in `texts` */
    struct troth_file file;         /* the whole of it */
    char *texts;
};

/* A need's name, and where it is asked for the early answer another one. False if there
 * is no such name. */
bool troth_entry_name(char out[static TROTH_STORE_NAME_ROOM],
                      const struct troth_need *need, enum troth_update update);

/*
 * troth_entry_write - the bytes that are kept.
 *
 *   out   filled on success, zeroed on failure; give it to troth_file_release()
 *
 * Errors   false: no memory, or a text that cannot stand in a header
 */
bool troth_entry_write(struct troth_file *out, const struct troth_entry_facts *facts,
                       const struct troth_http_answer *answer);

/*
 * troth_entry_read - the same bytes as what they mean.
 *
 *   out    filled on success, zeroed on failure; give it to troth_entry_release()
 *   file   taken in any case
 *   name   under which it is kept; NULL: whatever it says
 *
 * Returns  NULL, or why this is no entry, or not the one of that name, as a clause
 */
const char *troth_entry_read(struct troth_kept_entry *out, struct troth_file *file,
                             const char *name);

void troth_entry_release(struct troth_kept_entry *entry);

/* EXPIRED: of no use any more. STALE: good, and it may be out of date. */
enum troth_entry_freshness { TROTH_EXPIRED = 0, TROTH_STALE, TROTH_FRESH };
enum troth_entry_freshness troth_entry_freshness(const struct troth_kept_entry *entry,
                                                 int64_t now_s);

/* Does it hold at that time, as far as its dates go? */
bool troth_entry_covers(const struct troth_kept_entry *entry, int64_t at_s);

/*
 * What would go back if `offered` took the place of `kept`: "the evaluation number",
 * "the issue date", "the list's number"; NULL: nothing. A service, or who sits between,
 * can so not make anybody forget what was already known.
 */
const char *troth_entry_goes_back(const struct troth_kept_entry *kept,
                                  const struct troth_kept_entry *offered);

#endif
