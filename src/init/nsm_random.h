/*
 * nsm_random.h - random bytes of a Nitro secure module: the one question, and its
 * answer.
 *
 * The request never differs, and the answer has two forms; a reader of all of CBOR has no
 * place in an image's first process.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_NSM_RANDOM_H
#define TROTH_INIT_NSM_RANDOM_H

#include "init/fault.h"
#include "troth/span.h"

/* The text "GetRandom" in CBOR. */
struct troth_span troth_init_nsm_random_request(void);

/*
 * troth_init_nsm_random_parse - {"GetRandom": {"random": bytes}}, or {"Error": word}.
 *
 *   out   borrows `answer`; at least one byte
 *
 * Errors   false: the module's own word, or anything but exactly that
 * Spec     [NSM]
 */
bool troth_init_nsm_random_parse(struct troth_span *out, struct troth_init_fault *fault,
                                 struct troth_span answer);

#endif
