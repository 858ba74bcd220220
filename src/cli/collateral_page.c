/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/collateral_page.h"

#include "base/instant.h"
#include "base/span.h"

/* Where what is said of a piece begins. */
enum { ABOUT = 13 };

static const char *const freshness[] = {
    [TROTH_EXPIRED] = "expired",
    [TROTH_STALE] = "stale",
    [TROTH_FRESH] = "fresh",
};

const char *troth_collateral_state(const struct troth_piece *piece, int64_t now_s)
{
    if (piece->state != TROTH_PIECE_KEPT)
        return troth_piece_state_name(piece->state);
    return freshness[troth_entry_freshness(&piece->entry, now_s)];
}

static enum troth_style style_of(const struct troth_piece *piece, int64_t now_s)
{
    switch (piece->state) {
    case TROTH_PIECE_GIVEN:
    case TROTH_PIECE_FETCHED:
        return TROTH_STYLE_GOOD;
    case TROTH_PIECE_KEPT:
        return troth_entry_freshness(&piece->entry, now_s) == TROTH_FRESH
                   ? TROTH_STYLE_GOOD
                   : TROTH_STYLE_OPEN;
    case TROTH_PIECE_REFUSED:
    case TROTH_PIECE_DAMAGED:
        return TROTH_STYLE_BAD;
    case TROTH_PIECE_MISSING:
    case TROTH_PIECE_UNAVAILABLE:
        return TROTH_STYLE_OPEN;
    }
    return TROTH_STYLE_OPEN;
}

static bool has_entry(const struct troth_piece *piece)
{
    return piece->entry.texts != NULL;
}

/* The address that would be asked; empty where nobody would be. */
static const char *address_of(char url[static TROTH_URL_ROOM],
                              const struct troth_piece *piece,
                              const struct troth_services *services)
{
    url[0] = '\0';
    if (has_entry(piece))
        return piece->entry.facts.source;
    if (piece->state != TROTH_PIECE_GIVEN && *piece->need.path)
        (void)troth_services_url(url, services, &piece->need, piece->update);
    return url;
}

static void say(struct troth_page *page, const char *text)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
}

static void print_instant(struct troth_page *page, int64_t instant_s)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&w, instant_s);
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
}

static void print_facts(struct troth_page *page, const struct troth_entry_facts *facts)
{
    uint8_t text[24];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    say(page, ": until ");
    print_instant(page, facts->expires_s);
    if (!facts->has_evaluation_number)
        return;
    say(page, ", evaluation number ");
    troth_write_decimal(&w, facts->evaluation_number);
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
}

static void print_source(struct troth_page *page, const struct troth_piece *piece,
                         const struct troth_services *services)
{
    char room[TROTH_URL_ROOM];
    const char *url = address_of(room, piece, services);

    if (!*url)
        return;
    troth_page_column(page, ABOUT);
    say(page, "from ");
    say(page, url);
    if (has_entry(piece)) {
        say(page, ", ");
        print_instant(page, piece->entry.facts.fetched_s);
    }
    troth_page_end_line(page);
}

static void print_piece(struct troth_page *page, const struct troth_piece *piece,
                        int64_t now_s)
{
    troth_page_say(page, style_of(piece, now_s), troth_collateral_state(piece, now_s));
    troth_page_column(page, ABOUT);
    say(page, piece->need.about);
    if (piece->update == TROTH_UPDATE_EARLY && piece->need.takes_update)
        say(page, " (early)");
    if (piece->need.is_optional && !piece->holds)
        say(page, " (optional)");
    if (has_entry(piece))
        print_facts(page, &piece->entry.facts);
    if (piece->why[0]) {
        say(page, has_entry(piece) ? "; " : ": ");
        say(page, piece->why);
    }
    troth_page_end_line(page);
}

void troth_collateral_page_print(struct troth_page *page,
                                 const struct troth_pieces *pieces, int64_t now_s,
                                 const struct troth_services *services)
{
    for (size_t i = 0; i < pieces->count; i++) {
        print_piece(page, &pieces->rows[i], now_s);
        if (services)
            print_source(page, &pieces->rows[i], services);
    }
}

static void write_text(struct troth_json_writer *json, const char *key, const char *text)
{
    troth_json_write_key(json, key);
    if (text && *text)
        troth_json_write_text(json, text);
    else
        troth_json_write_null(json);
}

/* null: it never comes. */
static void write_instant(struct troth_json_writer *json, const char *key,
                          const struct troth_piece *piece, int64_t instant_s)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_json_write_key(json, key);
    if (has_entry(piece) && instant_s != TROTH_INSTANT_NEVER) {
        troth_write_rfc3339(&w, instant_s);
        troth_json_write_string(json, troth_writer_span(&w));
    } else {
        troth_json_write_null(json);
    }
}

static void write_numbers(struct troth_json_writer *json,
                          const struct troth_entry_facts *facts)
{
    troth_json_write_key(json, "evaluation_number");
    if (facts->has_evaluation_number)
        troth_json_write_uint(json, facts->evaluation_number);
    else
        troth_json_write_null(json);
    troth_json_write_key(json, "crl_number");
    if (facts->crl_number_len)
        troth_json_write_hex(
            json, (struct troth_span){facts->crl_number, facts->crl_number_len});
    else
        troth_json_write_null(json);
}

static void write_piece(struct troth_json_writer *json, const struct troth_piece *piece,
                        int64_t now_s, const struct troth_services *services,
                        const char *file)
{
    const struct troth_entry_facts *facts = &piece->entry.facts;
    char url[TROTH_URL_ROOM];

    troth_json_begin_object(json);
    write_text(json, "name", piece->need.name);
    write_text(json, "about", piece->need.about);
    write_text(json, "file", file);
    write_text(json, "state", troth_collateral_state(piece, now_s));
    troth_json_write_key(json, "optional");
    troth_json_write_bool(json, piece->need.is_optional);
    troth_json_write_key(json, "holds");
    troth_json_write_bool(json, piece->holds || piece->state == TROTH_PIECE_GIVEN);
    write_text(json, "update",
               piece->need.takes_update ? troth_update_name(piece->update) : NULL);
    write_text(json, "source", address_of(url, piece, services));
    write_instant(json, "fetched", piece, facts->fetched_s);
    write_instant(json, "issued", piece, facts->issued_s);
    write_instant(json, "expires", piece, facts->expires_s);
    write_numbers(json, facts);
    write_text(json, "why", piece->why);
    troth_json_end_object(json);
}

void troth_collateral_json_write(struct troth_json_writer *json,
                                 const struct troth_pieces *pieces, int64_t now_s,
                                 const struct troth_services *services, const char *file)
{
    for (size_t i = 0; i < pieces->count; i++)
        write_piece(json, &pieces->rows[i], now_s, services, file);
}
