/* fault.h - say where and why, and return it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_FAULT_H
#define TROTH_BASE_FAULT_H

#include "troth/error.h"

/* For faults that have a name and no offset. `fault` may be NULL; the result is `err`. */
static inline enum troth_err troth_fault_set(struct troth_fault *fault,
                                             enum troth_err err, const char *field)
{
    if (fault)
        *fault = (struct troth_fault){err, field, 0};
    return err;
}

/* For faults of a reader that may have none to name: bytes behind the whole, say. */
static inline enum troth_err troth_fault_name(struct troth_fault *fault,
                                              enum troth_err err, const char *field)
{
    if (err && fault && !fault->field)
        fault->field = field;
    return err;
}

#endif
