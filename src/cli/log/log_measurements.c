/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_measurements.h"

#include "base/span.h"
#include "codec/json_writer.h"

/* The child that comes next: the least above `last`, which is NULL at first. */
static const struct troth_tree_node *next_of(const struct troth_tree_node *map,
                                             const struct troth_tree_node *last)
{
    const struct troth_tree_node *least = NULL;

    for (const struct troth_tree_node *n = map->first_child; n; n = n->next) {
        if (last && troth_span_compare(n->key, last->key) <= 0)
            continue;
        if (!least || troth_span_compare(n->key, least->key) < 0)
            least = n;
    }
    return least;
}

static void write_string(struct troth_writer *w, struct troth_span text)
{
    struct troth_json_writer json = troth_json_writer_over(w, false);

    troth_json_write_string(&json, text);
}

static void write_hex(struct troth_writer *w, struct troth_span text)
{
    const size_t start = w->len;

    write_string(w, text);
    for (size_t i = start; i < w->len; i++)
        if (w->base[i] >= 'A' && w->base[i] <= 'F')
            w->base[i] = (uint8_t)(w->base[i] - 'A' + 'a');
}

static enum troth_err write_family(struct troth_writer *w,
                                   const struct troth_tree_node *family)
{
    const struct troth_tree_node *n = NULL;

    if (family->kind != TROTH_TREE_MAP)
        return TROTH_ERR_TYPE;
    troth_write_u8(w, '{');
    for (bool is_first = true; (n = next_of(family, n)) != NULL; is_first = false) {
        if (n->kind != TROTH_TREE_TEXT)
            return TROTH_ERR_TYPE;
        troth_write_text(w, is_first ? "" : ",");
        write_string(w, n->key);
        troth_write_u8(w, ':');
        write_hex(w, n->text);
    }
    troth_write_u8(w, '}');
    return TROTH_OK;
}

enum troth_err troth_log_measurements_write(struct troth_writer *w,
                                            const struct troth_tree_node *tree)
{
    const struct troth_tree_node *n = NULL;

    if (tree->kind != TROTH_TREE_MAP)
        return TROTH_ERR_TYPE;
    troth_write_u8(w, '{');
    for (bool is_first = true; (n = next_of(tree, n)) != NULL; is_first = false) {
        troth_write_text(w, is_first ? "" : ",");
        write_string(w, n->key);
        troth_write_u8(w, ':');

        const enum troth_err err = write_family(w, n);

        if (err)
            return err;
    }
    troth_write_u8(w, '}');
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}
