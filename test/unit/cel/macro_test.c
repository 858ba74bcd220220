/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/macro.h"

#include "base/span.h"
#include "cel/parse.h"
#include "parsed_text.h"
#include "test/harness.h"

static uint8_t room[4 << 20];

static const struct troth_cel_env all_libraries = {.libraries = troth_cel_all_libraries,
                                                   .library_count = TROTH_CEL_LIBRARIES};
static const struct troth_cel_env standard_only = {0};

static struct troth_cel_issue issue;

static enum troth_err parse(struct troth_cel_tree *out, const struct troth_cel_env *env,
                            const char *source)
{
    static struct troth_arena arena;

    arena = TROTH_ARENA_OVER(room);
    return troth_cel_parse(out, &issue, env, test_text(source), &arena);
}

/* clang-format off */
static const struct {
    const char *source, *tree;
} rows[] = {
    {"has(a.b)",     "(has a b)"},
    {"has(a.b.c)",   "(has (select a b) c)"},
    {"has(a.?b.c)",  "(has (_?._ a 'b') c)"},
    {"has({}.`a-b`)", "(has {} a-b)"},
    {"!has(f().g)",  "(!_ (has (f) g))"},
    {"x.all(i, p)",
     "(loop i x true (@not_strictly_false @result) (_&&_ @result p) @result)"},
    {"x.exists(i, p)",
     "(loop i x false (@not_strictly_false (!_ @result)) (_||_ @result p) @result)"},
    {"x.exists_one(i, p)",
     "(loop i x 0 true (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"},
    {"x.existsOne(i, p)",
     "(loop i x 0 true (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"},
    {"x.filter(i, p)",
     "(loop i x [] true (_?_:_ p (@append @result i) @result) @result)"},
    {"x.map(i, t)",
     "(loop i x [] true (@append @result t) @result)"},
    {"x.map(i, p, t)",
     "(loop i x [] true (_?_:_ p (@append @result t) @result) @result)"},
    {"[1, 2].map(i, i.map(j, i))",
     "(loop i [1 2] [] true (@append @result (loop j i [] true (@append @result i) @result)) "
     "@result)"},
    {"x.all(i, v, p)",
     "(loop i v x true (@not_strictly_false @result) (_&&_ @result p) @result)"},
    {"x.exists(i, v, p)",
     "(loop i v x false (@not_strictly_false (!_ @result)) (_||_ @result p) @result)"},
    {"x.existsOne(i, v, p)",
     "(loop i v x 0 true (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"},
    {"x.exists_one(i, v, p)",
     "(loop i v x 0 true (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"},
    {"x.transformList(i, v, t)",
     "(loop i v x [] true (@append @result t) @result)"},
    {"x.transformList(i, v, p, t)",
     "(loop i v x [] true (_?_:_ p (@append @result t) @result) @result)"},
    {"x.transformMap(k, v, t)",
     "(loop k v x {} true (@insert @result k t) @result)"},
    {"x.transformMap(k, v, p, t)",
     "(loop k v x {} true (_?_:_ p (@insert @result k t) @result) @result)"},
    {"x.transformMapEntry(k, v, e)",
     "(loop k v x {} true (@insert_all @result e) @result)"},
    {"x.transformMapEntry(k, v, p, e)",
     "(loop k v x {} true (_?_:_ p (@insert_all @result e) @result) @result)"},
    {"cel.bind(x, 1, x + x)", "(let x 1 (_+_ x x))"},
    {"a.optMap(v, v + 1)",
     "(let @optional a (_?_:_ (.hasValue @optional) "
     "(optional.of (let v (.value @optional) (_+_ v 1))) (optional.none)))"},
    {"a.optFlatMap(v, v.?b)",
     "(let @optional a (_?_:_ (.hasValue @optional) "
     "(let v (.value @optional) (_?._ v 'b')) (optional.none)))"},
    {"math.greatest(x)",          "(math.@max x)"},
    {"math.greatest([1, 2])",     "(math.@max [1 2])"},
    {"math.greatest(1, x, 2u)",   "(math.@max [1 x 2u])"},
    {"math.least(-1.5, f(x))",    "(math.@min [-1.5000000000000000 (f x)])"},

    /* no macros */
    {"all(x, p)",                 "(all x p)"},
    {"x.all(p)",                  "(.all x p)"},
    {"x.all(i, v, p, q)",         "(.all x i v p q)"},
    {"x.has(a.b)",                "(.has x (select a b))"},
    {".has(a.b)",                 "(absolute has (select a b))"},
    {"has(a, b)",                 "(has a b)"},
    {"bind(x, 1, x)",             "(bind x 1 x)"},
    {".cel.bind(x, 1, x)",        "(.bind .cel x 1 x)"},
    {"a.cel.bind(x, 1, x)",       "(.bind (select a cel) x 1 x)"},
    {"cell.bind(x, 1, x)",        "(.bind cell x 1 x)"},
    {"cel.block([1, cel.index(0)], cel.index(1))",
     "(let @index0 1 (let @index1 @index0 @index1))"},
    {"cel.block([], a)",          "a"},
    {"x.map(cel.iterVar(1, 0), cel.iterVar(1, 0))",
     "(loop @variable1_0 x [] true (@append @result @variable1_0) @result)"},
    {"cel.bind(x, 1)",            "(.bind cel x 1)"},
    {"optMap(x, 1)",              "(optMap x 1)"},
    {"a.math.least(1)",           "(.least (select a math) 1)"},
};

static const struct {
    const char *source, *wrong;
    unsigned column;
} refused[] = {
    {"has(a)",                 "has() asks for a field: it is written has(a.b)", 5},
    {"has(a['b'])",            "has() asks for a field: it is written has(a.b)", 5},
    {"has(a.b())",             "has() asks for a field: it is written has(a.b)", 5},
    {"has(has(a.b))",          "has() asks for a field: it is written has(a.b)", 5},
    {"has(a.?b)",              "has() asks for a field: it is written has(a.b)", 5},
    {"x.all(1, p)",            "expected a simple name here, for the variable", 7},
    {"x.all(.i, p)",           "expected a simple name here, for the variable", 7},
    {"x.map(a.b, p)",          "expected a simple name here, for the variable", 7},
    {"x.map(f(i), p, q)",      "expected a simple name here, for the variable", 7},
    {"x.exists(i, 1, p)",      "expected a simple name here, for the variable", 13},
    {"x.exists(i, i, p)",      "the two variables have the same name", 13},
    {"cel.block(1, 2)",        "expected a list of values here", 11},
    {"cel.block([?a], 2)",     "a value in a block is not optional", 13},
    {"cel.index(a)",           "expected a number here, from 0", 11},
    {"cel.iterVar(0, -1)",     "expected a number here, from 0", 16},
    {"cel.bind(a.b, 1, 2)",    "expected a simple name here, for the variable", 10},
    {"a.optMap('v', 1)",       "expected a simple name here, for the variable", 10},
    {"math.least()",           "expected at least one number", 1},
    {"math.least('a')",        "expected a number here", 12},
    {"math.greatest(1, true)", "expected a number here", 18},
};
/* clang-format on */

static void test_trees(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_cel_tree tree;

        test_case("%s", rows[i].source);
        if (CHECK_ERR(parse(&tree, &all_libraries, rows[i].source), TROTH_OK))
            CHECK_TEXT(parsed_text(&tree), rows[i].tree);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct troth_cel_tree tree;

        test_case("%s is refused", refused[i].source);
        CHECK_ERR(parse(&tree, &all_libraries, refused[i].source), TROTH_ERR_VALUE);
        CHECK_TEXT(issue.text, refused[i].wrong);
        CHECK_INT(issue.column, refused[i].column);
    }
}

/* Everything but the macro's own node and what users wrote is marked as written. */
static void test_marks(void)
{
    const struct troth_span source = test_text("1 in x.filter(i, i > 2)");
    struct troth_cel_tree tree;

    test_case("what a macro writes says so, and has the macro's place");
    CHECK_ERR(parse(&tree, &all_libraries, (const char *)source.ptr), TROTH_OK);
    struct troth_cel_walk walk = troth_cel_walk_over(&tree, tree.root);
    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree.nodes[walk.node];
        const struct troth_span text = troth_span_slice(source, node->start, node->end);

        if (node->is_written || node->kind == TROTH_CEL_NODE_LOOP)
            CHECK_SPAN(text, test_text("x.filter(i, i > 2)"));
        if (troth_span_is_text(node->text, "_>_"))
            CHECK(!node->is_written);
        if (troth_span_is_text(node->text, "@append"))
            CHECK(node->is_written);
        if (node->kind == TROTH_CEL_NODE_LOOP)
            CHECK(!node->is_written);
    }

    test_case("a field that is asked for has the place of has()");
    CHECK_ERR(parse(&tree, &all_libraries, " has(a.b)"), TROTH_OK);
    CHECK_INT(tree.nodes[tree.root].start, 1);
    CHECK_INT(tree.nodes[tree.root].end, 9);
    CHECK_INT(tree.nodes[tree.root].parent, 0);
}

static void test_libraries(void)
{
    struct troth_cel_tree tree;

    test_case("only the standard macros are there without their libraries");
    CHECK_ERR(parse(&tree, &standard_only, "x.map(i, has(i.a))"), TROTH_OK);
    CHECK_TEXT(parsed_text(&tree),
               "(loop i x [] true (@append @result (has i a)) @result)");
    CHECK_ERR(parse(&tree, &standard_only, "cel.bind(x, 1, x)"), TROTH_OK);
    CHECK_TEXT(parsed_text(&tree), "(.bind cel x 1 x)");
    CHECK_ERR(parse(&tree, &standard_only, "x.all(i, v, p)"), TROTH_OK);
    CHECK_TEXT(parsed_text(&tree), "(.all x i v p)");
}

int main(void)
{
    test_trees();
    test_marks();
    test_libraries();
    return test_finish();
}
