/* name.h - distinguished names: checked once, compared as encoded. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_NAME_H
#define TROTH_PKI_NAME_H

#include "base/cursor.h"

struct troth_name {
    struct troth_span der;                       /* header included */
    struct troth_span common_name, organization; /* as troth_name_attribute() has them */
};

/* The next element, which must be a Name that is not empty (TROTH_ERR_MISSING).
 * [RFC5280] 4.1.2.4 */
struct troth_name troth_name_read(struct troth_cursor *c, const char *field);

#endif
