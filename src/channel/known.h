/* known.h - find and keep accepted evidence (troth/known.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_KNOWN_H
#define TROTH_CHANNEL_KNOWN_H

#include "channel/standing.h"
#include "troth/channel.h"

/* For whom, from whom, by what and when: an entry of another role, peer or policy is
 * none. */
struct troth_known_question {
    enum troth_role role; /* of who proves */
    const uint8_t *peer;
    const uint8_t *policy_digest;
    int64_t now_s;
    int64_t max_age_s;
    uint64_t generation; /* whose witnesses' word on time counts */
};

/* What is kept of it; `frame` is a whole PROOF frame that sends all, and lies in the
 * entry. */
struct troth_known_item {
    struct troth_standing standing; /* evidence_sha256 is what it is found by */
    enum troth_machine_rule rule;
    uint64_t generation;
    uint64_t epoch_s;
    struct troth_span frame;
};

/* Digests of what a peer need not send again, those used last first; how many. */
size_t troth_known_offer(uint8_t out[static TROTH_HELD_MAX][32],
                         const struct troth_known *known,
                         const struct troth_known_question *question);

/* NULL: there is none. Its generation may be another, and it may have lapsed. */
const struct troth_known_item *
troth_known_find(struct troth_known *known, const struct troth_known_question *question,
                 const uint8_t sha256[static 32]);

/* Instead of one with the same digest, else of the one used longest ago. What is too long
 * is not kept. `item` may be one that was found. */
void troth_known_put(struct troth_known *known,
                     const struct troth_known_question *question,
                     const struct troth_known_item *item);

#endif
