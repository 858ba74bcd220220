/* standard.h - the functions that are always there, beside the operators. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_STANDARD_H
#define TROTH_CEL_STANDARD_H

#include "cel/library_types.h"

/* Rows for the array of troth_cel_standard in library.c. */
#define TROTH_CEL_STANDARD_ROWS

#endif
