/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/version.h"

/* Without a default: a build that forgets to say which version it makes must not pass. */
const char *troth_version(void)
{
    return TROTH_VERSION;
}
