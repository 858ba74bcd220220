/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/arena.h"
#include "base/instant.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/span.h"

/* From here on numbers are strings in JSON ([RFC7493] 2.2). */
#define NUMBER_END (UINT64_C(1) << 53)

/* Claims that have a key of their own, and which. */
static const struct {
    const char *claim, *hint;
} spoken_for[] = {
    {"kind", "accept: [tdx]"},
    {"nonce", "nonce: any, or the nonce itself with the evidence"},
    {"measurement", "images: ..., or images: any"},
    {"hardware_id", "machines: {snp: [9f3c...]}"},
};

/* Why this claim may not be asked for here: another key says it. */
static const char *place_of(const struct troth_word *word)
{
    for (size_t i = 0; i < sizeof spoken_for / sizeof spoken_for[0]; i++)
        if (troth_span_is_text(troth_span_of_text(word->name), spoken_for[i].claim))
            return spoken_for[i].hint;
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        for (const struct troth_identity_row *row = troth_read_format(kind)->identity;
             row->claim; row++)
            if (troth_span_is_text(troth_span_of_text(word->name), row->claim))
                return "it is part of the code: say it in images";
    return NULL;
}

static const char *near_word(unsigned kinds, struct troth_span typed)
{
    const struct troth_vocabulary all = troth_vocabulary();
    struct troth_nearest near = {NULL, 0};

    for (size_t i = 0; i < all.count; i++)
        if (all.words[i].kinds & kinds)
            troth_nearest_offer(&near, typed, all.words[i].name);
    return near.word;
}

static void object_unknown(struct troth_reader *r, const struct troth_objection *about,
                           const struct troth_word *word, struct troth_span name)
{
    const char *near = near_word(r->draft.kinds, name);
    struct troth_objection objection = *about;

    objection.text = word ? "never used: '%' is a claim of other evidence"
                          : "'%' is no claim";
    objection.words[0] = name;
    objection.hint = near ? "did you mean '%'?" : "docs/claims.md lists the claims";
    objection.hint_words[0] = troth_span_of_text(near ? near : "");
    troth_read_object(r, &objection);
}

/* A claim of an accepted kind of evidence that no other key speaks of. */
static const struct troth_word *read_word(struct troth_reader *r,
                                          const struct troth_tree_node *node, bool is_key)
{
    const struct troth_span name = is_key ? node->key : troth_read_text(r, node);
    const struct troth_word *word = troth_word_find(name);
    struct troth_objection objection = {.node = node, .is_key = is_key, .words = {name}};

    if (r->err)
        return NULL;
    if (!word || !(word->kinds & r->draft.kinds)) {
        object_unknown(r, &objection, word, name);
    } else if (place_of(word)) {
        objection.text = "'%' has a place of its own";
        objection.hint = place_of(word);
        troth_read_object(r, &objection);
    }
    return r->err ? NULL : word;
}

static struct troth_span read_bool(struct troth_reader *r,
                                   const struct troth_tree_node *node)
{
    if (!troth_read_is_word(node, "true") && !troth_read_is_word(node, "false"))
        troth_read_object(
            r, &(struct troth_objection){.node = node,
                                         .text = "this is neither 'true' nor 'false'"});
    return node->text;
}

static struct troth_span read_instant(struct troth_reader *r,
                                      const struct troth_tree_node *node)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    int64_t instant_s;

    if (troth_instant_parse_rfc3339(&instant_s, troth_read_text(r, node)))
        troth_read_object(r, &(struct troth_objection){.node = node,
                                                       .text = "'%' is no instant",
                                                       .words = {node->text},
                                                       .hint = "2026-05-01T00:00:00Z"});
    if (r->err)
        return (struct troth_span){NULL, 0};
    troth_write_rfc3339(&w, instant_s);
    return troth_read_copy(r, troth_writer_span(&w));
}

static void read_bytes(struct troth_wish *out, struct troth_reader *r,
                       const struct troth_tree_node *node)
{
    uint8_t *room;
    struct troth_writer w;

    out->bytes = troth_read_hex(r, node, out->word->size);
    room = troth_read_take(r, 2 * out->bytes.len + 1, 1);
    w = troth_writer_over(room, 2 * out->bytes.len);
    if (room)
        troth_write_hex(&w, out->bytes);
    out->text = troth_writer_span(&w);
}

bool troth_read_wish(struct troth_wish *out, struct troth_reader *r,
                     const struct troth_word *word, const struct troth_tree_node *node)
{
    *out = (struct troth_wish){.word = word, .node = node};
    switch (word->type) {
    case TROTH_VALUE_NONE:
    case TROTH_VALUE_TEXT:
        out->text = troth_read_text(r, node);
        break;
    case TROTH_VALUE_BOOL:
        out->text = read_bool(r, node);
        break;
    case TROTH_VALUE_UINT:
        (void)troth_read_number(r, node, UINT64_MAX);
        out->text = node->text;
        break;
    case TROTH_VALUE_INSTANT:
        out->text = read_instant(r, node);
        break;
    case TROTH_VALUE_BYTES:
        read_bytes(out, r, node);
        break;
    }
    return !r->err;
}

void troth_read_sort_wishes(struct troth_reader *r, const struct troth_wishes *wishes)
{
    struct troth_wish *rows = wishes->rows;

    for (size_t i = 1; i < wishes->count; i++) {
        const struct troth_wish wish = rows[i];
        size_t at = i;

        /* Words are in one table, in the order of their names. */
        for (; at > 0 && rows[at - 1].word > wish.word; at--)
            rows[at] = rows[at - 1];
        rows[at] = wish;
        if (at > 0 && rows[at - 1].word == wish.word)
            troth_read_object(r, &(struct troth_objection){
                                     .node = wish.node,
                                     .is_key = true,
                                     .text = "% is there twice",
                                     .words = {troth_span_of_text(wish.word->name)}});
    }
}

void troth_read_write_wish(struct troth_json_writer *w, const struct troth_wish *wish)
{
    const bool is_number = wish->word->type == TROTH_VALUE_UINT;
    uint64_t number = 0;

    if (wish->any)
        troth_json_write_text(w, "any");
    else if (wish->word->type == TROTH_VALUE_BOOL)
        troth_json_write_bool(w, troth_span_is_text(wish->text, "true"));
    else if (is_number && !troth_uint_parse(&number, wish->text, 10) &&
             number < NUMBER_END)
        troth_json_write_uint(w, number);
    else
        troth_json_write_string(w, wish->text);
}

/* Is one value of the claim wanted, though no policy says so? */
static bool is_insisted_on(struct troth_span claim)
{
    return troth_span_is_text(claim, "snp.vmpl");
}

/* Of all others any value will do anyway: who writes them here means something else. */
static void check_insists(struct troth_reader *r, const struct troth_entry *entry)
{
    if (!is_insisted_on(entry->text))
        troth_read_object(
            r, &(struct troth_objection){
                   .node = entry->node,
                   .text = "never used: no value of '%' is insisted on",
                   .words = {entry->text},
                   .hint = "leave it out; what is refused by name, 'allow' accepts"});
}

void troth_section_read_any(struct troth_reader *r, const struct troth_tree_node *node,
                            void *unused)
{
    (void)unused;
    if (troth_read_is_none(node))
        return;
    r->draft.any = troth_read_list(r, node);
    for (size_t i = 0; i < r->draft.any.count && !r->err; i++) {
        (void)read_word(r, r->draft.any.rows[i].node, false);
        if (!r->err)
            check_insists(r, &r->draft.any.rows[i]);
    }
    troth_read_sort(r, &r->draft.any);
}

void troth_section_write_any(struct troth_json_writer *w, const struct troth_draft *draft)
{
    if (draft->any.count == 0) {
        troth_json_write_text(w, "none");
        return;
    }
    troth_json_begin_array(w);
    for (size_t i = 0; i < draft->any.count; i++)
        troth_json_write_string(w, draft->any.rows[i].text);
    troth_json_end_array(w);
}

/* What may be said of this claim, beside that it is one. */
static void check_expectation(struct troth_reader *r, const struct troth_tree_node *node)
{
    struct troth_objection objection = {
        .node = node, .is_key = true, .words = {node->key}, .hint_words = {node->key}};

    if (troth_read_is_word(node, "any")) {
        objection.text = "that any value of '%' will do is said elsewhere";
        objection.hint = is_insisted_on(node->key) ? "any: [%]" : "leave it out";
        troth_read_object(r, &objection);
    }
    for (size_t i = 0; i < r->draft.any.count; i++) {
        if (!troth_span_equal(r->draft.any.rows[i].text, node->key))
            continue;
        objection.text = "any value of '%' will do, says the key 'any'";
        objection.hint = "leave it out there, or here";
        troth_read_object(r, &objection);
    }
}

static void read_expectations(struct troth_reader *r, struct troth_wishes *out,
                              const struct troth_tree_node *map)
{
    for (const struct troth_tree_node *n = map->first_child; n && !r->err; n = n->next) {
        const struct troth_word *word = read_word(r, n, true);

        check_expectation(r, n);
        if (!r->err && troth_read_wish(&out->rows[out->count], r, word, n))
            out->count++;
    }
    if (out->count > TROTH_EXPECTATIONS_MAX)
        troth_read_object(r, &(struct troth_objection){
                                 .node = map, .text = "more than 64 claims are named"});
}

void troth_section_read_expect(struct troth_reader *r, const struct troth_tree_node *node,
                               void *unused)
{
    const struct troth_wishes *platform = &r->draft.platform;
    const bool is_none = troth_read_is_none(node);
    struct troth_wishes expect = {NULL, 0};

    (void)unused;
    if (!is_none && !troth_read_is_map(r, node))
        return;
    expect.rows = troth_read_take(r, platform->count + (is_none ? 0 : node->count),
                                  sizeof *expect.rows);
    if (!expect.rows)
        return;
    for (; expect.count < platform->count; expect.count++)
        expect.rows[expect.count] = platform->rows[expect.count];
    if (!is_none)
        read_expectations(r, &expect, node);
    troth_read_sort_wishes(r, &expect);
    r->draft.expect = expect;
}

void troth_section_write_expect(struct troth_json_writer *w,
                                const struct troth_draft *draft)
{
    if (draft->expect.count == 0) {
        troth_json_write_text(w, "none");
        return;
    }
    troth_json_begin_object(w);
    for (size_t i = 0; i < draft->expect.count; i++) {
        troth_json_write_key(w, draft->expect.rows[i].word->name);
        troth_read_write_wish(w, &draft->expect.rows[i]);
    }
    troth_json_end_object(w);
}
