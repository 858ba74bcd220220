/* policy_complaint.h - why a policy cannot be used, and where it says so. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_COMPLAINT_H
#define TROTH_CLI_POLICY_COMPLAINT_H

#include "cli/problem.h"
#include "troth/policy.h"

/* "policy.yaml:12:5", as far as it is known. */
#define TROTH_POLICY_PLACE_ROOM 300
void troth_policy_place(char out[static TROTH_POLICY_PLACE_ROOM], const char *name,
                        uint32_t line, uint32_t column);

/* The issue as a problem: "policy.yaml:12:5: images.a.tdx.rtmr1: …", and what would help;
 * false. */
bool troth_policy_complain(struct troth_problem *problem, const char *name,
                           const struct troth_policy_issue *issue);

/* Can a connection's evidence be held against it? Not if it names a log: no proof from
 * one is carried there, so nobody would ever be let in. */
bool troth_policy_fits_connections(struct troth_problem *problem, const char *name,
                                   const struct troth_policy *policy);

#endif
