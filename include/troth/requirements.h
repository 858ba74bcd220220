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

/* What a policy says of Intel's platforms, beyond the statuses in `allow`. */
struct troth_intel_settings {
    /* OutOfDate is accepted for so long after the TCB date that the platform missed:
     * until tcb.date + grace is past. 0: not at all. */
    int64_t grace_s;
    /* A status, UpToDate too, is accepted only where each advisory that applies is among
     * these; without has_advisories, whatever applies. */
    bool has_advisories;
    struct troth_names advisories; /* "INTEL-SA-00615" */
    uint32_t min_evaluation; /* of TCB info and QE identity: an older one is refused */
};

/* What a policy says of AMD's platforms. */
struct troth_amd_minimum {
    struct troth_span product; /* "Genoa" */
    uint64_t fmc, bootloader, tee, snp,
        microcode; /* of the reported TCB, each at least */
};
struct troth_amd_settings {
    const struct troth_amd_minimum *minimums;
    size_t minimum_count;
    struct troth_names distrusted; /* products that are refused whatever they report */
};

struct troth_requirements {
    const struct troth_expectation *expect;
    size_t expect_count;
    struct troth_names any;   /* claims, or "measurement", "nonce": every value will do */
    struct troth_names allow; /* findings that refuse unless named: "debug", … */
    bool has_nonce;
    struct troth_span nonce; /* the family's nonce field, byte for byte */
    bool has_binding;
    struct troth_span binding; /* "DOMAIN:FIELD=VALUE,…", see troth/binding.h */
    struct troth_intel_settings intel;
    struct troth_amd_settings amd;
};

#endif
