/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

const struct troth_crypto *troth_provider_nettle(void)
{
    return NULL;
}
