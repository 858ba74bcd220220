/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/nearest.h"
#include "base/span.h"
#include "base/writer.h"

/* The longest claim is far shorter. */
#define NAME_SIZE 64

#define HOW "name the code, or say images: any"

/* "rtmr1" and "tdx.rtmr1" are the same claim of tdx. */
static const struct troth_word *find_word(enum troth_kind kind, struct troth_span label)
{
    uint8_t name[NAME_SIZE];
    struct troth_writer w = troth_writer_over(name, sizeof name);
    const struct troth_word *word = NULL;

    troth_write_text(&w, troth_kind_name(kind));
    troth_write_u8(&w, '.');
    troth_write_bytes(&w, label);
    if (!w.full)
        word = troth_word_find(troth_writer_span(&w));
    if (!word)
        word = troth_word_find(label);
    return word && word->kinds >> kind & 1 ? word : NULL;
}

/* A claim as a document may name it, without its family. */
static const char *label_of(enum troth_kind kind, const char *name)
{
    const char *prefix = troth_kind_name(kind);
    const char *rest = name;

    while (*prefix && *rest == *prefix) {
        prefix++;
        rest++;
    }
    return *prefix == '\0' && *rest == '.' ? rest + 1 : name;
}

static void object_unknown(struct troth_reader *r, const struct troth_tree_node *node,
                           enum troth_kind kind)
{
    const struct troth_vocabulary all = troth_vocabulary();
    struct troth_nearest near = {NULL, 0};

    for (size_t i = 0; i < all.count; i++)
        if (all.words[i].kinds >> kind & 1)
            troth_nearest_offer(&near, node->key, label_of(kind, all.words[i].name));
    troth_read_object(
        r,
        &(struct troth_objection){
            .node = node,
            .is_key = true,
            .text = "'%' is no claim of % evidence",
            .words = {node->key, troth_span_of_text(troth_kind_name(kind))},
            .hint = near.word ? "did you mean '%'?" : "docs/claims.md lists the claims",
            .hint_words = {troth_span_of_text(near.word ? near.word : "")}});
}

/* What is no single claim of the code, its owner or its configuration. */
static bool is_of_no_image(const struct troth_word *word)
{
    static const char *const names[] = {"measurement", "kind", "nonce", "hardware_id"};
    const struct troth_span name = troth_span_of_text(word->name);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (troth_span_is_text(name, names[i]))
            return true;
    return false;
}

static void read_claim(struct troth_wish *out, struct troth_reader *r,
                       enum troth_kind kind, const struct troth_tree_node *node)
{
    const struct troth_word *word = find_word(kind, node->key);

    *out = (struct troth_wish){.word = word, .node = node};
    if (!word) {
        object_unknown(r, node, kind);
    } else if (is_of_no_image(word)) {
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .is_key = true,
                                 .text = "'%' says nothing about an image alone",
                                 .words = {node->key},
                                 .hint = "name the claims of the code one by one"});
    } else if (troth_read_is_word(node, "any")) {
        out->any = true;
    } else {
        (void)troth_read_wish(out, r, word, node);
    }
}

static bool names(const struct troth_wishes *wishes, const char *claim)
{
    for (size_t i = 0; i < wishes->count; i++)
        if (troth_span_is_text(troth_span_of_text(claim), wishes->rows[i].word->name))
            return true;
    return false;
}

/* One row less, and nobody knows what runs: MRTD alone is firmware alone. */
static void check_complete(struct troth_reader *r, const struct troth_wishes *wishes,
                           enum troth_kind kind, const struct troth_tree_node *node)
{
    uint8_t text[160];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    size_t missing = 0;

    for (const struct troth_identity_row *row = troth_read_format(kind)->identity;
         row->claim; row++) {
        if (names(wishes, row->claim))
            continue;
        troth_write_text(&w, missing++ ? ", " : "");
        troth_write_text(&w, label_of(kind, row->claim));
    }
    if (missing > 0)
        troth_read_object(
            r,
            &(struct troth_objection){
                .node = node,
                .is_key = true,
                .text = missing > 1 ? "%: % are missing" : "%: % is missing",
                .words = {node->key, troth_writer_span(&w)},
                .hint = missing > 1 ? "name each, or say any" : "name it, or say any"});
}

static void read_image(struct troth_release *release, struct troth_reader *r,
                       const struct troth_tree_node *node)
{
    const enum troth_kind kind = troth_read_accepted_kind(r, node);
    struct troth_wishes wishes = {NULL, 0};

    if (r->err || !troth_read_is_map(r, node))
        return;
    wishes.rows = troth_read_take(r, node->count, sizeof *wishes.rows);
    for (const struct troth_tree_node *n = node->first_child; n && !r->err; n = n->next)
        read_claim(&wishes.rows[wishes.count++], r, kind, n);
    if (r->err)
        return;
    troth_read_sort_wishes(r, &wishes);
    check_complete(r, &wishes, kind, node);
    release->wishes[kind] = wishes;
    release->nodes[kind] = node;
}

static void read_release(struct troth_release *out, struct troth_reader *r,
                         const struct troth_tree_node *node)
{
    out->node = node;
    out->name = troth_read_name(r, node, node->key);
    if (r->err || !troth_read_is_map(r, node))
        return;
    for (const struct troth_tree_node *n = node->first_child; n && !r->err; n = n->next)
        read_image(out, r, n);
}

static void sort_releases(struct troth_release *releases, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct troth_release release = releases[i];
        size_t at = i;

        for (; at > 0 && troth_canonical_order(releases[at - 1].name, release.name) > 0;
             at--)
            releases[at] = releases[at - 1];
        releases[at] = release;
    }
}

static void check_kinds_have_images(struct troth_reader *r,
                                    const struct troth_tree_node *images)
{
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT && !r->err; kind++) {
        size_t i = 0;

        while (i < r->draft.release_count && !r->draft.releases[i].nodes[kind])
            i++;
        if (troth_draft_accepts(&r->draft, kind) && i == r->draft.release_count)
            troth_read_object(r, &(struct troth_objection){
                                     .node = images,
                                     .is_key = true,
                                     .text = "% is accepted, and no image of it is named",
                                     .words = {troth_span_of_text(troth_kind_name(kind))},
                                     .hint = HOW});
    }
}

void troth_section_read_images(struct troth_reader *r, const struct troth_tree_node *node,
                               void *unused)
{
    struct troth_release *releases;

    (void)unused;
    r->draft.any_image = troth_read_is_word(node, "any");
    if (r->draft.any_image || !troth_read_is_map(r, node))
        return;
    releases = troth_read_take(r, node->count, sizeof *releases);
    r->draft.releases = releases;
    for (const struct troth_tree_node *n = node->first_child; n && !r->err; n = n->next)
        read_release(&releases[r->draft.release_count++], r, n);
    if (!r->err)
        sort_releases(releases, r->draft.release_count);
    check_kinds_have_images(r, node);
}

static void write_image(struct troth_json_writer *w, const struct troth_wishes *wishes)
{
    troth_json_begin_object(w);
    for (size_t i = 0; i < wishes->count; i++) {
        troth_json_write_key(w, wishes->rows[i].word->name);
        troth_read_write_wish(w, &wishes->rows[i]);
    }
    troth_json_end_object(w);
}

static void write_release(struct troth_json_writer *w,
                          const struct troth_release *release)
{
    troth_json_begin_object(w);
    for (size_t i = 0; i < TROTH_KIND_COUNT; i++) {
        const enum troth_kind kind = troth_kinds_by_name[i];

        if (!release->nodes[kind])
            continue;
        troth_json_write_key(w, troth_kind_name(kind));
        write_image(w, &release->wishes[kind]);
    }
    troth_json_end_object(w);
}

void troth_section_write_images(struct troth_json_writer *w,
                                const struct troth_draft *draft)
{
    if (draft->any_image) {
        troth_json_write_text(w, "any");
        return;
    }
    troth_json_begin_object(w);
    for (size_t i = 0; i < draft->release_count; i++) {
        troth_json_write_key(w, (const char *)draft->releases[i].name.ptr);
        write_release(w, &draft->releases[i]);
    }
    troth_json_end_object(w);
}
