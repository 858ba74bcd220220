/* settings.h - what clients are judged by, from the files a command line names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROGRAM_SETTINGS_H
#define TROTH_SERVICE_AGENT_PROGRAM_SETTINGS_H

#include "cli/inputs.h"
#include "service/agent/program/order.h"

struct troth_settings {
    struct troth_inputs inputs; /* owns all memory */
    const struct troth_policy *policy;
    struct troth_anchors anchors; /* none: the built-in ones */
};

/* NULL and false, with a problem. `crypto` has to stay. */
bool troth_settings_read(struct troth_settings **out, struct troth_problem *problem,
                         const struct troth_agent_order *order,
                         const struct troth_crypto *crypto);
void troth_settings_destroy(struct troth_settings *settings); /* takes NULL */

#endif
