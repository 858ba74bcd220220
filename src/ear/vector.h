/*
 * vector.h - checks as AR4SI's trustworthiness vector.
 *
 * The table is in vector.c and, for people, in docs/ear.md.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EAR_VECTOR_H
#define TROTH_EAR_VECTOR_H

#include "troth/ear.h"

/* AR4SI's eight, of which evidence of today's families speaks of five. */
/* clang-format off */
#define TROTH_EAR_CLAIMS(X)                     \
    X(INSTANCE,       "instance-identity")      \
    X(CONFIGURATION,  "configuration")          \
    X(EXECUTABLES,    "executables")            \
    X(HARDWARE,       "hardware")               \
    X(RUNTIME_OPAQUE, "runtime-opaque")         \
    X(FILE_SYSTEM,    "file-system")            \
    X(STORAGE_OPAQUE, "storage-opaque")         \
    X(SOURCED_DATA,   "sourced-data")
/* clang-format on */

enum troth_ear_claim {
#define X(id, name) TROTH_EAR_##id,
    TROTH_EAR_CLAIMS(X)
#undef X
        TROTH_EAR_CLAIM_COUNT
};

/* "instance-identity"; ends with NULL. */
extern const char *const troth_ear_claim_names[TROTH_EAR_CLAIM_COUNT + 1];

struct troth_ear_vector {
    bool has[TROTH_EAR_CLAIM_COUNT];
    int values[TROTH_EAR_CLAIM_COUNT];
};

/* Which tier is a value of? [AR4SI] 2.3.2 */
enum troth_ear_tier troth_ear_tier_of(int value);

/* "affirming"; NULL for none of the four. */
const char *troth_ear_tier_name(enum troth_ear_tier tier);

/* The worst of its values: contraindicated, none, warning, affirming. */
enum troth_ear_tier troth_ear_vector_tier(const struct troth_ear_vector *vector);

/* Is it known who signed what the evidence says? If not, none of that is repeated. */
bool troth_ear_is_signed(const struct troth_verdict *verdict);

struct troth_ear_vector troth_ear_vector_of(const struct troth_result *result);

/* Contraindicated where refused, none where undetermined, else the vector's. */
enum troth_ear_tier troth_ear_status_of(const struct troth_result *result,
                                        const struct troth_ear_vector *vector);

#endif
