/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/piece.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *troth_piece_state_name(enum troth_piece_state state)
{
    static const char *const names[] = {
#define X(state, name, meaning) name,
        TROTH_PIECE_STATES(X)
#undef X
    };

    return names[state];
}

struct troth_piece *troth_pieces_add(struct troth_pieces *pieces)
{
    struct troth_piece *rows = realloc(pieces->rows, (pieces->count + 1) * sizeof *rows);

    if (!rows)
        return NULL;
    pieces->rows = rows;
    rows[pieces->count] = (struct troth_piece){.state = TROTH_PIECE_MISSING};
    return &rows[pieces->count++];
}

void troth_pieces_release(struct troth_pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++) {
        troth_entry_release(&pieces->rows[i].entry);
        free(pieces->rows[i].texts);
        free(pieces->rows[i].memory);
    }
    free(pieces->rows);
    *pieces = (struct troth_pieces){NULL, 0};
}

/* Copy a text to `*to` and move on; NULL stays NULL. */
static const char *copy(char **to, const char *text)
{
    const char *start = *to;
    size_t size = text ? strlen(text) + 1 : 0;

    if (!text)
        return NULL;
    memcpy(*to, text, size);
    *to += size;
    return start;
}

bool troth_piece_take_need(struct troth_piece *piece, const struct troth_need *need)
{
    size_t pccs_len = need->pccs_path ? strlen(need->pccs_path) : 0;
    char *to = malloc(strlen(need->name) + strlen(need->about) + strlen(need->path) +
                      pccs_len + 4);

    if (!to)
        return false;
    piece->texts = to;
    piece->need = *need;
    piece->need.name = copy(&to, need->name);
    piece->need.about = copy(&to, need->about);
    piece->need.path = copy(&to, need->path);
    piece->need.pccs_path = copy(&to, need->pccs_path);
    return true;
}

static void say(struct troth_piece *piece, const char *before, const char *what,
                const char *behind)
{
    (void)snprintf(piece->why, sizeof piece->why, "%s%s%s", before, what, behind);
}

static void say_failed(struct troth_piece *piece, const struct troth_gatherer *gatherer,
                       const char *what, int error)
{
    (void)snprintf(piece->why, sizeof piece->why, "%s '%.200s': %s", what,
                   gatherer->kept->store.folder,
                   strerror(error)); /* NOLINT(concurrency-mt-unsafe): one thread */
}

void troth_piece_find(struct troth_piece *piece, const struct troth_gatherer *gatherer)
{
    char name[TROTH_STORE_NAME_ROOM];
    struct troth_kept_fault fault;
    enum troth_kept_result found = TROTH_KEPT_ABSENT;

    piece->update = gatherer->update;
    if (gatherer->kept && troth_entry_name(name, &piece->need, gatherer->update))
        found = troth_kept_find(&piece->entry, &fault, gatherer->kept, name);
    piece->state = TROTH_PIECE_MISSING;
    if (found == TROTH_KEPT_DONE) {
        piece->holds = troth_entry_covers(&piece->entry, gatherer->at_s);
        piece->state = piece->holds ? TROTH_PIECE_KEPT : TROTH_PIECE_MISSING;
        if (!piece->holds)
            say(piece, "what the cache has does not hold at this time", "", "");
    } else if (found == TROTH_KEPT_DAMAGED) {
        piece->state = TROTH_PIECE_DAMAGED;
        say(piece, fault.why, "", "");
    } else if (found == TROTH_KEPT_FAILED) {
        piece->state = TROTH_PIECE_DAMAGED;
        say_failed(piece, gatherer, "cannot read", fault.error);
    }
}

static bool is_to_be_asked(const struct troth_piece *piece,
                           const struct troth_gatherer *gatherer)
{
    int64_t now_s = gatherer->at_s;

    if (!gatherer->fetcher || piece->state == TROTH_PIECE_GIVEN ||
        piece->state == TROTH_PIECE_DAMAGED)
        return false;
    if (!gatherer->asks_eagerly)
        return !piece->holds && !piece->need.is_optional;
    return !piece->holds || troth_entry_freshness(&piece->entry, now_s) != TROTH_FRESH ||
           piece->entry.facts.expires_s - now_s < gatherer->within_s;
}

/* Put what was fetched into the cache; unless it goes back it is used in any case. */
static void keep(struct troth_piece *piece, const struct troth_gatherer *gatherer,
                 struct troth_kept_entry *fetched)
{
    struct troth_kept_fault fault = {0, NULL};
    enum troth_kept_result put = TROTH_KEPT_DONE;

    piece->state = TROTH_PIECE_FETCHED;
    piece->why[0] = '\0';
    if (gatherer->kept)
        put = troth_kept_put(&fault, gatherer->kept, fetched);
    if (put == TROTH_KEPT_GOES_BACK) {
        piece->state = TROTH_PIECE_REFUSED;
        say(piece, "", fault.why,
            " is lower than what is already known: rolled back, or from a service that "
            "lags behind");
        troth_entry_release(fetched);
        return;
    }
    if (put == TROTH_KEPT_FAILED)
        say_failed(piece, gatherer, "cannot be kept in", fault.error);
    else if (put == TROTH_KEPT_DAMAGED)
        say(piece, "cannot be kept: what is in its place is ", fault.why, "");
    piece->is_not_kept = put != TROTH_KEPT_DONE || !gatherer->kept;
    troth_entry_release(&piece->entry);
    piece->entry = *fetched;
    piece->holds = true;
}

void troth_piece_renew(struct troth_piece *piece, const struct troth_gatherer *gatherer,
                       const struct troth_collateral *beside)
{
    struct troth_kept_entry fetched;
    enum troth_fetch_result result;

    if (!is_to_be_asked(piece, gatherer))
        return;
    result = troth_fetch(&fetched, piece->why, gatherer->fetcher, &piece->need,
                         piece->update, beside);
    if (result == TROTH_FETCH_DONE)
        keep(piece, gatherer, &fetched);
    else
        piece->state = result == TROTH_FETCH_REFUSED ? TROTH_PIECE_REFUSED
                                                     : TROTH_PIECE_UNAVAILABLE;
}

bool troth_piece_suffices(const struct troth_piece *piece)
{
    return piece->holds || piece->need.is_optional || piece->state == TROTH_PIECE_GIVEN;
}
