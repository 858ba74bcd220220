/* check.h - is this a record that can be written? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_CHECK_H
#define TROTH_RECORD_CHECK_H

#include "troth/record.h"

/*
 * troth_record_validate - every part is what its kind's schema says, and none is there
 * twice.
 *
 *   fault   field "record.…"
 *
 * Errors   as troth_record_parse()'s but for those of reading; TROTH_ERR_DUPLICATE: two
 *          values of one field, two marks of one name, or a name both public and private;
 *          TROTH_ERR_ENCODING: marks out of order
 */
TROTH_MUST_USE enum troth_err troth_record_validate(const struct troth_record *record,
                                                    struct troth_fault *fault);

#endif
