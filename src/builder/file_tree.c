/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "builder/file_index.h"

#define OWN_ROW  SIZE_MAX
#define OWN_MODE 0755

static bool fail(struct troth_build_problem *problem, struct troth_span path,
                 const char *text)
{
    return troth_build_fail_at(problem, path, "%s", text);
}

struct troth_file_tree *troth_file_tree_create(void)
{
    struct troth_file_tree *const tree = malloc(sizeof(*tree));

    if (tree && !troth_file_index_init(tree)) {
        troth_file_tree_destroy(tree);
        return NULL;
    }
    return tree;
}

void troth_file_tree_destroy(struct troth_file_tree *tree)
{
    if (!tree)
        return;
    free(tree->sorted);
    troth_file_index_release(tree);
    free(tree);
}

static void forget_order(struct troth_file_tree *tree)
{
    free(tree->sorted);
    tree->sorted = NULL;
}

static bool no_room(const struct troth_file_tree *tree,
                    struct troth_build_problem *problem, struct troth_span path)
{
    if (tree->count >= TROTH_FILE_TREE_MAX)
        return fail(problem, path, "is one file too many for an image");
    return fail(problem, path, "does not fit into memory");
}

static struct troth_span parent_path(struct troth_span path)
{
    size_t len = path.len;

    while (len && path.ptr[len - 1] != '/')
        len--;
    return troth_span_slice(path, 0, len ? len - 1 : 0);
}

/* What is there, or a folder of our own. */
static struct troth_file_node *step_into(struct troth_file_tree *tree,
                                         struct troth_file_node *parent,
                                         struct troth_span path)
{
    struct troth_file_node *node = troth_file_index_find(tree, path);

    if (node)
        return node;
    node = troth_file_index_add(tree, parent, path);
    if (node) {
        node->entry.entry.kind = TROTH_ENTRY_FOLDER;
        node->entry.entry.mode = OWN_MODE;
        node->entry.row = OWN_ROW;
    }
    return node;
}

/* The folder that an entry lies in, made with those above it where it is not there. */
static struct troth_file_node *find_folder(struct troth_file_tree *tree,
                                           struct troth_build_problem *problem,
                                           struct troth_span path)
{
    struct troth_file_node *parent = troth_file_index_find(tree, path);
    struct troth_span rest = path;

    if (!parent)
        parent = &tree->root;
    else
        rest.len = 0;
    while (parent->entry.entry.kind == TROTH_ENTRY_FOLDER && rest.len) {
        const struct troth_span name = troth_span_next_item(&rest, '/');
        const struct troth_span here = {path.ptr,
                                        (size_t)(name.ptr - path.ptr) + name.len};

        parent = step_into(tree, parent, here);
        if (!parent) {
            (void)no_room(tree, problem, here);
            return NULL;
        }
    }
    if (parent->entry.entry.kind == TROTH_ENTRY_FOLDER)
        return parent;
    (void)troth_build_fail_at(problem, parent->entry.entry.path,
                              "is a %s, but there is something to go below it",
                              troth_entry_kind_name(parent->entry.entry.kind));
    return NULL;
}

static void take_itself(struct troth_file_tree *tree, struct troth_file_node *node)
{
    if (!node->first_child) {
        troth_file_index_drop(tree, node);
        return;
    }
    /* Gone as it was, but something that is spared needs a folder. */
    node->entry.entry = (struct troth_entry){
        .kind = TROTH_ENTRY_FOLDER, .path = node->entry.entry.path, .mode = OWN_MODE};
    node->entry.row = OWN_ROW;
}

/* `older`: spare what is of this layer. */
static void take_below(struct troth_file_tree *tree, struct troth_file_node *top,
                       bool older)
{
    struct troth_file_node *node = troth_file_index_deepest(top), *next;

    /* Nothing older can have come since; a layer may say it a million times. */
    if (older && top->hidden_layer == tree->layer)
        return;
    top->hidden_layer = tree->layer;
    for (; node != top; node = next) {
        next = troth_file_index_next(top, node);
        if (!older || node->layer != tree->layer)
            take_itself(tree, node);
    }
}

static bool holds_this_layer(const struct troth_file_tree *tree,
                             struct troth_file_node *top)
{
    for (const struct troth_file_node *node = troth_file_index_deepest(top); node;
         node = troth_file_index_next(top, node))
        if (node->layer == tree->layer)
            return true;
    return false;
}

static bool may_replace(const struct troth_file_tree *tree,
                        struct troth_build_problem *problem, struct troth_file_node *node,
                        const struct troth_entry *entry, enum troth_tree_clash clash)
{
    if (clash == TROTH_TREE_REPLACE)
        return true;
    if (clash == TROTH_TREE_LAYER) {
        if (!holds_this_layer(tree, node))
            return true;
        return fail(problem, entry->path, "comes twice in one layer");
    }
    if (node->entry.entry.kind == entry->kind)
        return fail(problem, entry->path, "is there already, and is not the same");
    return troth_build_fail_at(problem, entry->path,
                               "is there already, as a %s, and would be a %s",
                               troth_entry_kind_name(node->entry.entry.kind),
                               troth_entry_kind_name(entry->kind));
}

static bool put(struct troth_file_tree *tree, struct troth_build_problem *problem,
                const struct troth_entry *entry, const struct troth_content *content,
                size_t row)
{
    struct troth_file_node *const parent = find_folder(tree, problem,
                                                       parent_path(entry->path));
    struct troth_file_node *node;

    if (!parent)
        return false;
    node = troth_file_index_add(tree, parent, entry->path);
    if (!node)
        return no_room(tree, problem, entry->path);
    node->entry.row = row;
    if (troth_file_node_fill(tree, node, entry, content))
        return true;
    troth_file_index_drop(tree, node);
    return no_room(tree, problem, entry->path);
}

static bool add_plain(struct troth_file_tree *tree, struct troth_build_problem *problem,
                      const struct troth_entry *entry,
                      const struct troth_content *content, size_t row,
                      enum troth_tree_clash clash)
{
    struct troth_file_node *const node = troth_file_index_find(tree, entry->path);

    forget_order(tree);
    if (!node)
        return put(tree, problem, entry, content, row);
    if (entry->kind == TROTH_ENTRY_FOLDER &&
        node->entry.entry.kind == TROTH_ENTRY_FOLDER) {
        node->entry.entry.mode = entry->mode;
        node->entry.entry.user = entry->user;
        node->entry.entry.group = entry->group;
        node->entry.row = row;
        node->layer = tree->layer;
        return true;
    }
    if (clash == TROTH_TREE_REFUSE && troth_file_node_same(node, entry, content))
        return true;
    if (!may_replace(tree, problem, node, entry, clash))
        return false;
    take_below(tree, node, false);
    take_itself(tree, node);
    return put(tree, problem, entry, content, row);
}

static bool add_hard_link(struct troth_file_tree *tree,
                          struct troth_build_problem *problem,
                          const struct troth_entry *entry, size_t row,
                          enum troth_tree_clash clash)
{
    const struct troth_tree_entry *const other = troth_file_tree_find(tree,
                                                                      entry->target);
    struct troth_entry copy;
    struct troth_content content;

    if (!other)
        return fail(problem, entry->path, "is a hard link to what is not there");
    if (other->entry.kind != TROTH_ENTRY_FILE)
        return fail(problem, entry->path, "is a hard link to what is no file");
    /* A file that is linked to itself is as it was. */
    if (troth_span_equal(entry->path, entry->target))
        return true;
    copy = other->entry;
    content = other->content;
    copy.path = entry->path;
    return add_plain(tree, problem, &copy, &content, row, clash);
}

/* What a symbolic link may hold: Linux would not make one of another. */
static bool is_target(struct troth_span target)
{
    return target.len && target.len <= TROTH_ENTRY_LINK_MAX &&
           !memchr(target.ptr, 0, target.len);
}

bool troth_file_tree_add(struct troth_file_tree *tree,
                         struct troth_build_problem *problem,
                         const struct troth_entry *entry,
                         const struct troth_content *content, size_t row,
                         enum troth_tree_clash clash)
{
    static const struct troth_content nothing = {.descriptor = -1};

    if (!troth_entry_path_is_plain(entry->path))
        return fail(problem, entry->path, "is no path that an image may hold");
    switch (entry->kind) {
    case TROTH_ENTRY_HARD_LINK:
        return add_hard_link(tree, problem, entry, row, clash);
    case TROTH_ENTRY_FOLDER:
        /* What the root itself is like is for init to say. */
        if (entry->path.len == 0)
            return true;
        return add_plain(tree, problem, entry, &nothing, row, clash);
    case TROTH_ENTRY_FILE:
    case TROTH_ENTRY_SYMLINK:
        if (entry->path.len == 0)
            return fail(problem, entry->path, "the root cannot be but a folder");
        if (entry->kind == TROTH_ENTRY_SYMLINK && !is_target(entry->target))
            return fail(problem, entry->path, "is a link to what is no path");
        return add_plain(tree, problem, entry, content ? content : &nothing, row, clash);
    case TROTH_ENTRY_NONE:
    case TROTH_ENTRY_DEVICE:
    case TROTH_ENTRY_PIPE:
    case TROTH_ENTRY_SOCKET:
        break;
    }
    return troth_build_fail_at(problem, entry->path,
                               "is a %s, which an image cannot hold",
                               troth_entry_kind_name(entry->kind));
}

void troth_file_tree_remove(struct troth_file_tree *tree, struct troth_span path)
{
    struct troth_file_node *const node = troth_file_index_find(tree, path);

    troth_file_tree_empty(tree, path);
    if (node && node != &tree->root)
        take_itself(tree, node);
}

void troth_file_tree_empty(struct troth_file_tree *tree, struct troth_span path)
{
    struct troth_file_node *const node = troth_file_index_find(tree, path);

    forget_order(tree);
    if (node)
        take_below(tree, node, false);
}

void troth_file_tree_begin_layer(struct troth_file_tree *tree)
{
    tree->layer++;
}

void troth_file_tree_hide(struct troth_file_tree *tree, struct troth_span path)
{
    struct troth_file_node *const node = troth_file_index_find(tree, path);

    troth_file_tree_hide_below(tree, path);
    if (node && node != &tree->root && node->layer != tree->layer)
        take_itself(tree, node);
}

void troth_file_tree_hide_below(struct troth_file_tree *tree, struct troth_span path)
{
    struct troth_file_node *const node = troth_file_index_find(tree, path);

    forget_order(tree);
    if (node)
        take_below(tree, node, true);
}

const struct troth_tree_entry *troth_file_tree_find(const struct troth_file_tree *tree,
                                                    struct troth_span path)
{
    const struct troth_file_node *const node = path.len
                                                   ? troth_file_index_find(tree, path)
                                                   : NULL;

    return node ? &node->entry : NULL;
}

static int by_path(const void *a, const void *b)
{
    const struct troth_tree_entry *const *const x = a, *const *const y = b;

    return troth_span_compare((*x)->entry.path, (*y)->entry.path);
}

bool troth_file_tree_finish(struct troth_file_tree *tree,
                            struct troth_build_problem *problem)
{
    size_t count = 0;

    forget_order(tree);
    tree->sorted = calloc(tree->count + 1, sizeof(struct troth_tree_entry *));
    if (!tree->sorted)
        return fail(problem, (struct troth_span){NULL, 0}, "out of memory");
    for (const struct troth_file_node *node = &tree->root;
         (node = troth_file_index_after(&tree->root, node));)
        tree->sorted[count++] = &node->entry;
    qsort(tree->sorted, count, sizeof(struct troth_tree_entry *), by_path);
    return true;
}

size_t troth_file_tree_count(const struct troth_file_tree *tree)
{
    return tree->count;
}

const struct troth_tree_entry *troth_file_tree_at(const struct troth_file_tree *tree,
                                                  size_t i)
{
    return tree->sorted && i < tree->count ? tree->sorted[i] : NULL;
}
