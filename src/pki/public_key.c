/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/span.h"
#include "codec/pem.h"
#include "pki/algorithm.h"
#include "troth/signer.h"

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
