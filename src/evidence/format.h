/* format.h - what every evidence family must be able to do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_FORMAT_H
#define TROTH_EVIDENCE_FORMAT_H

#include "evidence/judgement.h"
#include "evidence/need_list.h"

/*
 * The claims that together name all the code that was loaded. `label` is the short name
 * used in the value of the claim "measurement"; empty where the table has one row.
 */
struct troth_identity_row {
    const char *claim;
    const char *label;
};

/* No family's table is longer. */
#define TROTH_IDENTITY_ROWS_MAX 8

struct troth_format {
    const char *name;  /* command-line spelling, JSON tag, folder name */
    const char *title; /* for people */

    const struct troth_identity_row *identity; /* ends with a NULL claim */
    const char *nonce_claim;   /* the field a challenger's nonce comes back in */
    const char *binding_claim; /* the field our own binding sits in */
    const char *event_claim;   /* the register that an event log is of; NULL: none */
    const char *const
        *machine_claims;         /* naming one of these names a machine; ends NULL */
    const char *const *findings; /* names `allow` may use; ends with NULL */

    /* Could these be the first bytes of this family? Cheap, never wrong "no". */
    bool (*recognise)(struct troth_span raw);

    /* Bytes to fields, in the arena. Judges nothing. */
    enum troth_err (*parse)(void **out_fields, struct troth_fault *fault,
                            struct troth_span raw, struct troth_arena *arena);

    /* The time the evidence itself signs; NULL where the family has none. */
    int64_t (*signed_time)(const void *fields);

    /* The checks verify() owes; ends with TROTH_CHECK_COUNT. */
    const enum troth_check_id *plan;

    /* Judge all but what the relying party expects. May add to `fields` what collateral
     * told about them. TROTH_ERR_CRYPTO, TROTH_ERR_MEMORY, or collateral's own faults. */
    enum troth_err (*verify)(struct troth_judgement *j, struct troth_fault *fault,
                             void *fields);

    /* Which collateral would answer? `collateral` is prepared. NULL where a family needs
     * none. What goes wrong sticks to the list. */
    void (*needs)(struct troth_need_list *list, const void *fields,
                  const struct troth_collateral *collateral);

    /* Fields to the vocabulary policies are written in. TROTH_ERR_MEMORY only. */
    enum troth_err (*claims)(struct troth_claims *out, const void *fields,
                             struct troth_arena *arena);
};

/* The family whose bytes these look like, or NULL. */
const struct troth_format *troth_format_recognise(struct troth_span raw);

/* Is this a finding of any family? Any will do for `allow`, so that one command line
 * serves several families. */
bool troth_format_has_finding(struct troth_span name);

/* All of them, ending with NULL. */
const struct troth_format *const *troth_formats(void);

#endif
