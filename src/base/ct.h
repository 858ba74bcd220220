/* ct.h - compare without telling, by time, where the first difference is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_CT_H
#define TROTH_BASE_CT_H

#include <stdbool.h>

#include "troth/span.h"

/* Time depends on the lengths alone. Different lengths are unequal. */
bool troth_ct_equal(struct troth_span a, struct troth_span b);

#endif
