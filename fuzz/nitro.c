/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a Nitro document: what is read lies inside, and says what it says. */
#include "evidence/nitro/nitro.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "evidence/claim_list.h"
#include "troth/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_inside(struct troth_span whole, struct troth_span part)
{
    require(part.len == 0 || (part.ptr >= whole.ptr && part.len <= whole.len &&
                              part.ptr + part.len <= whole.ptr + whole.len));
}

static void require_limits(const struct troth_nitro *d)
{
    require(d->module_id.len >= 1 && d->module_id.len <= TROTH_NITRO_MODULE_ID_MAX);
    require(d->timestamp_ms >= 1 && d->timestamp_ms <= INT64_MAX);
    require(d->bundle_count >= 1 && d->bundle_count <= TROTH_NITRO_BUNDLE_MAX);
    require(d->certificate.len >= 1);
    for (size_t i = 0; i < d->bundle_count; i++)
        require(d->bundle[i].len >= 1 && d->bundle[i].len <= TROTH_NITRO_CERTIFICATE_MAX);
    for (size_t i = 0; i < TROTH_NITRO_PCRS; i++)
        require(!d->pcrs[i].ptr || d->pcrs[i].len == TROTH_NITRO_DIGEST_SIZE);
}

static void require_sane(const struct troth_nitro *d, struct troth_span whole)
{
    const struct troth_span parts[] = {
        d->envelope.protected_raw,
        d->envelope.unprotected,
        d->envelope.signature,
        d->envelope.payload,
        d->module_id,
        d->digest,
        d->certificate,
        d->public_key,
        d->user_data,
        d->nonce,
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        require_inside(whole, parts[i]);
    for (size_t i = 0; i < d->bundle_count; i++)
        require_inside(d->envelope.payload, d->bundle[i]);
    for (size_t i = 0; i < TROTH_NITRO_PCRS; i++)
        require_inside(d->envelope.payload, d->pcrs[i]);
    require_limits(d);
}

/* A document that reads has claims, and they can be written. */
static void show(struct troth_span whole)
{
    static uint8_t memory[TROTH_VERIFY_ARENA_SIZE];
    static uint8_t json[256 * 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_showing showing;
    size_t len;

    require(troth_show_unverified(&showing, NULL, whole, &arena) == TROTH_OK);
    require(strcmp(showing.kind, "nitro") == 0 && showing.claims.count >= 12);
    require(troth_showing_to_json(json, sizeof json, &len, &showing) == TROTH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span whole = {data, size};
    struct troth_fault fault;
    struct troth_nitro d;
    enum troth_err err = troth_nitro_parse(&d, &fault, whole);

    require(err == fault.err && fault.offset <= size);
    if (err) {
        static const struct troth_nitro zero;

        require(!d.module_id.ptr && !d.envelope.payload.ptr && !d.certificate.ptr &&
                d.bundle_count == zero.bundle_count && d.timestamp_ms == 0);
        return 0;
    }
    require(troth_nitro_format.recognise(whole));
    require_sane(&d, whole);
    show(whole);
    return 0;
}
