/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor_head.h"

/* The least argument that needs 1, 2, 4, 8 bytes of its own. */
static const uint64_t least[] = {24, 1U << 8, 1U << 16, (uint64_t)1 << 32};

/* Its bytes are all there, and whether they are too many is another question. */
static bool is_well_formed(const struct troth_cbor_head *h)
{
    switch (h->info) {
    case TROTH_CBOR_ONE_BYTE:
        return h->major != TROTH_MAJOR_OTHER || h->argument >= 32;
    case 28:
    case 29:
    case 30:
        return false;
    case TROTH_CBOR_UNTIL_BREAK:
        return h->major >= TROTH_MAJOR_BYTES && h->major <= TROTH_MAJOR_MAP;
    default:
        return true;
    }
}

bool troth_cbor_take_long_head(struct troth_cbor *r, struct troth_cbor_head *h,
                               const char *field)
{
    const struct troth_span rest = {h->start + 1, (size_t)(r->c.end - h->start) - 1};
    const size_t width = h->info <= TROTH_CBOR_EIGHT_BYTES
                             ? (size_t)1 << (h->info - TROTH_CBOR_ONE_BYTE)
                             : 0;
    enum troth_err err = TROTH_OK;

    if (width > rest.len) {
        troth_cbor_fail_at(r, h->start, TROTH_ERR_SHORT, field);
        return false;
    }
    for (size_t i = 0; i < width; i++)
        h->argument = (i ? h->argument << 8 : 0) | rest.ptr[i];
    if (!is_well_formed(h))
        err = TROTH_ERR_VALUE;
    else if (width && h->major != TROTH_MAJOR_OTHER &&
             r->strictness == TROTH_CBOR_SHORTEST &&
             h->argument < least[h->info - TROTH_CBOR_ONE_BYTE])
        err = TROTH_ERR_ENCODING;
    if (err) {
        troth_cbor_fail_at(r, h->start, err, field);
        return false;
    }
    r->c.next = rest.ptr + width;
    return true;
}
