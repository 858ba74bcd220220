/* SPDX-License-Identifier: Apache-2.0 */
#include "prover/epoch.h"

#include <stdlib.h>

#include "base/span.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "pki/public_key.h"

enum { DIGEST = 32 };

static void release_piece(struct troth_piece *piece)
{
    troth_quote_release(&piece->quote);
    free((void *)piece->note.ptr);
    *piece = (struct troth_piece){.number = 0};
}

enum troth_err troth_epoch_begin(struct troth_epoch *epoch, uint64_t number,
                                 int64_t now_s, int64_t boot_s)
{
    struct troth_writer w = troth_writer_over(epoch->key, sizeof epoch->key);
    struct troth_span key;

    troth_epoch_end(epoch);

    enum troth_err err = troth_signer_generate(&epoch->signer);
    if (!err) {
        troth_spki_p256_write(&w, epoch->signer.key.point);
        err = troth_writer_finish(&w, &key);
    }
    if (err) {
        troth_epoch_end(epoch);
        return err;
    }
    epoch->key_len = key.len;
    epoch->begun_s = now_s;
    epoch->begun_boot_s = boot_s;
    epoch->number = number;
    return TROTH_OK;
}

void troth_epoch_end(struct troth_epoch *epoch)
{
    for (size_t i = 0; i < TROTH_PROVER_KEPT_MAX; i++)
        release_piece(&epoch->pieces[i]);
    troth_signer_destroy(&epoch->signer);
    troth_wipe(epoch, sizeof *epoch);
}

bool troth_epoch_is_over(const struct troth_epoch *epoch, int64_t length_s, int64_t now_s,
                         int64_t boot_s)
{
    return epoch->number == 0 || now_s < epoch->begun_s || boot_s < epoch->begun_boot_s ||
           now_s - epoch->begun_s >= length_s || boot_s - epoch->begun_boot_s >= length_s;
}

static bool is_among(const struct troth_piece *piece, struct troth_span held)
{
    const struct troth_span own = {piece->sha256, DIGEST};

    for (size_t at = 0; at < held.len; at += DIGEST)
        if (troth_span_equal(troth_span_slice(held, at, at + DIGEST), own))
            return true;
    return false;
}

const struct troth_piece *troth_epoch_find_held(const struct troth_epoch *epoch,
                                                struct troth_span held)
{
    for (size_t i = 0; i < TROTH_PROVER_KEPT_MAX; i++)
        if (epoch->pieces[i].number && is_among(&epoch->pieces[i], held))
            return &epoch->pieces[i];
    return NULL;
}

const struct troth_piece *troth_epoch_find_note(const struct troth_epoch *epoch,
                                                struct troth_span note)
{
    for (size_t i = 0; note.len && i < TROTH_PROVER_KEPT_MAX; i++)
        if (epoch->pieces[i].number && troth_span_equal(epoch->pieces[i].note, note))
            return &epoch->pieces[i];
    return NULL;
}

struct troth_piece *troth_epoch_make_room(struct troth_epoch *epoch,
                                          struct troth_span note)
{
    const struct troth_piece *stays = troth_epoch_find_note(epoch, note);
    struct troth_piece *oldest = NULL;

    for (size_t i = 0; i < TROTH_PROVER_KEPT_MAX; i++) {
        struct troth_piece *piece = &epoch->pieces[i];

        if (piece != stays && (!oldest || piece->number < oldest->number))
            oldest = piece;
    }
    release_piece(oldest);
    oldest->number = ++epoch->made;
    return oldest;
}
