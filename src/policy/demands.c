/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/demands.h"

#include "base/span.h"
#include "policy/sections.h"

static bool is_of_kind(const struct troth_word *word, enum troth_kind kind)
{
    return word->kinds >> kind & 1;
}

static void fill_any(struct troth_names *out, struct troth_reader *r,
                     enum troth_kind kind)
{
    const struct troth_entries *any = &r->draft.any;
    struct troth_span *names = troth_read_take(r, any->count, sizeof *names);

    out->rows = names;
    for (size_t i = 0; names && i < any->count; i++)
        if (is_of_kind(troth_word_find(any->rows[i].text), kind))
            names[out->count++] = any->rows[i].text;
}

/* What is allowed by name, and those of Intel's statuses that the kind can have. */
static void fill_allow(struct troth_names *out, struct troth_reader *r,
                       enum troth_kind kind)
{
    const struct troth_entries *allow = &r->draft.allow[kind];
    const struct troth_entries *statuses = &r->draft.statuses;
    struct troth_span *names = troth_read_take(r, allow->count + statuses->count,
                                               sizeof *names);

    out->rows = names;
    for (size_t i = 0; names && i < allow->count; i++)
        names[out->count++] = allow->rows[i].text;
    for (size_t i = 0; names && i < statuses->count; i++)
        if (troth_read_format_has(kind, statuses->rows[i].text))
            names[out->count++] = statuses->rows[i].text;
}

static void fill_expect(struct troth_requirements *out, struct troth_reader *r,
                        enum troth_kind kind)
{
    const struct troth_wishes *expect = &r->draft.expect;
    struct troth_expectation *rows = troth_read_take(r, expect->count, sizeof *rows);

    out->expect = rows;
    for (size_t i = 0; rows && i < expect->count; i++)
        if (is_of_kind(expect->rows[i].word, kind))
            rows[out->expect_count++] = (struct troth_expectation){
                troth_span_of_text(expect->rows[i].word->name), expect->rows[i].text};
}

static void fill_machines(struct troth_machines *out, struct troth_reader *r,
                          enum troth_kind kind)
{
    const struct troth_entries *ids = &r->draft.machines[kind].ids;
    struct troth_span *spans = troth_read_take(r, ids->count, sizeof *spans);
    uint32_t *lines = troth_read_take(r, ids->count, sizeof *lines);

    out->any = r->draft.machines[kind].any;
    out->line = r->draft.machines[kind].line;
    out->ids = spans;
    out->lines = lines;
    for (size_t i = 0; spans && lines && i < ids->count; i++, out->count++) {
        spans[i] = troth_read_hex(r, ids->rows[i].node, 0);
        lines[i] = ids->rows[i].node->place.line;
    }
}

static void fill_demands(struct troth_demands *out, struct troth_reader *r,
                         const struct troth_wishes *wishes)
{
    struct troth_demand *rows = troth_read_take(r, wishes->count, sizeof *rows);

    out->rows = rows;
    for (size_t i = 0; rows && i < wishes->count; i++) {
        const struct troth_wish *wish = &wishes->rows[i];

        rows[out->count++] = (struct troth_demand){
            .claim = wish->word->name,
            .any = wish->any,
            .value = wish->word->type == TROTH_VALUE_BYTES ? wish->bytes : wish->text,
            .line = wish->node->key_place.line,
        };
    }
}

static void fill_images(struct troth_kind_policy *out, struct troth_reader *r,
                        enum troth_kind kind)
{
    const size_t releases = r->draft.release_count;
    struct troth_image *images = troth_read_take(r, releases, sizeof *images);

    out->any_image = r->draft.any_image;
    out->images = images;
    for (size_t i = 0; images && i < releases; i++) {
        const struct troth_release *release = &r->draft.releases[i];
        struct troth_image *image = &images[out->image_count];

        if (!release->nodes[kind])
            continue;
        image->name = release->name;
        image->kind = kind;
        image->line = release->node->key_place.line;
        fill_demands(&image->demands, r, &release->wishes[kind]);
        out->image_count++;
    }
}

static void fill_kind(struct troth_kind_policy *out, struct troth_reader *r,
                      enum troth_kind kind)
{
    out->accepted = true;
    fill_any(&out->requirements.any, r, kind);
    fill_allow(&out->requirements.allow, r, kind);
    fill_expect(&out->requirements, r, kind);
    if (kind == TROTH_KIND_SNP)
        out->requirements.amd = r->draft.amd;
    if (kind == TROTH_KIND_SGX || kind == TROTH_KIND_TDX)
        out->requirements.intel = r->draft.intel;
    fill_machines(&out->machines, r, kind);
    fill_images(out, r, kind);
}

void troth_read_fill_kinds(struct troth_policy *out, struct troth_reader *r)
{
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT && !r->err; kind++)
        if (troth_draft_accepts(&r->draft, kind))
            fill_kind(&out->kinds[kind], r, kind);
}
