/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/public_key.h"

#include "base/arena.h"
#include "base/span.h"
#include "codec/pem.h"
#include "pki/algorithm.h"
#include "troth/signer.h"

/* All that comes before the point, whose length it implies. */
#define P256_PREFIX                                                                      \
    TROTH_LITERAL("\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                 \
                  "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00")
enum { P256_POINT_SIZE = 65, UNCOMPRESSED = 0x04 };

enum troth_err troth_public_key_from_pem(struct troth_public_key *out,
                                         struct troth_span pem, struct troth_arena *arena)
{
    struct troth_pem_block block;
    struct troth_public_key key;
    struct troth_cursor c;
    enum troth_err err = troth_pem_next(&block, &pem, arena);

    *out = (struct troth_public_key){0};
    if (err)
        return err;
    if (!troth_span_is_text(block.label, "PUBLIC KEY"))
        return TROTH_ERR_KEY;
    c = troth_cursor_over(block.bytes);
    key = troth_key_read(&c, "key");
    err = troth_cursor_finish(&c, NULL);
    if (!err)
        *out = key;
    return err;
}

enum troth_err troth_spki_p256_parse(struct troth_public_key *out, struct troth_span der)
{
    const struct troth_span point = troth_span_slice(der, P256_PREFIX.len, der.len);

    *out = (struct troth_public_key){0};
    if (!troth_span_starts_with(der, P256_PREFIX) || point.len != P256_POINT_SIZE ||
        point.ptr[0] != UNCOMPRESSED)
        return TROTH_ERR_KEY;
    *out = (struct troth_public_key){.kind = TROTH_KEY_P256, .point = point};
    return TROTH_OK;
}

void troth_spki_p256_write(struct troth_writer *w, struct troth_span point)
{
    const bool is_point = point.len == P256_POINT_SIZE && point.ptr[0] == UNCOMPRESSED;

    w->full = w->full || !is_point;
    troth_write_bytes(w, P256_PREFIX);
    troth_write_bytes(w, point);
}
