/* complaint.h - which word of a command line the library could not understand. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_COMPLAINT_H
#define TROTH_CLI_COMPLAINT_H

#include "cli/problem.h"
#include "troth/verify.h"

/*
 * troth_complaint - a fault of troth_verify() or troth_show_unverified(), told with the
 * name or option that caused it.
 *
 *   subject        the file, as the user wrote it
 *   requirements   those the fault may speak of, or NULL
 *   claims         of the evidence, as far as it could be read
 */
void troth_complaint(struct troth_problem *problem, const struct troth_fault *fault,
                     const char *subject, const struct troth_requirements *requirements,
                     const struct troth_claims *claims);

/* The same for --binding, which can be judged before anything is read. */
bool troth_complaint_binding(struct troth_problem *problem,
                             const struct troth_crypto *crypto, struct troth_span text);

#endif
