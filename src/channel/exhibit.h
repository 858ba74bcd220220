/* exhibit.h - a peer's proof as what is judged, with what it has to commit to. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_EXHIBIT_H
#define TROTH_CHANNEL_EXHIBIT_H

#include "channel/commitment.h"
#include "channel/judge.h"

/* What the peer's proof commits to; borrows the machine. */
struct troth_commitment troth_peer_commitment(const struct troth_machine *m);

/* `proof` is whole, whether or not it was sent this time. The text is in the arena.
 * TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO, TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_exhibit_from_proof(struct troth_exhibit *out,
                                                       const struct troth_step *s,
                                                       const struct troth_proof *proof);

#endif
