/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/prover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "channel/commitment.h"
#include "os/clock.h"
#include "prover/epoch.h"
#include "prover/mint.h"

enum { ROLES = 2, SIGNATURE = 64 };

struct troth_prover {
    struct troth_prover_options options;
    uint64_t epochs;           /* begun so far */
    struct troth_epoch *roles; /* ROLES of them */
    uint8_t note[TROTH_PROOF_CHECKPOINT_MAX];
    size_t note_len;
    int64_t note_boot_s;       /* when it was set, by the clock that nobody sets */
    struct troth_quote strict; /* the last one: its proof borrows it */
};

/* None where the last one is as old as an epoch: peers would find it stale before long,
 * and refuse what a nonce would have served them. */
static struct troth_span own_note(const struct troth_prover *prover)
{
    if (troth_clock_boot_s() - prover->note_boot_s >= prover->options.epoch_s)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){prover->note, prover->note_len};
}

static struct troth_epoch *epoch_of(const struct troth_prover *prover,
                                    enum troth_role role)
{
    return &prover->roles[role == TROTH_SERVER];
}

static bool is_over(const struct troth_prover *prover, const struct troth_epoch *epoch,
                    int64_t now_s)
{
    return troth_epoch_is_over(epoch, prover->options.epoch_s, now_s,
                               troth_clock_boot_s());
}

static bool is_a_request(const struct troth_proof_request *request)
{
    if (request->role != TROTH_CLIENT && request->role != TROTH_SERVER)
        return false;
    switch (request->level) {
    case TROTH_LEVEL_EPOCH:
        return request->challenge.len == TROTH_CHALLENGE_SIZE &&
               request->held.len % 32 == 0 &&
               request->held.len <= (size_t)TROTH_HELD_MAX * 32;
    case TROTH_LEVEL_STRICT:
        return request->binding.len == TROTH_BINDING_SIZE;
    case TROTH_LEVEL_NONE:
    case TROTH_LEVEL_COUNT:
        break;
    }
    return false;
}

/* What this epoch has already and the peer takes. */
static const struct troth_piece *find_piece(const struct troth_prover *prover,
                                            const struct troth_epoch *epoch,
                                            const struct troth_proof_request *request)
{
    const struct troth_piece *piece = troth_epoch_find_held(epoch, request->held);

    if (!piece && request->takes_checkpoint)
        piece = troth_epoch_find_note(epoch, own_note(prover));
    return piece;
}

/* A proof that says all of it but its evidence. */
static struct troth_proof proof_of_epoch(const struct troth_epoch *epoch)
{
    return (struct troth_proof){
        .level = TROTH_LEVEL_EPOCH,
        .key = {epoch->key, epoch->key_len},
        .epoch_s = (uint64_t)epoch->begun_s,
    };
}

static struct troth_proof proof_of_piece(const struct troth_epoch *epoch,
                                         const struct troth_piece *piece,
                                         struct troth_span held)
{
    struct troth_proof proof = proof_of_epoch(epoch);

    proof.is_held = troth_epoch_find_held(epoch, held) == piece;
    proof.evidence = piece->quote.evidence;
    proof.collateral = piece->quote.collateral;
    memcpy(proof.evidence_sha256, piece->sha256, sizeof piece->sha256);
    if (piece->note.len)
        proof.checkpoint = piece->note;
    else
        proof.nonce = (struct troth_span){piece->nonce, sizeof piece->nonce};
    return proof;
}

static enum troth_err begin_epoch(struct troth_prover *prover, struct troth_proof *out,
                                  struct troth_mint *mint, int64_t now_s,
                                  const struct troth_proof_request *request)
{
    struct troth_epoch *epoch = epoch_of(prover, request->role);
    const struct troth_span note = own_note(prover);
    const struct troth_piece *piece;
    struct troth_proof proof;

    if (is_over(prover, epoch, now_s)) {
        enum troth_err err = troth_epoch_begin(epoch, ++prover->epochs, now_s,
                                               troth_clock_boot_s());
        if (err)
            return err;
    }
    piece = find_piece(prover, epoch, request);
    if (piece) {
        *out = proof_of_piece(epoch, piece, request->held);
        return TROTH_OK;
    }
    mint->epoch = epoch->number;
    proof = proof_of_epoch(epoch);
    if (request->takes_checkpoint && note.len) {
        mint->note_len = note.len;
        memcpy(mint->note, note.ptr, note.len);
        proof.checkpoint = note;
    } else {
        memcpy(mint->nonce, request->challenge.ptr, sizeof mint->nonce);
        proof.nonce = request->challenge;
    }
    return troth_key_commitment_compute(mint->report_data, prover->options.crypto,
                                        request->role, &proof);
}

enum troth_err troth_prover_begin(struct troth_prover *prover,
                                  struct troth_proof *out_proof,
                                  struct troth_mint *out_mint, int64_t now_s,
                                  const struct troth_proof_request *request)
{
    enum troth_err err = TROTH_OK;

    *out_proof = (struct troth_proof){.level = TROTH_LEVEL_NONE};
    *out_mint = (struct troth_mint){.role = request->role, .level = request->level};
    if (now_s < 0 || !is_a_request(request))
        err = TROTH_ERR_VALUE;
    else if (request->level == TROTH_LEVEL_EPOCH)
        err = begin_epoch(prover, out_proof, out_mint, now_s, request);
    else
        memcpy(out_mint->report_data, request->binding.ptr, TROTH_BINDING_SIZE);
    if (err)
        *out_mint = (struct troth_mint){.level = TROTH_LEVEL_NONE};
    return err;
}

bool troth_mint_is_shared(const struct troth_mint *a, const struct troth_mint *b)
{
    return a->note_len && b->note_len && a->role == b->role && a->epoch == b->epoch &&
           troth_span_equal((struct troth_span){a->report_data, TROTH_BINDING_SIZE},
                            (struct troth_span){b->report_data, TROTH_BINDING_SIZE});
}

static enum troth_err keep(struct troth_prover *prover, struct troth_proof *out,
                           const struct troth_mint *mint, struct troth_quote *quote)
{
    struct troth_epoch *epoch = epoch_of(prover, mint->role);
    uint8_t *note = NULL;
    uint8_t sha256[32];
    struct troth_piece *piece;
    enum troth_err err = troth_digest(prover->options.crypto, sha256, TROTH_SHA256,
                                      quote->evidence);

    if (!err && epoch->number != mint->epoch)
        err = TROTH_ERR_KEY;
    if (!err && mint->note_len && !(note = malloc(mint->note_len)))
        err = TROTH_ERR_MEMORY;
    if (err)
        return err;
    piece = troth_epoch_make_room(epoch, own_note(prover));
    piece->quote = *quote;
    *quote = (struct troth_quote){.evidence = {NULL, 0}};
    memcpy(piece->sha256, sha256, sizeof sha256);
    memcpy(piece->nonce, mint->nonce, sizeof mint->nonce);
    if (note)
        memcpy(note, mint->note, mint->note_len);
    piece->note = (struct troth_span){note, mint->note_len};
    *out = proof_of_piece(epoch, piece, (struct troth_span){NULL, 0});
    return TROTH_OK;
}

static bool fits_a_proof(const struct troth_quote *quote)
{
    return quote->evidence.len && quote->evidence.len <= TROTH_PROOF_EVIDENCE_MAX &&
           quote->collateral.len <= TROTH_PROOF_COLLATERAL_MAX;
}

enum troth_err troth_prover_finish(struct troth_prover *prover,
                                   struct troth_proof *out_proof,
                                   const struct troth_mint *mint,
                                   struct troth_quote *quote)
{
    enum troth_err err = fits_a_proof(quote) ? TROTH_OK : TROTH_ERR_LIMIT;

    *out_proof = (struct troth_proof){.level = TROTH_LEVEL_NONE};
    if (!err && mint->level == TROTH_LEVEL_EPOCH)
        err = keep(prover, out_proof, mint, quote);
    else if (!err) {
        troth_quote_release(&prover->strict);
        prover->strict = *quote;
        *quote = (struct troth_quote){.evidence = {NULL, 0}};
        *out_proof = (struct troth_proof){.level = TROTH_LEVEL_STRICT,
                                          .evidence = prover->strict.evidence,
                                          .collateral = prover->strict.collateral};
    }
    troth_quote_release(quote);
    return err;
}

/* ---- what the header has ---- */

enum troth_err troth_prover_create(struct troth_prover **out,
                                   const struct troth_prover_options *options)
{
    struct troth_prover *prover = calloc(1, sizeof *prover);

    *out = NULL;
    if (!prover)
        return TROTH_ERR_MEMORY;
    prover->options = *options;
    if (prover->options.epoch_s <= 0)
        prover->options.epoch_s = TROTH_PROVER_EPOCH_S;
    if (prover->options.timeout_ms <= 0)
        prover->options.timeout_ms = TROTH_PROVER_TIMEOUT_MS;
    prover->roles = calloc(ROLES, sizeof *prover->roles);
    if (!prover->roles) {
        free(prover);
        return TROTH_ERR_MEMORY;
    }
    *out = prover;
    return TROTH_OK;
}

void troth_prover_destroy(struct troth_prover *prover)
{
    if (!prover)
        return;
    for (size_t i = 0; i < ROLES; i++)
        troth_epoch_end(&prover->roles[i]);
    troth_quote_release(&prover->strict);
    free(prover->roles);
    free(prover);
}

enum troth_err troth_prover_set_checkpoint(struct troth_prover *prover,
                                           struct troth_span note)
{
    if (note.len > sizeof prover->note)
        return TROTH_ERR_LIMIT;
    if (note.len)
        memcpy(prover->note, note.ptr, note.len);
    prover->note_len = note.len;
    prover->note_boot_s = troth_clock_boot_s();
    return TROTH_OK;
}

bool troth_prover_needs_device(const struct troth_prover *prover, int64_t now_s,
                               const struct troth_proof_request *request)
{
    const struct troth_epoch *epoch;

    if (!is_a_request(request))
        return false;
    if (request->level == TROTH_LEVEL_STRICT)
        return true;
    epoch = epoch_of(prover, request->role);
    return is_over(prover, epoch, now_s) || !find_piece(prover, epoch, request);
}

static enum troth_err too_long(struct troth_attester_fault *fault)
{
    *fault = (struct troth_attester_fault){.error = EFBIG, .step = "take evidence"};
    return TROTH_ERR_UNSUPPORTED;
}

enum troth_err troth_prover_prove(struct troth_prover *prover, struct troth_proof *out,
                                  struct troth_attester_fault *fault, int64_t now_s,
                                  const struct troth_proof_request *request)
{
    struct troth_attester_fault unread;
    struct troth_quote quote = {.evidence = {NULL, 0}};
    struct troth_mint mint;
    enum troth_err err = troth_prover_begin(prover, out, &mint, now_s, request);

    if (!fault)
        fault = &unread;
    *fault = (struct troth_attester_fault){.error = 0};
    if (err || out->level != TROTH_LEVEL_NONE)
        return err;
    if (!troth_attester_quote(prover->options.attester, &quote, fault, mint.report_data,
                              prover->options.timeout_ms))
        return TROTH_ERR_UNSUPPORTED;
    err = troth_prover_finish(prover, out, &mint, &quote);
    return err == TROTH_ERR_LIMIT ? too_long(fault) : err;
}

enum troth_err troth_prover_sign(struct troth_prover *prover, uint8_t out[static 64],
                                 enum troth_role role, struct troth_span key,
                                 struct troth_span binding)
{
    uint8_t signature[TROTH_SIGNATURE_MAX];
    const struct troth_epoch *epoch;
    size_t len = 0;
    enum troth_err err;

    memset(out, 0, SIGNATURE);
    if ((role != TROTH_CLIENT && role != TROTH_SERVER) ||
        binding.len != TROTH_BINDING_SIZE)
        return TROTH_ERR_VALUE;
    epoch = epoch_of(prover, role);
    /* The caller's clock had its say when the proof was made, not long ago. */
    if (is_over(prover, epoch, epoch->begun_s) ||
        !troth_span_equal(key, (struct troth_span){epoch->key, epoch->key_len}))
        return TROTH_ERR_KEY;
    err = epoch->signer.sign(epoch->signer.state, signature, &len, binding);
    if (!err)
        memcpy(out, signature, SIGNATURE);
    return err;
}
