/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/supplement.h"

#include <stdio.h>
#include <string.h>

#include "base/writer.h"
#include "cli/status.h"

/* Somebody waits for a verdict, not for a service. */
enum { TIMEOUT_S = 10, TURN_MS = 10000 };
static const struct troth_retry once = {1, 0, 0};

void troth_supplement_begin(struct troth_supplement *supplement,
                            struct troth_order *order, const struct troth_crypto *crypto)
{
    struct troth_supply_options options = order->supply;
    struct troth_supply *supply = &supplement->supply;
    struct troth_gathered *gathered = &supplement->gathered;
    struct troth_inputs *in = &order->inputs;
    struct troth_fault unused;

    options.timeout_s = TIMEOUT_S;
    options.offline = options.offline || order->clock.kind != TROTH_CLOCK_NOW;
    /* The evidence's own time is not known before it is judged. */
    if (order->clock.kind == TROTH_CLOCK_DOCUMENT)
        return;
    troth_supply_begin(supply, &options, in, crypto);
    supply->gatherer.at_s = order->clock.at_s;
    supply->fetcher.retry = once;
    supply->fetcher.turn_ms = TURN_MS;
    memcpy(gathered->items, in->items, in->item_count * sizeof *in->items);
    gathered->item_count = in->item_count;
    /* What the evidence has wrong is for the verification to say. */
    if (troth_gather(gathered, &unused, &supply->gatherer, in->evidence) == TROTH_OK) {
        memcpy(in->items, gathered->items,
               gathered->item_count * sizeof *gathered->items);
        in->item_count = gathered->item_count;
    }
    troth_progress_tell(&supply->progress, NULL);
}

void troth_supplement_end(struct troth_supplement *supplement)
{
    troth_supply_end(&supplement->supply);
    troth_gathered_release(&supplement->gathered);
}

void troth_supplement_tell(const struct troth_supplement *supplement)
{
    const struct troth_pieces *pieces = &supplement->gathered.pieces;
    char text[TROTH_FETCH_WHY_ROOM + 256], remedy[TROTH_STORE_PATH_ROOM + 64];

    for (size_t i = 0; i < pieces->count; i++) {
        const struct troth_piece *piece = &pieces->rows[i];

        if (piece->state == TROTH_PIECE_MISSING || !piece->why[0])
            continue;
        (void)snprintf(text, sizeof text, "%s: %s: %s", piece->need.about,
                       troth_piece_state_name(piece->state), piece->why);
        troth_say("note", text);
        troth_supply_remedy(remedy, sizeof remedy, &supplement->supply, piece);
        if (remedy[0])
            troth_say("hint", remedy);
    }
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-_./:=@%+,", c));
}

/* One more word, quoted where a shell would take it for something else. */
static void add_word(struct troth_writer *w, const char *word)
{
    bool plain = *word != '\0';

    for (const char *c = word; *c; c++)
        plain = plain && is_plain(*c);
    troth_write_text(w, plain ? " " : " '");
    for (const char *c = word; *c; c++)
        if (*c == '\'')
            troth_write_text(w, "'\\''");
        else
            troth_write_u8(w, (uint8_t)*c);
    troth_write_text(w, plain ? "" : "'");
}

static void add_option(struct troth_writer *w, const char *option, const char *value)
{
    if (!value)
        return;
    add_word(w, option);
    add_word(w, value);
}

void troth_supplement_command(char out[static TROTH_COMMAND_ROOM],
                              const struct troth_order *order, const char *file)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, TROTH_COMMAND_ROOM - 1);

    troth_write_text(&w, "troth collateral get");
    add_option(&w, "--pccs", order->supply.pccs);
    add_option(&w, "--kds", order->supply.kds);
    add_option(&w, "--ca", order->supply.ca);
    add_option(&w, "--cache", order->supply.cache);
    for (size_t i = 0; i < order->roots.count; i++)
        add_option(&w, "--root", order->roots.rows[i]);
    if (*file == '-' && file[1])
        add_word(&w, "--");
    add_word(&w, file);
    out[w.len] = '\0';
    /* Half a command would be another one. */
    if (w.full)
        (void)snprintf(out, TROTH_COMMAND_ROOM, "troth collateral get FILE");
}
