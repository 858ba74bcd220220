/* judge.h - is the evidence behind a proof good, by today's policy and collateral? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_JUDGE_H
#define TROTH_CHANNEL_JUDGE_H

#include "channel/machine.h"
#include "troth/needs.h"

struct troth_exhibit {
    struct troth_span evidence, collateral; /* the peer's */
    struct troth_span binding;              /* as requirements take it */
    int64_t fresh_s;                        /* it was made no earlier */
    bool is_again; /* it was good before: how old it is by now is not asked */
};

/* In the arena. */
struct troth_opinion {
    enum troth_channel_reason reason;  /* NONE: it is good */
    const struct troth_needs *needs;   /* UNDETERMINED, and this might help; else NULL */
    const struct troth_result *result; /* NULL: it could not be judged, see `fault` */
    struct troth_fault fault;
};

/* Evidence that the policy refuses is EVIDENCE; what cannot be judged is UNDETERMINED;
 * where this side fails it is INTERNAL. */
void troth_exhibit_judge(struct troth_opinion *out, const struct troth_step *s,
                         const struct troth_exhibit *exhibit);

#endif
