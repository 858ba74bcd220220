/* measure_page.h - measurements for people, for programs, for a policy. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MEASURE_PAGE_H
#define TROTH_CLI_IMAGE_MEASURE_PAGE_H

#include "cli/image/measure.h"
#include "cli/page.h"

void troth_measure_page_print(struct troth_page *page,
                              const struct troth_measure_finding *finding,
                              const char *name);

void troth_measure_json_print(FILE *to, const struct troth_measure_finding *finding);

/*
 * troth_measure_policy_print - the lines that accept this code, for a policy: every claim
 * that together are the code, and what else was measured.
 *
 *   order    which claims are left open
 *   image    what the policy calls it
 *
 * Errors   false where a claim that the policy needs cannot be computed; nothing is
 *          printed then
 */
bool troth_measure_policy_print(FILE *to, struct troth_problem *problem,
                                const struct troth_measure_finding *finding,
                                const struct troth_measure_order *order,
                                const char *image);

#endif
