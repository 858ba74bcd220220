/* SPDX-License-Identifier: Apache-2.0 */
#include "os/cause.h"

#include <stdio.h>
#include <string.h>

/* libevent's headers bring in another function of this name, which need not write what it
 * is given: hence a file without them. */
void troth_cause_text(char out[static TROTH_CAUSE_MAX], int error)
{
    if (strerror_r(error, out, TROTH_CAUSE_MAX) != 0)
        (void)snprintf(out, TROTH_CAUSE_MAX, "error %d", error);
}
