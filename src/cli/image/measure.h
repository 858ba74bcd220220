/* measure.h - what `troth measure` is asked, and what it finds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MEASURE_H
#define TROTH_CLI_IMAGE_MEASURE_H

#include "cli/problem.h"
#include "image/measurements.h"
#include "troth/crypto.h"

enum troth_measure_format {
    TROTH_MEASURE_TEXT = 0,
    TROTH_MEASURE_JSON,
    TROTH_MEASURE_POLICY
};

struct troth_measure_kind;

/* A command line; borrows it. */
struct troth_measure_order {
    const struct troth_measure_kind *kind;
    const char *file;
    enum troth_measure_format format;
    const char *image; /* what a policy calls it; NULL: as the file is called */
};

/* Something that a platform does not measure, and what follows from that. */
struct troth_not_measured {
    const char *name, *why;
};

struct troth_measure_finding {
    const char *title; /* what was measured, for people */
    struct troth_measurements measurements;
    const struct troth_not_measured *not_measured; /* ends with a NULL name */
    bool has_signature;                            /* it is of a kind that may have one */
    bool is_signed, signature_good;
};

/* One way of measuring. */
struct troth_measure_kind {
    const char *name; /* of --kind, of the family of evidence */
    bool (*measure)(struct troth_measure_finding *out, struct troth_problem *problem,
                    const struct troth_crypto *crypto,
                    const struct troth_measure_order *order);
};

/* All of them, ending with a NULL name; the first is the one if none is named. */
const struct troth_measure_kind *troth_measure_kinds(void);

/* measure_eif.c: an image for AWS Nitro Enclaves. */
bool troth_measure_eif(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order);

#endif
