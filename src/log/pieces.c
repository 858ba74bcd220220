/* SPDX-License-Identifier: Apache-2.0 */
#include "log/pieces.h"

#include <errno.h>
#include <string.h>

#include "log/problem.h"

static int fail(struct troth_log_problem *problem, int failed, const char *what,
                const struct troth_tile *tile)
{
    char path[TROTH_TILE_PATH_ROOM];

    troth_tile_path(path, tile);
    return troth_log_problem_set(problem, failed, "%: %",
                                 (const char *const[3]){what, path, NULL});
}

static int read_piece(struct troth_file *out, struct troth_log_pieces *pieces,
                      struct troth_log_problem *problem, const struct troth_tile *tile)
{
    const struct troth_log_place *place = &pieces->place;
    int failed;

    *problem = (struct troth_log_problem){0};
    *out = (struct troth_file){NULL, 0};
    failed = place->tile(place->state, problem, out, tile);
    if (failed && !problem->failed)
        return fail(problem, failed, "a part of the log cannot be read", tile);
    return failed;
}

/* The row that has it, or else the one that was used longest ago. A tile only grows, so
 * a wider one has what a narrower one had. */
static struct troth_log_kept_tile *find_row(struct troth_log_pieces *pieces,
                                            const struct troth_tile *tile)
{
    struct troth_log_kept_tile *oldest = &pieces->tiles[0];

    for (size_t i = 0; i < TROTH_LOG_PIECES_TILES; i++) {
        struct troth_log_kept_tile *row = &pieces->tiles[i];

        if (row->tile.width > 0 && row->tile.level == tile->level &&
            row->tile.index == tile->index)
            return row;
        if (row->used < oldest->used)
            oldest = row;
    }
    oldest->tile.width = 0;
    return oldest;
}

int troth_log_pieces_tile(struct troth_span *out, struct troth_log_pieces *pieces,
                          struct troth_log_problem *problem,
                          const struct troth_tile *tile)
{
    const size_t wanted = (size_t)tile->width * TROTH_LOG_HASH_SIZE;
    struct troth_log_kept_tile *row = find_row(pieces, tile);
    struct troth_file file = {NULL, 0};
    int failed = 0;

    *out = (struct troth_span){NULL, 0};
    if (row->tile.width < tile->width) {
        failed = read_piece(&file, pieces, problem, tile);
        if (!failed && file.len != wanted)
            failed = fail(problem, EBADMSG, "a tile is not as long as it must be", tile);
        if (!failed) {
            memcpy(row->bytes, file.bytes, wanted);
            row->tile = *tile;
        }
        troth_file_release(&file);
    }
    if (failed)
        return failed;
    row->used = ++pieces->uses;
    *out = (struct troth_span){row->bytes, wanted};
    return 0;
}

static bool is_whole(struct troth_span bundle, unsigned width)
{
    struct troth_span entry;

    for (unsigned i = 0; i < width; i++)
        if (troth_tile_next_entry(&entry, &bundle))
            return false;
    return bundle.len == 0;
}

static int renew_bundle(struct troth_log_pieces *pieces,
                        struct troth_log_problem *problem, const struct troth_tile *tile)
{
    struct troth_file *bundle = &pieces->bundle;
    int failed;

    troth_log_pieces_forget_bundle(pieces);
    failed = read_piece(bundle, pieces, problem, tile);
    if (!failed &&
        !is_whole((struct troth_span){bundle->bytes, bundle->len}, tile->width))
        failed = fail(problem, EBADMSG, "a bundle of entries is not whole", tile);
    if (failed)
        troth_log_pieces_forget_bundle(pieces);
    else
        pieces->bundle_of = *tile;
    return failed;
}

int troth_log_pieces_bundle(struct troth_span *out, struct troth_log_pieces *pieces,
                            struct troth_log_problem *problem,
                            const struct troth_tile *tile)
{
    int failed = 0;

    *out = (struct troth_span){NULL, 0};
    if (pieces->bundle_of.width != tile->width || pieces->bundle_of.index != tile->index)
        failed = renew_bundle(pieces, problem, tile);
    if (!failed)
        *out = (struct troth_span){pieces->bundle.bytes, pieces->bundle.len};
    return failed;
}

void troth_log_pieces_forget(struct troth_log_pieces *pieces)
{
    for (size_t i = 0; i < TROTH_LOG_PIECES_TILES; i++) {
        pieces->tiles[i].tile.width = 0;
        pieces->tiles[i].used = 0;
    }
    troth_log_pieces_forget_bundle(pieces);
}

void troth_log_pieces_forget_bundle(struct troth_log_pieces *pieces)
{
    troth_file_release(&pieces->bundle);
    pieces->bundle_of.width = 0;
}
