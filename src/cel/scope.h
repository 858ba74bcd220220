/* scope.h - the locals of loops and lets, as a name among their children sees them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_SCOPE_H
#define TROTH_CEL_SCOPE_H

#include "cel/node.h"

/* Which local the NAME `node` stands for: the innermost of that name. `out_owner` is the
 * LOOP or LET. False if there is none, or the name is absolute. */
bool troth_cel_scope_find(uint32_t *out_owner, enum troth_cel_local *out_local,
                          const struct troth_cel_tree *tree, uint32_t node);

#endif
