/*
 * names.h - which names a program may reach, and what counts as a name at all.
 *
 * An address is no name, however it is spelled: what a resolver could take for a number
 * is refused before anything is compared. Pure: no look-up, no system.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_NAMES_H
#define TROTH_SERVICE_OUTBOUND_NAMES_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_HOST_NAME_MAX  253 /* [RFC1035] 3.1, without what only DNS itself sees */
#define TROTH_ALLOW_ROWS_MAX 256

/* In lower case, without a dot at its end. */
struct troth_host_name {
    char text[TROTH_HOST_NAME_MAX + 1];
    size_t len;
};

enum troth_name_kind {
    TROTH_NAME_NONE = 0, /* neither */
    TROTH_NAME_ADDRESS,  /* a number to some resolver: v4, v6, hex, octal, short forms */
    TROTH_NAME_HOST
};

/*
 * troth_host_name_parse - letters, digits, '-' and '_' in labels; one dot may follow.
 *
 *   out    zeroed unless it is TROTH_NAME_HOST
 */
enum troth_name_kind troth_host_name_parse(struct troth_host_name *out,
                                           struct troth_span text);

/* "NAME:PORT", the port in plain decimal; both outputs zeroed unless TROTH_NAME_HOST. */
enum troth_name_kind troth_authority_parse(struct troth_host_name *out,
                                           uint16_t *out_port, struct troth_span text);

/* Is it this name, in either case? For the name that a TLS client says. */
bool troth_host_name_is(const struct troth_host_name *name, struct troth_span text);

struct troth_allow_row {
    struct troth_host_name name;
    bool is_wildcard; /* one label or more before the name, and not the name itself */
    uint16_t port;
    bool is_plain;   /* whatever is spoken, TLS or not */
    bool is_private; /* its addresses may be private ones */
};

struct troth_allow {
    struct troth_allow_row rows[TROTH_ALLOW_ROWS_MAX];
    size_t count;
};

/*
 * troth_allow_add - "api.example.com:443", "*.example.org:443",
 * "db.internal:5432/private".
 *
 * Errors   TROTH_ERR_VALUE; TROTH_ERR_KIND: an address; TROTH_ERR_DUPLICATE: this name
 *          and port have a row, plain or not; TROTH_ERR_LIMIT. The list stays as it was.
 */
TROTH_MUST_USE enum troth_err troth_allow_add(struct troth_allow *allow, const char *text,
                                              bool is_plain);

/* The row for it: a name's own before a wildcard's, a longer wildcard's before a shorter
 * one's. NULL: it may not be reached. */
const struct troth_allow_row *troth_allow_find(const struct troth_allow *allow,
                                               const struct troth_host_name *name,
                                               uint16_t port);

#endif
