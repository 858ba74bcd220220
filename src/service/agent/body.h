/* body.h - the members of a JSON object, read by table: those of the table, no others. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_BODY_H
#define TROTH_SERVICE_AGENT_BODY_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

#define TROTH_BODY_MEMBERS_MAX 4

enum troth_member_type {
    TROTH_MEMBER_HEX = 0, /* up to `most` bytes */
    TROTH_MEMBER_BASE64,  /* the same */
    TROTH_MEMBER_TEXT,    /* the same, UTF-8 */
    TROTH_MEMBER_UINT,    /* 1 to `most` */
    TROTH_MEMBER_BOOL,
    TROTH_MEMBER_TYPE_COUNT
};

struct troth_member {
    const char *name;
    enum troth_member_type type;
    size_t most;
    bool is_required;
};

struct troth_member_value {
    bool is_given;
    struct troth_span bytes; /* HEX, BASE64, TEXT */
    uint64_t number;
    bool flag;
};

/*
 * troth_body_read - one value for each of the table's `count` rows, in its order.
 *
 *   fault   field: the member's name, "body" for what is no member's
 *   arena   the values borrow it and `text`; twice the text's length suffices
 *
 * Errors   the JSON reader's; TROTH_ERR_UNSUPPORTED: an unknown member;
 *          TROTH_ERR_MISSING, TROTH_ERR_LIMIT, TROTH_ERR_VALUE, TROTH_ERR_TYPE
 */
TROTH_MUST_USE enum troth_err
troth_body_read(struct troth_member_value out[static TROTH_BODY_MEMBERS_MAX],
                struct troth_fault *fault, const struct troth_member *table, size_t count,
                struct troth_span text, struct troth_arena *arena);

#endif
