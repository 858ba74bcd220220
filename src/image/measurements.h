/*
 * measurements.h - what a platform will say of code that it starts, and what cannot be
 * known of that beforehand.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_MEASUREMENTS_H
#define TROTH_IMAGE_MEASUREMENTS_H

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_MEASUREMENTS_MAX 12

struct troth_measurement {
    const char *claim; /* "nitro.pcr0": its name in docs/claims.md */
    uint8_t value[48];
    size_t len;         /* 0: it cannot be computed from what was given */
    const char *covers; /* "kernel, command line, every ramdisk"; or why it cannot */
};

struct troth_measurements {
    const char *kind; /* "nitro", "snp", "tdx" */
    struct troth_measurement rows[TROTH_MEASUREMENTS_MAX];
    size_t count;
};

/* One row more; there is room by construction. */
void troth_measurements_add(struct troth_measurements *measurements, const char *claim,
                            struct troth_span value, const char *covers);

/* The row of this claim, or NULL. */
const struct troth_measurement *
troth_measurements_find(const struct troth_measurements *measurements, const char *claim);

#endif
