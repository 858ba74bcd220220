/* intel_statement.h - what Intel's signed JSON documents share: signature, levels. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_STATEMENT_H
#define TROTH_SIM_INTEL_STATEMENT_H

#include "sim/json.h"
#include "sim/key.h"

/* How a document is signed, and what may go wrong in doing so. */
struct sim_intel_signing {
    const struct sim_key *key;
    struct sim_edit edit_text;      /* the JSON, before it is signed */
    struct sim_edit edit_signature; /* r ‖ s, 64 bytes */
};

/* What is said of a level. The texts must outlive it. */
struct sim_intel_standing {
    const char *status;
    int64_t date_s;
    const char *advisories; /* separated by commas; NULL: no such member */
};

/* A level of a quoting enclave's or TDX module's. */
struct sim_intel_isv_level {
    uint16_t isv_svn;
    struct sim_intel_standing standing;
};

#define SIM_INTEL_ISV_LEVELS_MAX 40

struct sim_intel_isv_levels {
    struct sim_intel_isv_level rows[SIM_INTEL_ISV_LEVELS_MAX];
    size_t count;
};

/* Append the members "tcbDate", "tcbStatus" and "advisoryIDs". */
void sim_intel_put_standing(struct sim_bytes *out,
                            const struct sim_intel_standing *standing);

/* Append the member "tcbLevels". */
void sim_intel_put_isv_levels(struct sim_bytes *out,
                              const struct sim_intel_isv_levels *levels);

/* r ‖ s over the text, edited. */
struct sim_bytes sim_intel_sign(const struct sim_intel_signing *how,
                                struct troth_span text);

/* {"<member>":<text>,"signature":"…"}: how the service sends it. Takes both. */
struct sim_bytes sim_intel_document(const char *member, struct sim_bytes text,
                                    struct sim_bytes signature);

#endif
