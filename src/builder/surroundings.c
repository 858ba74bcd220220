/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/surroundings.h"

#include <stdlib.h>

const char *troth_builder_variable(const char *name)
{
    /* Nobody here changes it. */
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe) */

    return text && *text ? text : NULL;
}
