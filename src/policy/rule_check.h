/* rule_check.h - rules are compiled, and held against evidence nobody has seen yet. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_RULE_CHECK_H
#define TROTH_POLICY_RULE_CHECK_H

#include "policy/reader.h"

/*
 * The draft's rules, compiled in place. Objected to: one that is no expression or no
 * bool, one whose cost is above TROTH_POLICY_COST_MAX, one that cannot hold for an
 * accepted kind of evidence whatever it says, and one that always holds.
 */
void troth_read_check_rules(struct troth_reader *r);

#endif
