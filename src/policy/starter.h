/* starter.h - a first policy: this image, on this machine, as it was just seen. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_STARTER_H
#define TROTH_POLICY_STARTER_H

#include "base/writer.h"
#include "troth/verify.h"

/* Room for any. */
#define TROTH_STARTER_ROOM ((size_t)32 * 1024)

/*
 * troth_starter_write - YAML with comments, which accepts this evidence and as little
 * else as it can be told from.
 *
 *   name     what the policy is called; its bytes are the caller's to check
 *   result   of evidence that was accepted with any code, any nonce and every finding
 *            allowed: those that it needed are written down
 *
 * Effects  writes `w`, which says whether it sufficed
 */
void troth_starter_write(struct troth_writer *w, struct troth_span name,
                         const struct troth_result *result);

#endif
