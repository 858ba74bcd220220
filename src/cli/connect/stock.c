/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/stock.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "os/clock.h"

/* Somebody waits for a connection, not for a service. */
enum { TIMEOUT_S = 10, TURN_MS = 10000 };
static const struct troth_retry once = {1, 0, 0};

/* Vendors publish anew well before the end. */
enum { DAY_S = 86400 };

/* ---- lists ---- */

static struct troth_piece *find(const struct troth_pieces *pieces, const char *name)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (strcmp(pieces->rows[i].need.name, name) == 0)
            return &pieces->rows[i];
    return NULL;
}

static void note(struct troth_pieces *wanted, const struct troth_need *need)
{
    struct troth_piece *piece;

    if (find(wanted, need->name))
        return;
    piece = troth_pieces_add(wanted);
    if (piece && !troth_piece_take_need(piece, need))
        wanted->count--;
}

void troth_stock_note(struct troth_pieces *wanted, const struct troth_needs *needs)
{
    for (size_t i = 0; needs && i < needs->count; i++)
        if (!needs->rows[i].is_met)
            note(wanted, &needs->rows[i]);
}

void troth_stock_note_all(struct troth_pieces *wanted, const struct troth_stock *stock)
{
    for (size_t i = 0; i < stock->pieces.count; i++)
        note(wanted, &stock->pieces.rows[i].need);
}

/* ---- fetching ---- */

static struct troth_span file_of(const struct troth_piece *piece)
{
    return (struct troth_span){piece->entry.file.bytes, piece->entry.file.len};
}

static void read_piece(struct troth_piece *piece, struct troth_collateral_item *items,
                       size_t *count)
{
    const struct troth_span file = file_of(piece);
    struct troth_fault unused;
    struct troth_arena arena = {NULL, TROTH_COLLATERAL_ROOM(file.len), 0};

    free(piece->memory);
    piece->memory = arena.base = malloc(arena.size);
    if (!arena.base || troth_collateral_read(items, count, &unused, file, &arena))
        piece->holds = false;
}

/* Items of all that hold, behind those that are there. */
static size_t read_pieces(struct troth_pieces *pieces,
                          struct troth_collateral_item *items, size_t count)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->rows[i].holds)
            read_piece(&pieces->rows[i], items, &count);
    return count;
}

/* The certificate of a chip rests on its issuer's, which comes first. */
static void fetch(const struct troth_gatherer *gatherer, struct troth_pieces *wanted,
                  bool chips)
{
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    struct troth_collateral beside = {items, 0};

    if (chips)
        beside.count = read_pieces(wanted, items, 0);
    for (size_t i = 0; i < wanted->count; i++) {
        struct troth_piece *piece = &wanted->rows[i];

        if ((piece->need.kind == TROTH_NEED_VCEK) != chips)
            continue;
        troth_piece_find(piece, gatherer);
        troth_piece_renew(piece, gatherer, &beside);
    }
}

void troth_stock_fetch(struct troth_stock *stock, struct troth_pieces *wanted,
                       bool is_renewal)
{
    struct troth_gatherer *gatherer = &stock->supply.gatherer;

    gatherer->at_s = troth_clock_now_s();
    gatherer->asks_eagerly = is_renewal;
    gatherer->within_s = is_renewal ? DAY_S : 0;
    stock->supply.fetcher.unreachable = 0;
    fetch(gatherer, wanted, false);
    fetch(gatherer, wanted, true);
    troth_progress_tell(&stock->supply.progress, NULL);
}

/* ---- taking ---- */

static void release(struct troth_piece *piece)
{
    struct troth_pieces one = {malloc(sizeof *piece), 1};

    if (!one.rows)
        return;
    *one.rows = *piece;
    troth_pieces_release(&one);
}

/* True: it is another than was there. */
static bool take(struct troth_stock *stock, struct troth_piece *piece)
{
    struct troth_piece *place = find(&stock->pieces, piece->need.name);

    if (place && place->holds && troth_span_equal(file_of(place), file_of(piece)))
        return false;
    if (!place)
        place = troth_pieces_add(&stock->pieces);
    else
        release(place);
    if (!place)
        return false;
    *place = *piece;
    *piece = (struct troth_piece){.state = TROTH_PIECE_MISSING};
    return true;
}

/* All anew, parsed once for all who are judged by it. What cannot be parsed is left for
 * the judge to say so. */
static bool show(struct troth_stock *stock)
{
    struct troth_collateral_item *items = calloc(TROTH_COLLATERAL_MAX, sizeof *items);
    struct troth_arena arena = {malloc(TROTH_PREPARE_ARENA_SIZE),
                                TROTH_PREPARE_ARENA_SIZE, 0};
    const struct troth_inputs *inputs = stock->inputs;
    size_t count = inputs->item_count;

    free(stock->items);
    free(stock->parsed);
    stock->items = items;
    stock->parsed = arena.base;
    stock->collateral = (struct troth_collateral){inputs->items, count};
    if (!items || !arena.base)
        return false;
    memcpy(items, inputs->items, count * sizeof *items);
    count = read_pieces(&stock->pieces, items, count);
    (void)!troth_collateral_prepare(items, count, NULL, NULL, stock->crypto, &arena);
    stock->collateral = (struct troth_collateral){items, count};
    return true;
}

bool troth_stock_take(struct troth_stock *stock, struct troth_pieces *wanted,
                      void (*tell)(const char *about, const char *state, const char *why))
{
    bool is_new = false;

    for (size_t i = 0; i < wanted->count; i++) {
        struct troth_piece *piece = &wanted->rows[i];

        if (!piece->holds && !piece->need.is_optional && piece->why[0] && tell)
            tell(piece->need.about, troth_piece_state_name(piece->state), piece->why);
        if (piece->holds)
            is_new |= take(stock, piece);
    }
    troth_pieces_release(wanted);
    /* Without memory for it what was given remains: nothing that was freed does. */
    if (is_new)
        (void)show(stock);
    return is_new;
}

int64_t troth_stock_due_s(const struct troth_stock *stock)
{
    int64_t due_s = INT64_MAX;

    for (size_t i = 0; i < stock->pieces.count; i++)
        if (stock->pieces.rows[i].entry.facts.expires_s - DAY_S < due_s)
            due_s = stock->pieces.rows[i].entry.facts.expires_s - DAY_S;
    return due_s;
}

bool troth_stock_begin(struct troth_stock *stock, const struct troth_order *order,
                       const struct troth_crypto *crypto)
{
    struct troth_supply_options options = order->supply;

    *stock = (struct troth_stock){.inputs = &order->inputs, .crypto = crypto};
    options.timeout_s = TIMEOUT_S;
    troth_supply_begin(&stock->supply, &options, &order->inputs, crypto);
    stock->supply.fetcher.retry = once;
    stock->supply.fetcher.turn_ms = TURN_MS;
    return show(stock);
}

void troth_stock_end(struct troth_stock *stock)
{
    troth_supply_end(&stock->supply);
    troth_pieces_release(&stock->pieces);
    free(stock->items);
    free(stock->parsed);
    *stock = (struct troth_stock){.inputs = NULL};
}
