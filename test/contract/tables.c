/* SPDX-License-Identifier: Apache-2.0 */
#include "test/contract/tables.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
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

bool tables_can_verify(const struct troth_crypto *crypto,
                       enum troth_signature_algorithm algorithm)
{
    return !tables_is_partial(crypto) || algorithm == TROTH_ECDSA_P384_SHA384;
}

enum troth_err tables_verify(const struct troth_crypto *crypto,
                             enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_span message, struct troth_span signature)
{
    enum troth_err err = crypto->ops->verify(
        crypto->state, algorithm, key, (struct troth_parts){&message, 1}, signature);

    CHECK(ERR_peek_error() == 0);
    return err;
}
