/* unpacking.h - a file of collateral being taken apart (troth_collateral_read()). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_UNPACKING_H
#define TROTH_EVIDENCE_UNPACKING_H

#include <stdbool.h>

#include "troth/collateral.h"

/* Where items go, and why unpacking stopped. */
struct troth_unpacking {
    struct troth_collateral_item *items;
    size_t *count;
    struct troth_arena *arena;
    struct troth_fault fault; /* the first */
};

/* Remember the first fault; returns `err`. */
enum troth_err troth_unpack_fail(struct troth_unpacking *u, enum troth_err err,
                                 const char *field);

/* Append an item; `signature` is empty for what is signed inside. */
TROTH_MUST_USE enum troth_err troth_unpack_item(struct troth_unpacking *u,
                                                enum troth_collateral_kind kind,
                                                struct troth_span bytes,
                                                struct troth_span signature);

/* One certificate or list. */
TROTH_MUST_USE enum troth_err troth_unpack_der(struct troth_unpacking *u,
                                               struct troth_span der);

/* Any number of PEM blocks, text between them ignored. */
TROTH_MUST_USE enum troth_err troth_unpack_pem(struct troth_unpacking *u,
                                               struct troth_span text);

/* A chain that repeats others: certificates that are there already are left out. */
TROTH_MUST_USE enum troth_err troth_unpack_chain(struct troth_unpacking *u,
                                                 struct troth_span text);

/* DER in hex digits, with white space around them. */
bool troth_unpack_is_hex(struct troth_span text);
TROTH_MUST_USE enum troth_err troth_unpack_hex(struct troth_unpacking *u,
                                               struct troth_span text);

/* A JSON object (collateral_json.c) and an HTTP answer's headers (collateral_http.c);
 * `*out_body` is what is behind them. */
TROTH_MUST_USE enum troth_err troth_unpack_json(struct troth_unpacking *u,
                                                struct troth_span text);
bool troth_unpack_is_http(struct troth_span file);
TROTH_MUST_USE enum troth_err troth_unpack_headers(struct troth_span *out_body,
                                                   struct troth_unpacking *u,
                                                   struct troth_span file);

struct troth_span troth_unpack_trim(struct troth_span text); /* white space off both ends
                                                              */

#endif
