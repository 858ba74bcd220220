/*
 * claims.h - what evidence says, in one typed vocabulary.
 *
 * Rows of evidence families (src/evidence/<family>/claims.c) and the common ones
 * (docs/claims.md) share this shape; `troth show`, JSON, policies and expectations read
 * nothing else.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLAIMS_H
#define TROTH_CLAIMS_H

#include <stdbool.h>

#include "troth/span.h"

enum troth_value_type {
    TROTH_VALUE_NONE = 0, /* the evidence does not say */
    TROTH_VALUE_BOOL,
    TROTH_VALUE_UINT,
    TROTH_VALUE_INSTANT, /* seconds since 1970, UTC */
    TROTH_VALUE_TEXT,    /* UTF-8 */
    TROTH_VALUE_BYTES
};

/* Text and bytes borrow from the evidence, the arena, or a static table. */
struct troth_value {
    enum troth_value_type type;
    bool boolean;
    uint64_t number;
    int64_t instant_s;
    struct troth_span bytes; /* TEXT and BYTES */
};

struct troth_claim {
    const char *name;  /* static, dotted: "nitro.pcr0" */
    const char *about; /* static, one sentence */
    struct troth_value value;
};

struct troth_claims {
    const struct troth_claim *rows;
    size_t count;
};

/* NULL if this evidence has no claim of that name. */
const struct troth_claim *troth_claims_find(const struct troth_claims *claims,
                                            struct troth_span name);

#endif
