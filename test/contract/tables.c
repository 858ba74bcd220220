/* SPDX-License-Identifier: Apache-2.0 */
#include "test/contract/tables.h"

#include <stdlib.h>
#include <string.h>

#include "troth/provider.h"

void tables_create(struct tables *out)
{
    const struct troth_crypto *nettle = troth_provider_nettle();

    if (troth_provider_create(&out->crypto[0]) ||
        troth_provider_openssl_create(&out->crypto[1]))
        abort();
    out->count = 2;
    if (nettle)
        out->crypto[out->count++] = *nettle;
}

void tables_destroy(struct tables *tables)
{
    troth_provider_destroy(&tables->crypto[0]);
    troth_provider_openssl_destroy(&tables->crypto[1]);
    tables->count = 0;
}

bool tables_is_partial(const struct troth_crypto *crypto)
{
    return strcmp(crypto->ops->name, "nettle") == 0;
}
