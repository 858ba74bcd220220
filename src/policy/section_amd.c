/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/nearest.h"
#include "base/span.h"
#include "base/writer.h"

/* AMD's server processors, in the order of their names, and whether their firmware has
 * an FMC. [SNP-ABI] 2.2 */
static const struct {
    const char *name;
    bool has_fmc;
} products[] = {{"Genoa", false}, {"Milan", false}, {"Turin", true}};

enum { PRODUCTS = sizeof products / sizeof products[0] };

/* Claims of the platform's state: "snp.platform." and one of the keys of `platform`. */
#define PLATFORM_PREFIX "snp.platform."

#define VERSION_MAX 255 /* a part's version is a byte */

bool troth_section_has_amd(const struct troth_draft *draft)
{
    return troth_draft_accepts(draft, TROTH_KIND_SNP);
}

/* The number of a product, or PRODUCTS and an objection. */
static size_t read_product(struct troth_reader *r, const struct troth_tree_node *node,
                           bool is_key)
{
    const struct troth_span name = is_key ? node->key : troth_read_text(r, node);
    size_t i = 0;

    while (i < PRODUCTS && !troth_span_is_text(name, products[i].name))
        i++;
    if (i == PRODUCTS)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .is_key = is_key,
                                 .text = "'%' is no product of AMD's that is known here",
                                 .words = {name},
                                 .hint = "Milan, Genoa or Turin"});
    return i;
}

static void read_distrust(struct troth_reader *r, const struct troth_tree_node *node,
                          void *out)
{
    struct troth_entries list;
    struct troth_span *names;

    (void)out;
    if (troth_read_is_none(node))
        return;
    list = troth_read_list(r, node);
    troth_read_sort(r, &list);
    names = troth_read_take(r, list.count, sizeof *names);
    for (size_t i = 0; i < list.count && !r->err; i++) {
        (void)read_product(r, list.rows[i].node, false);
        names[i] = list.rows[i].text;
    }
    if (list.count == PRODUCTS)
        troth_read_object(r,
                          &(struct troth_objection){
                              .node = node,
                              .text = "every product is distrusted, so no snp evidence "
                                      "can be accepted",
                              .hint = "leave snp out of accept"});
    r->draft.amd.distrusted = (struct troth_names){names, list.count};
}

static void write_distrust(struct troth_json_writer *w, const struct troth_draft *draft)
{
    if (draft->amd.distrusted.count == 0) {
        troth_json_write_text(w, "none");
        return;
    }
    troth_json_begin_array(w);
    for (size_t i = 0; i < draft->amd.distrusted.count; i++)
        troth_json_write_string(w, draft->amd.distrusted.rows[i]);
    troth_json_end_array(w);
}

static uint64_t read_version(struct troth_reader *r, const struct troth_tree_node *node)
{
    return node ? troth_read_number(r, node, VERSION_MAX) : 0;
}

/* clang-format off */
#define PARTS(X) X(bootloader) X(fmc) X(microcode) X(snp) X(tee)
#define X(part)                                                                          \
    static void read_##part(struct troth_reader *r, const struct troth_tree_node *node,  \
                            void *out)                                                   \
    {                                                                                    \
        ((struct troth_amd_minimum *)out)->part = read_version(r, node);                 \
    }
PARTS(X)
#undef X
#define X(part) {.name = #part, .read = read_##part},
static const struct troth_key part_keys[] = {PARTS(X)};
#undef X
/* clang-format on */

static bool is_distrusted(const struct troth_draft *draft, struct troth_span product)
{
    for (size_t i = 0; i < draft->amd.distrusted.count; i++)
        if (troth_span_equal(draft->amd.distrusted.rows[i], product))
            return true;
    return false;
}

static void read_minimum(struct troth_amd_minimum *out, struct troth_reader *r,
                         const struct troth_tree_node *node)
{
    const size_t product = read_product(r, node, true);

    if (r->err)
        return;
    out->product = troth_span_of_text(products[product].name);
    if (is_distrusted(&r->draft, out->product))
        troth_read_object(r,
                          &(struct troth_objection){.node = node,
                                                    .is_key = true,
                                                    .text = "never used: % is distrusted",
                                                    .words = {out->product}});
    if (!r->err)
        troth_read_map(r, node, TROTH_KEYS(part_keys), out);
    if (!r->err && out->fmc > 0 && !products[product].has_fmc)
        troth_read_object(
            r, &(struct troth_objection){.node = troth_tree_find(node, "fmc"),
                                         .text = "the firmware of % has no fmc",
                                         .words = {out->product}});
}

static void read_min_tcb(struct troth_reader *r, const struct troth_tree_node *node,
                         void *out)
{
    struct troth_amd_minimum *minimums;

    (void)out;
    if (troth_read_is_none(node) || !troth_read_is_map(r, node))
        return;
    minimums = troth_read_take(r, node->count, sizeof *minimums);
    r->draft.amd.minimums = minimums;
    for (node = node->first_child; node && !r->err; node = node->next)
        read_minimum(&minimums[r->draft.amd.minimum_count++], r, node);
}

static void write_minimum(struct troth_json_writer *w,
                          const struct troth_amd_minimum *minimum)
{
    troth_json_begin_object(w);
#define X(part)                                                                          \
    troth_json_write_key(w, #part);                                                      \
    troth_json_write_uint(w, minimum->part);
    PARTS(X)
#undef X
    troth_json_end_object(w);
}

static void write_min_tcb(struct troth_json_writer *w, const struct troth_draft *draft)
{
    const struct troth_amd_settings *amd = &draft->amd;

    if (amd->minimum_count == 0) {
        troth_json_write_text(w, "none");
        return;
    }
    troth_json_begin_object(w);
    for (size_t p = 0; p < PRODUCTS; p++) {
        for (size_t i = 0; i < amd->minimum_count; i++) {
            if (!troth_span_is_text(amd->minimums[i].product, products[p].name))
                continue;
            troth_json_write_key(w, products[p].name);
            write_minimum(w, &amd->minimums[i]);
        }
    }
    troth_json_end_object(w);
}

/* The claim of a key of `platform`. */
static const struct troth_word *platform_word(struct troth_span key)
{
    uint8_t name[64];
    struct troth_writer w = troth_writer_over(name, sizeof name);
    const struct troth_word *word = NULL;

    troth_write_text(&w, PLATFORM_PREFIX);
    troth_write_bytes(&w, key);
    if (!w.full)
        word = troth_word_find(troth_writer_span(&w));
    return word && word->type == TROTH_VALUE_BOOL ? word : NULL;
}

static void object_unknown_bit(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_vocabulary all = troth_vocabulary();
    const size_t prefix = sizeof PLATFORM_PREFIX - 1;
    struct troth_nearest near = {NULL, 0};

    for (size_t i = 0; i < all.count; i++)
        if (troth_span_starts_with(troth_span_of_text(all.words[i].name),
                                   TROTH_LITERAL(PLATFORM_PREFIX)))
            troth_nearest_offer(&near, node->key, all.words[i].name + prefix);
    troth_read_object(
        r, &(struct troth_objection){
               .node = node,
               .is_key = true,
               .text = "'%' is no bit of a platform's state",
               .words = {node->key},
               .hint = near.word ? "did you mean '%'?"
                                 : "docs/claims.md lists them as snp.platform",
               .hint_words = {troth_span_of_text(near.word ? near.word : "")}});
}

static void read_platform(struct troth_reader *r, const struct troth_tree_node *node,
                          void *out)
{
    struct troth_wishes *wishes = &r->draft.platform;

    (void)out;
    if (troth_read_is_none(node) || !troth_read_is_map(r, node))
        return;
    wishes->rows = troth_read_take(r, node->count, sizeof *wishes->rows);
    for (node = node->first_child; node && !r->err; node = node->next) {
        const struct troth_word *word = platform_word(node->key);

        if (!word)
            object_unknown_bit(r, node);
        else if (troth_read_wish(&wishes->rows[wishes->count], r, word, node))
            wishes->count++;
    }
}

/* What is said of the platform's bits is written as what is expected of claims. */
static const struct troth_key keys[] = {
    {.name = "distrust", .read = read_distrust, .write = write_distrust},
    {.name = "min_tcb", .read = read_min_tcb, .write = write_min_tcb},
    {.name = "platform", .read = read_platform},
};

void troth_section_read_amd(struct troth_reader *r, const struct troth_tree_node *node,
                            void *unused)
{
    if (node && !troth_section_has_amd(&r->draft))
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .is_key = true,
                                 .text = "never used: the policy does not accept snp"});
    if (!r->err)
        troth_read_map(r, node, TROTH_KEYS(keys), unused);
}

void troth_section_write_amd(struct troth_json_writer *w, const struct troth_draft *draft)
{
    troth_read_write_map(w, TROTH_KEYS(keys), draft);
}
