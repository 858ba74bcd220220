/* plan.h - is a family's plan what it owes? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_PLAN_H
#define TROTH_TEST_PLAN_H

#include "evidence/format.h"

/* Checks that `plan`, which ends with TROTH_CHECK_COUNT, has each of `owed` once, and
 * nothing else. */
void plan_check(const enum troth_check_id *plan, const enum troth_check_id *owed,
                size_t count);

#endif
