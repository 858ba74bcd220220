/* demands.h - a draft, taken apart by kinds of evidence. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_DEMANDS_H
#define TROTH_POLICY_DEMANDS_H

#include "policy/reader.h"

/* What a policy demands of each kind: its requirements, machines and images. */
void troth_read_fill_kinds(struct troth_policy *out, struct troth_reader *r);

#endif
