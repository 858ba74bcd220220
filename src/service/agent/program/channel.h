/* channel.h - the end of attested channels that --listen asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROGRAM_CHANNEL_H
#define TROTH_SERVICE_AGENT_PROGRAM_CHANNEL_H

#include "service/agent/agent.h"
#include "service/agent/program/order.h"

struct troth_channel_end;

/*
 * troth_channel_end_prepare - read the files and take the port, while that may be done.
 *
 *   order, crypto   have to stay
 */
bool troth_channel_end_prepare(struct troth_channel_end **out,
                               struct troth_problem *problem,
                               const struct troth_agent_order *order,
                               const struct troth_crypto *crypto);

/* Let clients in. */
bool troth_channel_end_open(struct troth_channel_end *end, struct troth_problem *problem,
                            struct troth_agent *agent);

/* Read policy, roots and collateral again: who is connected is judged again. What cannot
 * be read changes nothing, and the log says so. */
void troth_channel_end_renew(struct troth_channel_end *end);

/* Before the agent is destroyed: no more connections. */
void troth_channel_end_close(struct troth_channel_end *end);
void troth_channel_end_destroy(struct troth_channel_end *end); /* takes NULL */

#endif
