/*
 * stage.h - genuine-looking evidence with one thing changed, and what is said of it.
 *
 * An attack is a row: why, how the minted default is changed, what the relying party
 * asks, and the line that must come of it: trial.h's, and behind "accepted" what the
 * result says of itself, ", allowed" and ", archival". Everything is signed anew after
 * the change, so that a row fails only the check it is about.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_STAGE_H
#define TROTH_TEST_STAGE_H

#include "test/harness.h"
#include "test/support/minted.h"

/* Swap the first `find` for `put`, both hex; it is an error of the test if there is none.
 * An empty `find` is found at the start. */
struct stage_swap {
    const char *find, *put;
};
struct sim_edit stage_swap_edit(const struct stage_swap *swap);

/* sim_edit.apply: one or two bytes behind the end; their context is not looked at. */
void stage_append_zero(struct sim_bytes *bytes, const void *context);
void stage_append_one(struct sim_bytes *bytes, const void *context);

/* sim_edit.apply for an ECDSA signature r ‖ s, big-endian, of P-384 or P-256. */
void stage_r_zero(struct sim_bytes *signature, const void *context);
void stage_s_zero(struct sim_bytes *signature, const void *context);
void stage_r_order(struct sim_bytes *signature, const void *context);
void stage_s_order(struct sim_bytes *signature, const void *context);
void stage_swap_halves(struct sim_bytes *signature, const void *context);
void stage_reverse_halves(struct sim_bytes *signature, const void *context);
void stage_negate_s(struct sim_bytes *signature, const void *context); /* verifies too */

struct nitro_stage {
    struct trial *trial;
    struct sim_keyring *ring;
    struct sim_nitro doc;
    struct sim_cert root; /* what the relying party pins: the default's */
    bool pins_nothing;
    int64_t at_s;
    struct sim_edit edit_whole; /* of the finished message */
};

struct nitro_attack {
    const char *why;
    void (*change)(struct nitro_stage *stage, int number); /* NULL: none */
    int number;
    const char *options; /* TRIAL_ANY or more, as trial_require() reads it */
    const char *line;
};

struct snp_stage {
    struct trial *trial;
    struct sim_keyring *ring;
    struct sim_snp doc;
    struct sim_cert ark; /* what the relying party pins: the default's */
    bool pins_nothing;
    int64_t at_s;
    bool lacks_issuer, lacks_vek, lacks_list; /* of the collateral beside the report */
    bool is_extended;                         /* the host's table follows the report */
    struct sim_edit edit_whole;
};

struct intel_stage {
    struct trial *trial;
    struct sim_keyring *ring;
    struct sim_intel doc; /* edit_whole is the quote's own */
    struct sim_cert root; /* what the relying party pins: the default's */
    bool pins_nothing;
    int64_t at_s;
    /* Of the collateral beside the quote. The chain's are only added to a quote that does
     * not embed it. */
    bool lacks_tcb_info, lacks_qe_identity, lacks_signer, lacks_root_list, lacks_pck_list;
    bool lacks_pck, lacks_ca;
    bool adds_chain; /* PCK and CA also beside a quote that embeds them */
};

struct intel_attack {
    const char *why;
    enum sim_intel_kind kind;
    void (*change)(struct intel_stage *stage, int number);
    int number;
    const char *options;
    const char *line;
};

/* Which product's report, and by which kind of key. */
enum snp_machine {
    ON_MILAN,
    ON_GENOA,
    ON_TURIN,
    ON_MILAN_BY_VLEK,
    ON_GENOA_BY_VLEK,
    ON_TURIN_BY_VLEK
};

struct snp_attack {
    const char *why;
    enum snp_machine machine;
    void (*change)(struct snp_stage *stage, int number);
    int number;
    const char *options;
    const char *line;
};

/* The defaults of one moment, for those who need more than rows. */
void nitro_stage_set(struct nitro_stage *stage, struct trial *trial,
                     struct sim_keyring *ring);
void snp_stage_set(struct snp_stage *stage, struct trial *trial, struct sim_keyring *ring,
                   enum snp_machine machine);
void intel_stage_set(struct intel_stage *stage, struct trial *trial,
                     struct sim_keyring *ring, enum sim_intel_kind kind);

/* Pin the root, add the collateral; the evidence. */
struct troth_span nitro_stage_mint(struct nitro_stage *stage);
struct troth_span snp_stage_mint(struct snp_stage *stage);
struct troth_span intel_stage_mint(struct intel_stage *stage);

/* More collateral, DER. */
void stage_add_cert(struct trial *trial, const struct sim_cert *cert);
void stage_add_list(struct trial *trial, const struct sim_crl *crl);

/* trial_judge(), and what is said behind "accepted"; an accepted result must also say
 * that it is simulated, an error must leave nothing behind. */
const char *stage_judge(struct trial *trial, struct troth_span evidence, int64_t at_s);

/* One case a row. */
void nitro_attacks_run(const struct nitro_attack *rows, size_t count);
void snp_attacks_run(const struct snp_attack *rows, size_t count);
void intel_attacks_run(const struct intel_attack *rows, size_t count);

#endif
