/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/node.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/span.h"
#include "parsed_text.h"
#include "test/harness.h"

enum { ROOM = 4 << 20 };

static uint8_t room[ROOM];

static struct troth_cel_tree begin(struct troth_arena *arena)
{
    struct troth_cel_tree tree;

    *arena = TROTH_ARENA_OVER(room);
    CHECK_ERR(troth_cel_tree_begin(&tree, test_text(""), arena), TROTH_OK);
    return tree;
}

static uint32_t node(struct troth_cel_tree *tree, enum troth_cel_node_kind kind,
                     const char *text, uint32_t parent)
{
    const uint32_t made = troth_cel_node_new(tree, kind, 0, 0);

    tree->nodes[made].text = test_text(text);
    troth_cel_node_adopt(tree, parent, made);
    return made;
}

/* (f (g a b) c (h)) */
static struct troth_cel_tree example(struct troth_arena *arena)
{
    struct troth_cel_tree tree = begin(arena);

    tree.root = node(&tree, TROTH_CEL_NODE_CALL, "f", 0);
    const uint32_t g = node(&tree, TROTH_CEL_NODE_CALL, "g", tree.root);
    node(&tree, TROTH_CEL_NODE_NAME, "a", g);
    node(&tree, TROTH_CEL_NODE_NAME, "b", g);
    node(&tree, TROTH_CEL_NODE_NAME, "c", tree.root);
    node(&tree, TROTH_CEL_NODE_CALL, "h", tree.root);
    return tree;
}

/* The length of what was written; there is room for it. */
static int sprintf_at(char *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int sprintf_at(char *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int len = vsnprintf(out, 16, format, arguments);
    va_end(arguments);
    return len;
}

/* Each step of a walk: "+f" entered, "f0" between, "-f" left, with its depth. */
static void check_walk(const struct troth_cel_tree *tree, uint32_t top, const char *skip,
                       const char *wanted)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, top);
    char seen[256] = "";
    size_t len = 0;

    while (troth_cel_walk_next(&walk) && len < sizeof seen - 16) {
        const struct troth_cel_node *here = &tree->nodes[walk.node];
        const char name = (char)here->text.ptr[0];

        if (walk.step == TROTH_CEL_BETWEEN)
            len += (size_t)sprintf_at(seen + len, "%c%u@%u ", name, walk.child,
                                      walk.depth);
        else
            len += (size_t)sprintf_at(seen + len, "%c%c@%u ",
                                      walk.step == TROTH_CEL_ENTER ? '+' : '-', name,
                                      walk.depth);
        if (walk.step == TROTH_CEL_ENTER && troth_span_is_text(here->text, skip))
            troth_cel_walk_skip(&walk);
    }
    CHECK_TEXT(seen, wanted);
    CHECK(!troth_cel_walk_next(&walk));
}

static void test_walk(void)
{
    struct troth_arena arena;
    struct troth_cel_tree tree = example(&arena);
    const uint32_t g = troth_cel_node_child(&tree, tree.root, 0);
    const uint32_t c = troth_cel_node_child(&tree, tree.root, 1);

    test_case("every node is entered and left, in order");
    check_walk(&tree, tree.root, "",
               "+f@0 +g@1 +a@2 -a@2 g0@1 +b@2 -b@2 -g@1 f0@0 +c@1 -c@1 f1@0 +h@1 -h@1 "
               "-f@0 ");
    test_case("what is below a node can be skipped");
    check_walk(&tree, tree.root, "g",
               "+f@0 +g@1 -g@1 f0@0 +c@1 -c@1 f1@0 +h@1 -h@1 -f@0 ");
    check_walk(&tree, tree.root, "h",
               "+f@0 +g@1 +a@2 -a@2 g0@1 +b@2 -b@2 -g@1 f0@0 +c@1 -c@1 f1@0 +h@1 -h@1 "
               "-f@0 ");
    test_case("a walk stays below its top");
    check_walk(&tree, g, "", "+g@0 +a@1 -a@1 g0@0 +b@1 -b@1 -g@0 ");
    check_walk(&tree, c, "", "+c@0 -c@0 ");
    check_walk(&tree, 0, "", "");
}

static void test_family(void)
{
    struct troth_arena arena;
    struct troth_cel_tree tree = example(&arena);
    const uint32_t g = troth_cel_node_child(&tree, tree.root, 0);
    const uint32_t c = troth_cel_node_child(&tree, tree.root, 1);
    const uint32_t h = troth_cel_node_child(&tree, tree.root, 2);

    test_case("children are numbered");
    CHECK_INT(tree.nodes[tree.root].child_count, 3);
    CHECK_INT(tree.nodes[h].number, 2);
    CHECK_INT(troth_cel_node_child(&tree, tree.root, 3), 0);
    CHECK_INT(troth_cel_node_child(&tree, c, 0), 0);
    CHECK(troth_cel_node_is_call(&tree.nodes[h], "h"));
    CHECK(!troth_cel_node_is_call(&tree.nodes[h], "hh"));
    CHECK(!troth_cel_node_is_call(&tree.nodes[c], "c"));

    test_case("a child is taken out of the middle, the front and the end");
    troth_cel_node_release(&tree, c);
    CHECK_TEXT(parsed_text(&tree), "(f (g a b) (h))");
    CHECK_INT(tree.nodes[c].parent, 0);
    CHECK_INT(tree.nodes[h].number, 1);
    troth_cel_node_release(&tree, g);
    CHECK_TEXT(parsed_text(&tree), "(f (h))");
    CHECK_INT(tree.nodes[h].number, 0);
    troth_cel_node_release(&tree, h);
    CHECK_TEXT(parsed_text(&tree), "(f)");
    CHECK_INT(tree.nodes[tree.root].child_count, 0);
    troth_cel_node_adopt(&tree, tree.root, h);
    troth_cel_node_adopt(&tree, tree.root, g);
    CHECK_TEXT(parsed_text(&tree), "(f (h) (g a b))");

    test_case("no node is adopted and released without effect");
    troth_cel_node_adopt(&tree, tree.root, 0);
    troth_cel_node_release(&tree, 0);
    troth_cel_node_release(&tree, tree.root);
    CHECK_TEXT(parsed_text(&tree), "(f (h) (g a b))");
}

static void test_copy(void)
{
    struct troth_arena arena;
    struct troth_cel_tree tree = example(&arena);
    const uint32_t count = tree.count;
    const uint32_t g = troth_cel_node_child(&tree, tree.root, 0);

    test_case("a copy is whole, and stands alone");
    const uint32_t copy = troth_cel_node_copy(&tree, g);
    CHECK_INT(tree.count, count + 3);
    CHECK_INT(tree.nodes[copy].parent, 0);
    CHECK_INT(tree.nodes[copy].next, 0);
    CHECK_INT(tree.nodes[copy].child_count, 2);
    troth_cel_node_release(&tree, g);
    troth_cel_node_adopt(&tree, tree.root, copy);
    CHECK_TEXT(parsed_text(&tree), "(f c (h) (g a b))");

    test_case("a tree is copied into itself until it is full");
    while (!tree.is_full)
        troth_cel_node_adopt(&tree, tree.root, troth_cel_node_copy(&tree, tree.root));
    CHECK_INT(tree.count, TROTH_CEL_NODES_MAX);
    CHECK_INT(troth_cel_node_copy(&tree, g), 0);
}

static void test_room(void)
{
    struct troth_arena arena;
    struct troth_cel_tree tree = begin(&arena);
    const size_t at_first = arena.used;

    test_case("more nodes than there was room for at first");
    tree.root = node(&tree, TROTH_CEL_NODE_LIST, "", 0);
    while (!tree.is_full)
        node(&tree, TROTH_CEL_NODE_NAME, "x", tree.root);
    CHECK_INT(tree.count, TROTH_CEL_NODES_MAX);
    CHECK_INT(tree.nodes[tree.root].child_count, TROTH_CEL_NODES_MAX - 2);
    CHECK_INT(troth_cel_node_new(&tree, TROTH_CEL_NODE_NAME, 0, 0), 0);

    test_case("no memory for more");
    arena = (struct troth_arena){room, at_first + 64, 0};
    CHECK_ERR(troth_cel_tree_begin(&tree, test_text(""), &arena), TROTH_OK);
    while (!tree.is_full)
        (void)troth_cel_node_new(&tree, TROTH_CEL_NODE_NAME, 0, 0);
    CHECK_INT(tree.count, tree.capacity);

    test_case("no memory at all");
    arena = (struct troth_arena){room, 64, 0};
    CHECK_ERR(troth_cel_tree_begin(&tree, test_text(""), &arena), TROTH_ERR_MEMORY);
    CHECK(!tree.nodes && !tree.arena);
}

int main(void)
{
    test_walk();
    test_family();
    test_copy();
    test_room();
    return test_finish();
}
