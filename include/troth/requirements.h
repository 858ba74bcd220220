/*
 * requirements.h - what a relying party asks of evidence, short of a policy document.
 *
 * The code and the nonce must each be named or waved through: what is not asked for is
 * refused, not skipped.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REQUIREMENTS_H
#define TROTH_REQUIREMENTS_H

#include <stdbool.h>

#include "troth/span.h"

/*
 * `claim` must have `value`, written as `troth show` prints it: hex for bytes, decimal
 * for numbers, true or false, RFC 3339 for instants. For the claim "measurement" the
 * value is the family's whole identity table: one hex string where the table has one
 * row, else "pcr0=HEX,pcr1=HEX,…".
 */
struct troth_expectation {
    struct troth_span claim;
    struct troth_span value;
};

struct troth_names {
    const struct troth_span *rows;
    size_t count;
};

/* More expectations than this are refused: TROTH_ERR_LIMIT. */
#define TROTH_EXPECTATIONS_MAX 64

struct troth_requirements {
    const struct troth_expectation *expect;
    size_t expect_count;
    struct troth_names any;   /* claims, or "measurement", "nonce": every value will do */
    struct troth_names allow; /* findings that refuse unless named: "debug", … */
    bool has_nonce;
    struct troth_span nonce; /* the family's nonce field, byte for byte */
    bool has_binding;
    struct troth_span binding; /* "DOMAIN:FIELD=VALUE,…", see troth/binding.h */
};

#endif
