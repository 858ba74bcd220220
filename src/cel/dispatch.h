/*
 * dispatch.h - which of a function's overloads a call means.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_DISPATCH_H
#define TROTH_CEL_DISPATCH_H

#include "cel/machine.h"

/*
 * troth_cel_unshadowed - the overloads that a call may come to.
 *
 * Of rows with the same arguments the last one counts, so that a host's library, which
 * comes after the standard one, may put its own in a row's place. `overloads` itself if
 * there are none such; NULL: no memory.
 */
const struct troth_cel_overload *const *
troth_cel_unshadowed(const struct troth_cel_overload *const *overloads,
                     struct troth_arena *arena);

/* Call the first of them that takes the arguments. */
struct troth_cel_value
troth_cel_dispatch(struct troth_cel_call *call,
                   const struct troth_cel_overload *const *overloads,
                   const struct troth_cel_value *arguments, uint32_t count);

#endif
