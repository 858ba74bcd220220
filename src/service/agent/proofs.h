/* proofs.h - proofs for the channels that end here (service/proof_source.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROOFS_H
#define TROTH_SERVICE_AGENT_PROOFS_H

#include "service/agent/agent.h"
#include "service/proof_source.h"

/* So many peers are told apart; each may have the device asked so often at once, and once
 * more after every so many milliseconds. */
#define TROTH_PROOFS_PEERS    1024
#define TROTH_PROOFS_BURST    8
#define TROTH_PROOFS_TOKEN_MS 2000

struct troth_proofs;

/* TROTH_ERR_MEMORY. */
TROTH_MUST_USE enum troth_err troth_proofs_create(struct troth_proofs **out,
                                                  struct troth_agent *agent);

/* What is under way comes to nobody any more. Before the agent itself; takes NULL. */
void troth_proofs_destroy(struct troth_proofs *proofs);

struct troth_proof_source troth_proofs_source(struct troth_proofs *proofs);

#endif
