/* optionals.h - a.or(b) and a.orValue(b), which ask for b only where a has no value. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_OPTIONALS_H
#define TROTH_CEL_OPTIONALS_H

#include "cel/node.h"

/* Which of the two a checked CALL is. */
enum troth_cel_alternative {
    TROTH_CEL_NO_ALTERNATIVE = 0,
    TROTH_CEL_OR,
    TROTH_CEL_OR_VALUE
};
enum troth_cel_alternative troth_cel_alternative_of(const struct troth_cel_node *call);

#endif
