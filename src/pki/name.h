/* name.h - distinguished names: checked once, compared as encoded. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_NAME_H
#define TROTH_PKI_NAME_H

#include "base/cursor.h"

/* The next element, header included, which must be a Name that is not empty
 * (TROTH_ERR_MISSING). [RFC5280] 4.1.2.4 */
struct troth_span troth_name_read(struct troth_cursor *c, const char *field);

#endif
