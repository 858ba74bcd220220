/* measurements.h - the one form in which a record writes what evidence shows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_MEASUREMENTS_H
#define TROTH_RECORD_MEASUREMENTS_H

#include "troth/error.h"
#include "troth/span.h"

/*
 * troth_record_measurements_check - is it {"kind":{"name":"hex",…},…}, and so written?
 *
 * Shape    no space and no escape; kinds, and names of a kind, ascending; none is empty
 * Errors   TROTH_ERR_VALUE: anything else in it; TROTH_ERR_DUPLICATE;
 *          TROTH_ERR_ENCODING: not ascending; TROTH_ERR_LIMIT: TROTH_RECORD_MEASURED_MAX
 */
TROTH_MUST_USE enum troth_err troth_record_measurements_check(struct troth_span json);

#endif
