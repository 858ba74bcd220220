/* standing.h - what a good verdict amounts to: which machine, whose, until when. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_STANDING_H
#define TROTH_CHANNEL_STANDING_H

#include "troth/channel.h"

/* What a policy says of the machine that the evidence is of. */
enum troth_machine_rule {
    TROTH_MACHINE_UNSAID = 0, /* nothing: every machine will do because none was named */
    TROTH_MACHINE_ANY,        /* `machines: any`, in so many words */
    TROTH_MACHINE_NAMED       /* it is listed, or a claim that names it was expected */
};
enum troth_machine_rule troth_machine_rule_of(const struct troth_result *result);

/* NAME where nothing says whose machine it is, and nobody said that any will do. */
enum troth_channel_reason troth_whose_decide(enum troth_whose *out,
                                             enum troth_machine_rule rule,
                                             enum troth_name_backing name);

/* All that an accepted result says; what is the connection's own stays as it is. */
void troth_standing_fill(struct troth_standing *standing,
                         const struct troth_result *result);

#endif
