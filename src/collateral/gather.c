/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/gather.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an answer tells can bring up new needs; no family goes further than twice. */
enum { ROUNDS = 3 };

static bool is_known(const struct troth_pieces *pieces, const char *name)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (strcmp(pieces->rows[i].need.name, name) == 0)
            return true;
    return false;
}

/* Can they be read to the last field? Tried on a copy, which nobody keeps. */
static bool are_sound(struct troth_fault *fault, const struct troth_crypto *crypto,
                      const struct troth_collateral_item *items, size_t count)
{
    struct troth_collateral_item copies[TROTH_COLLATERAL_MAX];
    struct troth_arena arena = {malloc(TROTH_PREPARE_ARENA_SIZE),
                                TROTH_PREPARE_ARENA_SIZE, 0};
    bool sound;

    for (size_t i = 0; i < count; i++)
        copies[i] = items[i];
    sound = arena.base &&
            !troth_collateral_prepare(copies, count, NULL, fault, crypto, &arena);
    free(arena.base);
    return sound;
}

/* The items of a piece go behind those that are there. A piece that cannot be read is
 * damaged, and gives none. */
static void add_items(struct troth_gathered *g, const struct troth_gatherer *gatherer,
                      struct troth_piece *piece)
{
    struct troth_span file = {piece->entry.file.bytes, piece->entry.file.len};
    struct troth_arena arena = {malloc(TROTH_COLLATERAL_ROOM(file.len)),
                                TROTH_COLLATERAL_ROOM(file.len), 0};
    struct troth_fault fault = {TROTH_ERR_MEMORY, NULL, 0};

    piece->memory = arena.base;
    piece->first_item = g->item_count;
    if (arena.base &&
        !troth_collateral_read(g->items, &g->item_count, &fault, file, &arena) &&
        are_sound(&fault, gatherer->crypto, g->items + piece->first_item,
                  g->item_count - piece->first_item)) {
        piece->item_count = g->item_count - piece->first_item;
        return;
    }
    g->item_count = piece->first_item;
    piece->state = TROTH_PIECE_DAMAGED;
    piece->holds = false;
    (void)snprintf(piece->why, sizeof piece->why, "%s%s%s",
                   fault.field ? fault.field : "", fault.field ? ": " : "",
                   troth_err_text(fault.err));
}

static enum troth_err take_need(struct troth_gathered *g,
                                const struct troth_gatherer *gatherer,
                                const struct troth_need *need)
{
    struct troth_piece *piece = troth_pieces_add(&g->pieces);

    if (!piece || !troth_piece_take_need(piece, need)) {
        g->pieces.count -= piece != NULL;
        return TROTH_ERR_MEMORY;
    }
    if (need->is_met)
        piece->state = TROTH_PIECE_GIVEN;
    else
        troth_piece_find(piece, gatherer);
    return TROTH_OK;
}

/* A certificate of a chip may rest on an issuer that nothing else vouches for, so that is
 * fetched before it. */
static void renew(struct troth_gathered *g, const struct troth_gatherer *gatherer,
                  size_t from, bool chips)
{
    for (size_t i = from; i < g->pieces.count; i++) {
        struct troth_piece *piece = &g->pieces.rows[i];
        const struct troth_collateral beside = {g->items, chips ? g->item_count : 0};

        if ((piece->need.kind == TROTH_NEED_VCEK) != chips)
            continue;
        troth_piece_renew(piece, gatherer, &beside);
        if (piece->holds)
            add_items(g, gatherer, piece);
    }
}

/* Needs that were not known before; `arena` is all of one round. */
static enum troth_err run_round(struct troth_gathered *g, struct troth_fault *fault,
                                const struct troth_gatherer *gatherer,
                                struct troth_span evidence, struct troth_arena *arena)
{
    const struct troth_collateral at_hand = {g->items, g->item_count};
    size_t before = g->pieces.count;
    struct troth_needs needs;
    enum troth_err err = troth_needs(&needs, fault, evidence, &at_hand, gatherer->crypto,
                                     arena);

    for (size_t i = 0; i < needs.count && !err; i++)
        if (!is_known(&g->pieces, needs.rows[i].name))
            err = take_need(g, gatherer, &needs.rows[i]);
    if (err)
        return err;
    renew(g, gatherer, before, false);
    renew(g, gatherer, before, true);
    return TROTH_OK;
}

enum troth_err troth_gather(struct troth_gathered *out, struct troth_fault *fault,
                            const struct troth_gatherer *gatherer,
                            struct troth_span evidence)
{
    uint8_t *memory = malloc(TROTH_VERIFY_ARENA_SIZE);
    enum troth_err err = memory ? TROTH_OK : TROTH_ERR_MEMORY;
    bool grew = true;

    *fault = (struct troth_fault){err, NULL, 0};
    for (int i = 0; i < ROUNDS && grew && !err; i++) {
        struct troth_arena arena = {memory, TROTH_VERIFY_ARENA_SIZE, 0};
        size_t before = out->item_count;

        err = run_round(out, fault, gatherer, evidence, &arena);
        grew = out->item_count > before;
    }
    free(memory);
    if (err && !fault->err)
        fault->err = err;
    return err;
}

void troth_gathered_release(struct troth_gathered *gathered)
{
    troth_pieces_release(&gathered->pieces);
    gathered->item_count = 0;
}

/* As troth_gather()'s take_need(), of a name in the cache. */
static bool take_name(struct troth_pieces *out, const struct troth_gatherer *gatherer,
                      const char *name)
{
    struct troth_piece *piece = troth_pieces_add(out);
    struct troth_kept_fault fault = {0, NULL};
    const struct troth_collateral none = {NULL, 0};
    const struct troth_need unknown = {.name = name, .about = name, .path = ""};
    enum troth_kept_result found;

    if (!piece || !troth_piece_take_need(piece, &unknown)) {
        out->count -= piece != NULL;
        return false;
    }
    found = troth_kept_find(&piece->entry, &fault, gatherer->kept, name);
    if (found != TROTH_KEPT_DONE) {
        piece->state = TROTH_PIECE_DAMAGED;
        (void)snprintf(piece->why, sizeof piece->why, "%s",
                       fault.why
                           ? fault.why
                           : strerror(fault.error)); /* NOLINT(concurrency-mt-unsafe) */
        return true;
    }
    free(piece->texts);
    piece->texts = NULL;
    piece->state = TROTH_PIECE_KEPT;
    piece->update = piece->entry.facts.update;
    piece->holds = troth_entry_covers(&piece->entry, gatherer->at_s);
    if (!troth_piece_take_need(piece, &piece->entry.facts.need))
        return false;
    troth_piece_renew(piece, gatherer, &none);
    /* Of many entries only what they say is held on to. */
    troth_file_release(&piece->entry.file);
    return true;
}

int troth_gather_cache(struct troth_pieces *out, const struct troth_gatherer *gatherer)
{
    struct troth_store_names names;
    int failed = troth_store_list(&names, &gatherer->kept->store, TROTH_KEPT_MAX);

    *out = (struct troth_pieces){NULL, 0};
    for (size_t i = 0; i < names.count && !failed; i++)
        failed = take_name(out, gatherer, names.rows[i]) ? 0 : ENOMEM;
    troth_store_names_release(&names);
    return failed;
}
