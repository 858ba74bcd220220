/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/check.h"

#include <stdio.h>
#include <string.h>

#include "cel/parse.h"
#include "cel/type.h"
#include "test/harness.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

/* What is declared for most cases. */
static const struct troth_cel_type list_int = {TROTH_CEL_LIST, NULL, {OF(INT)}};
static const struct troth_cel_type map_int = {TROTH_CEL_MAP, NULL, {OF(STRING), OF(INT)}};
static const struct troth_cel_type by_number = {TROTH_CEL_MAP, NULL, {OF(INT), OF(INT)}};
static const struct troth_cel_type map_of_maps = {
    TROTH_CEL_MAP, NULL, {OF(STRING), &map_int}};
static const struct troth_cel_type optional_map = {TROTH_CEL_OPTIONAL, NULL, {&map_int}};
static const struct troth_cel_type optional_int = {TROTH_CEL_OPTIONAL, NULL, {OF(INT)}};
static const struct troth_cel_type parameter_t = {TROTH_CEL_PARAMETER, "T", {NULL}};
static const struct troth_cel_type parameter_u = {TROTH_CEL_PARAMETER, "U", {NULL}};
static const struct troth_cel_type parameter_v = {TROTH_CEL_PARAMETER, "V", {NULL}};
static const struct troth_cel_type list_t = {TROTH_CEL_LIST, NULL, {&parameter_t}};
static const struct troth_cel_type tuple = {
    TROTH_CEL_ABSTRACT, "tuple", {&parameter_t, &parameter_u, &parameter_v}};
static const struct troth_cel_type tuple_t = {
    TROTH_CEL_ABSTRACT, "tuple", {&parameter_t, &parameter_t, &parameter_t}};

static const struct troth_cel_variable variables[] = {
    {"i", OF(INT)},
    {"u", OF(UINT)},
    {"s", OF(STRING)},
    {"d", OF(DYN)},
    {"t", OF(TIMESTAMP)},
    {"list", &list_int}, /* a variable goes before a type */
    {"m", &map_int},
    {"by_number", &by_number},
    {"maps", &map_of_maps},
    {"om", &optional_map},
    {"oi", &optional_int},
    {"some", &list_t},
    {"tcb.date", OF(TIMESTAMP)},
    {"tdx.mr_td", OF(BYTES)},
    {"a", &map_of_maps},
    {"a.b", &map_int},
    {"a.b.c", OF(STRING)},
    {"kind", OF(STRING)},
    {"math", OF(STRING)},
};

static const struct troth_cel_overload functions[] = {
    {"fn", false, 2, OF(STRING), {OF(STRING), OF(INT)}, NULL, NULL},
    {"tuple", false, 3, &tuple, {&parameter_t, &parameter_u, &parameter_v}, NULL, NULL},
    {"sort", false, 1, &tuple_t, {&tuple_t}, NULL, NULL},
    {"com.example.f", false, 1, OF(INT), {OF(INT)}, NULL, NULL},
    {"f", false, 1, OF(STRING), {OF(INT)}, NULL, NULL},
};
static const struct troth_cel_library own = {
    .name = "own", .overloads = functions, .overload_count = COUNT(functions)};

static struct troth_cel_env environment(const struct troth_cel_library **libraries)
{
    for (size_t i = 0; i < TROTH_CEL_LIBRARIES; i++)
        libraries[i] = troth_cel_all_libraries[i];
    libraries[TROTH_CEL_LIBRARIES] = &own;
    return (struct troth_cel_env){.variables = variables,
                                  .variable_count = COUNT(variables),
                                  .libraries = libraries,
                                  .library_count = TROTH_CEL_LIBRARIES + 1};
}

static uint8_t memory[4 << 20];

/* Parse, which must work, and check. */
static enum troth_err check(struct troth_cel_tree *tree, struct troth_cel_issue *issue,
                            const struct troth_cel_env *env, const char *source)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    static struct troth_arena kept;

    kept = arena;
    *issue = (struct troth_cel_issue){0};
    if (!CHECK_ERR(troth_cel_parse(tree, issue, env, test_text(source), &kept),
                   TROTH_OK)) {
        printf("# %s: %s\n", source, issue->text);
        return TROTH_ERR_VALUE;
    }
    return troth_cel_check(tree, issue, env);
}

static const char *type_text(const struct troth_cel_type *type)
{
    static char text[512];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_cel_write_type(&w, type);
    text[w.len] = 0;
    return text;
}

static const struct {
    const char *source, *type;
} deduced[] = {
    /* literals */
    {"true", "bool"},
    {"42", "int"},
    {"42u", "uint"},
    {"0.1", "double"},
    {"'test'", "string"},
    {"b'test'", "bytes"},
    {"null", "null_type"},
    {"[1]", "list(int)"},
    {"{'abc': 123}", "map(string, int)"},
    {"{}", "map(dyn, dyn)"},
    {"[]", "list(dyn)"},
    {"[1, 'a']", "list(dyn)"},
    {"[1, 'a', 2]", "list(dyn)"},
    {"[dyn(1), 2]", "list(dyn)"},
    {"{1: 1, 'a': 2}", "map(dyn, int)"},
    {"{1: 1, 2: 'a'}", "map(int, dyn)"},
    {"[{}, {'a': 1}]", "list(map(string, int))"},
    {"[i, u]", "list(dyn)"},
    {"[?oi, 1]", "list(int)"},
    {"[?oi]", "list(int)"},
    {"{?'a': oi}", "map(string, int)"},
    {"[?d]", "list(dyn)"},
    {"[?optional.none()]", "list(dyn)"},
    /* what is not known yet */
    {"[[], [[]], [[[]]], [[[[]]]]]", "list(list(list(list(list(dyn)))))"},
    {"[[[[[]]]], [], [[[]]]]", "list(list(list(list(list(dyn)))))"},
    {"[[], [1]]", "list(list(int))"},
    {"[[1], []]", "list(list(int))"},
    {"[[], ['a'], [1]]", "list(dyn)"},
    {"[] + [1]", "list(int)"},
    {"([] + [[1]] + [])[0]", "list(int)"},
    {"([].map(x, x))[0].foo", "dyn"},
    {"[optional.none(), optional.of(1)]", "list(optional_type(int))"},
    {"[optional.of(1), optional.none()]", "list(optional_type(int))"},
    {"[optional.of(1), optional.of(dyn(1))]", "list(optional_type(dyn))"},
    {"[optional.of(dyn(1)), optional.of(1)]", "list(optional_type(dyn))"},
    {"true ? optional.of(dyn(1)) : optional.of(1)", "optional_type(dyn)"},
    {"[tuple(1, 2u, 3.0), tuple(dyn(1), dyn(2u), dyn(3.0))][0]", "tuple(dyn, dyn, dyn)"},
    {"sort(tuple(dyn(1), 2u, 3.0))", "tuple(dyn, dyn, dyn)"},
    {"tuple(1, 2u, 3.0) == tuple(1, dyn(2u), dyn(3.0))", "bool"},
    {"tuple(dyn(1), dyn(2u), 3.0) == tuple(1, 2u, 3.0)", "bool"},
    {"tuple(1, [], 'a')", "tuple(int, list(dyn), string)"},
    {"[optional.of(1), null][0]", "optional_type(int)"},
    {"[null, optional.of(1)]", "list(optional_type(int))"},
    {"[t, null][0]", "google.protobuf.Timestamp"},
    {"[null, duration('1s')]", "list(google.protobuf.Duration)"},
    {"[null, null]", "list(null_type)"},
    {"[1, null]", "list(dyn)"},
    {"t == null", "bool"},
    {"[] == [1]", "bool"},
    {"{} == m", "bool"},
    {"true ? [] : [1]", "list(int)"},
    {"[[d], [[]]]", "list(list(dyn))"},
    /* operators and functions */
    {"1 + 2", "int"},
    {"'a' + 'b'", "string"},
    {"t + duration('1s')", "google.protobuf.Timestamp"},
    {"t - t", "google.protobuf.Duration"},
    {"d + 1", "int"},
    {"d + d", "dyn"},
    {"-d", "dyn"},
    {"1 < 2.5", "bool"},
    {"d ? 1 : 2", "int"},
    {"true ? 1 : d", "dyn"},
    {"1 in [1]", "bool"},
    {"'a' in m", "bool"},
    {"['foo'][0]", "string"},
    {"{'abc': 123}['abc']", "int"},
    {"d[0]", "dyn"},
    {"d[0] + 1", "int"},
    {"d[0] + d[1]", "dyn"},
    {"m[?'a']", "optional_type(int)"},
    {"m.?a", "optional_type(int)"},
    {"om.?a", "optional_type(int)"},
    {"d.?a.?b", "optional_type(dyn)"},
    {"('foo' + 'bar').startsWith('foo')", "bool"},
    {"fn('abc', 123)", "string"},
    {"size(list)", "int"},
    {"list.size()", "int"},
    {"math.abs(-1)", "int"},
    {"math.abs(d)", "dyn"},
    {"base64.encode(b'a')", "string"},
    {"'a,b'.split(',')", "list(string)"},
    {"ip('10.0.0.1')", "net.IP"},
    {"optional.none().orValue(42)", "int"},
    {"type(1) == int", "bool"},
    {"type(i)", "type(int)"},
    {"int", "type(int)"},
    {"google.protobuf.Timestamp", "type(google.protobuf.Timestamp)"},
    {"net.IP", "type(net.IP)"},
    {"optional_type", "type(optional_type(dyn))"},
    {"[int, string]", "list(type(int))"},
    {"type(int) == type", "bool"},
    /* names */
    {"i", "int"},
    {"list", "list(int)"},
    {"tcb.date", "google.protobuf.Timestamp"},
    {"has(tcb.date)", "bool"},
    {"a", "map(string, map(string, int))"},
    {"a.b", "map(string, int)"},
    {"a.b.c", "string"},
    {"a.b.d", "int"},
    {"a.x", "map(string, int)"},
    {"a.x.y", "int"},
    {".a.b.c", "string"},
    {"m.x", "int"},
    {"{}.x", "dyn"},
    {"d.x.y", "dyn"},
    {"om.x", "optional_type(int)"},
    {"oi.orValue(1)", "int"},
    {"has(m.x)", "bool"},
    {"has(om.x)", "bool"},
    {"has(d.x)", "bool"},
    {"some", "list(dyn)"}, /* a variable has no type parameters */
    {"math", "string"},
    {"math.size()", "int"},
    /* macros */
    {"[1, 2].all(x, x > 0)", "bool"},
    {"m.exists(k, k == 'a')", "bool"},
    {"[1].exists_one(x, x == 1)", "bool"},
    {"[1].map(x, string(x))", "list(string)"},
    {"[1].map(x, x > 0, [x])", "list(list(int))"},
    {"[1].map(x, [])", "list(list(dyn))"},
    {"[1].filter(x, x > 0)", "list(int)"},
    {"m.map(k, k)", "list(string)"},
    {"by_number.filter(k, k > 1)", "list(int)"},
    {"d.map(x, x)", "list(dyn)"},
    {"[].filter(x, x > 0)", "list(int)"},
    {"[1].all(i, v, i == v)", "bool"},
    {"[1u].transformList(i, v, v)", "list(uint)"},
    {"[1u].transformList(i, v, i)", "list(int)"},
    {"m.transformList(k, v, v)", "list(int)"},
    {"m.transformMap(k, v, string(v))", "map(string, string)"},
    {"[1].transformMap(i, v, [v])", "map(int, list(int))"},
    {"m.transformMapEntry(k, v, {v: k})", "map(int, string)"},
    {"cel.bind(x, 1, x + 1)", "int"},
    {"cel.bind(x, [], x + ['a'])", "list(string)"},
    {"oi.optMap(x, string(x))", "optional_type(string)"},
    {"oi.optFlatMap(x, m.?a)", "optional_type(int)"},
    {"[[1]].map(x, x.map(x, string(x)))", "list(list(string))"},
    {"[{'z': 'a'}].map(tcb, tcb.z)", "list(string)"},
    {"['a'].map(math, math.size())", "list(int)"},
    {"[0].map(i, .i + i)", "list(int)"},
    {"{'k': [1, 2]}.map(k, k.size())", "list(int)"},
};

static void test_deduced(void)
{
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    const struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    for (size_t k = 0; k < COUNT(deduced); k++) {
        test_case("%s is %s", deduced[k].source, deduced[k].type);
        if (CHECK_ERR(check(&tree, &issue, &env, deduced[k].source), TROTH_OK))
            CHECK_TEXT(type_text(tree.nodes[tree.root].type), deduced[k].type);
        else
            CHECK_TEXT(issue.text, "");
    }
}

static const struct {
    const char *source, *quoted, *text;
} refused[] = {
    {"1 + 'a'", "1 + 'a'",
     "found no matching overload for '_+_' applied to '(int, string)'"},
    {"true && (1 + 1u == 2)", "1 + 1u",
     "found no matching overload for '_+_' applied to '(int, uint)'"},
    {"1 == null", "1 == null",
     "found no matching overload for '_==_' applied to '(int, null_type)'"},
    {"[1] == ['a']", "[1] == ['a']",
     "found no matching overload for '_==_' applied to '(list(int), list(string))'"},
    {"true ? 1 : 'a'", "true ? 1 : 'a'",
     "found no matching overload for '_?_:_' applied to '(bool, int, string)'"},
    {"x", "x", "undeclared reference to 'x' (in container '')"},
    {"[1].map(x, x) == y", "y", "undeclared reference to 'y' (in container '')"},
    {"[1].map(x, x + x1)", "x1", "undeclared reference to 'x1' (in container '')"},
    {"x.y.z", "x", "undeclared reference to 'x' (in container '')"},
    {"kindd", "kindd",
     "undeclared reference to 'kindd' (in container ''); did you mean 'kind'?"},
    {"tdx.mr_tb", "tdx.mr_tb",
     "undeclared reference to 'tdx.mr_tb' (in container ''); did you mean 'tdx.mr_td'?"},
    {"has(tdx.nothing_like_it)", "has(tdx.nothing_like_it)",
     "undeclared reference to 'tdx.nothing_like_it' (in container '')"},
    {"no_such(1)", "no_such(1)", "undeclared reference to 'no_such' (in container '')"},
    {"s.startWith('a')", "s.startWith('a')",
     "undeclared reference to 'startWith' (in container ''); did you mean 'startsWith'?"},
    {"s.startsWith(1)", "s.startsWith(1)",
     "found no matching overload for 'startsWith' applied to 'string.(int)'"},
    {"startsWith(s, s)", "startsWith(s, s)",
     "found no matching overload for 'startsWith' applied to '(string, string)'"},
    {"math.abs('a')", "math.abs('a')",
     "found no matching overload for 'math.abs' applied to '(string)'"},
    {"math.abs(1, 2)", "math.abs(1, 2)",
     "found no matching overload for 'math.abs' applied to '(int, int)'"},
    {"size()", "size()", "found no matching overload for 'size' applied to '()'"},
    {"i.x", "i.x", "type 'int' does not support field selection"},
    {"list.x", "list.x", "type 'list(int)' does not support field selection"},
    {"by_number.x", "by_number.x",
     "type 'map(int, int)' does not support field selection"},
    {"oi.x", "oi.x", "type 'optional_type(int)' does not support field selection"},
    {"has(i.x)", "has(i.x)", "type 'int' does not support field selection"},
    {"i.all(x, x)", "i",
     "expression of type 'int' cannot be range of a comprehension (must be list, map, or "
     "dynamic)"},
    {"list.all(x, x)", "x", "expected type 'bool' but found 'int'"},
    {"list.exists(x, x + 1)", "x + 1", "expected type 'bool' but found 'int'"},
    {"list.exists_one(x, x)", "x", "expected type 'bool' but found 'int'"},
    {"list.filter(x, x)", "x", "expected type 'bool' but found 'int'"},
    {"list.map(x, x, x)", "x", "expected type 'bool' but found 'int'"},
    {"[?i]", "i", "expected type 'optional_type(dyn)' but found 'int'"},
    {"{?'a': i}", "i", "expected type 'optional_type(dyn)' but found 'int'"},
    {"i.?x", "i.?x", "found no matching overload for '_?._' applied to '(int, string)'"},
    {"dyn", "dyn", "undeclared reference to 'dyn' (in container '')"},
    {".x", ".x", "undeclared reference to 'x' (in container '')"},
    {"[0].map(x, .x)", ".x", "undeclared reference to 'x' (in container '')"},
};

static void test_refused(void)
{
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    const struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    for (size_t k = 0; k < COUNT(refused); k++) {
        const char *source = refused[k].source;

        test_case("refused: %s", source);
        CHECK_ERR(check(&tree, &issue, &env, source), TROTH_ERR_VALUE);
        CHECK_TEXT(issue.text, refused[k].text);
        if (!CHECK(issue.start <= issue.end && issue.end <= strlen(source)))
            continue;
        CHECK_SPAN(((struct troth_span){(const uint8_t *)source + issue.start,
                                        issue.end - issue.start}),
                   test_text(refused[k].quoted));
    }
}

static const struct {
    const char *why, *container, *source, *type;
} contained[] = {
    {"the container's own first", "com.example", "y", "string"},
    {"absolute names are the root's", "com.example", ".y", "int"},
    {"then its parents'", "com.example", "z", "bool"},
    {"then the root's", "com.example", "w", "double"},
    {"the longest name wins in all of them", "com.example", "y.q", "bytes"},
    {"locals hide them", "com.example", "[1u].map(y, y)", "list(uint)"},
    {"not absolute ones", "com.example", "[1u].map(y, .y)", "list(int)"},
    {"fields of locals, too", "com.example", "[{'q': 1u}].map(y, y.q)", "list(uint)"},
    {"functions", "com.example", "f(1)", "int"},
    {"absolute functions", "com.example", ".f(1)", "string"},
    {"functions of parents", "com.example.inner", "f(1)", "int"},
    {"functions of the root", "com", "f(1)", "string"},
    {"functions in namespaces below", "com", "example.f(1)", "int"},
    {"types", "google.protobuf", "Timestamp", "type(google.protobuf.Timestamp)"},
    {"no container", NULL, "y", "int"},
};

static void test_contained(void)
{
    static const struct troth_cel_variable names[] = {
        {"y", OF(INT)},      {"com.example.y", OF(STRING)},
        {"com.z", OF(BOOL)}, {"example.y", OF(NULL)},
        {"w", OF(DOUBLE)},   {"y.q", OF(BYTES)},
    };
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    env.variables = names;
    env.variable_count = COUNT(names);
    for (size_t k = 0; k < COUNT(contained); k++) {
        test_case("containers: %s", contained[k].why);
        env.container = contained[k].container;
        if (CHECK_ERR(check(&tree, &issue, &env, contained[k].source), TROTH_OK))
            CHECK_TEXT(type_text(tree.nodes[tree.root].type), contained[k].type);
    }

    test_case("the container is in the issue");
    env.container = "com.example";
    CHECK_ERR(check(&tree, &issue, &env, "zz"), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "undeclared reference to 'zz' (in container 'com.example')");
}

static const struct {
    const char *source;
    const struct troth_cel_type *result;
    const char *issue;
} wanted[] = {
    {"i > 1", OF(BOOL), ""},
    {"d", OF(BOOL), ""},
    {"i", OF(BOOL), "expected type 'bool' but found 'int'"},
    {"[]", &list_int, ""},
    {"['a']", &list_int, "expected type 'list(int)' but found 'list(string)'"},
    {"null", OF(TIMESTAMP), ""},
    {"i", OF(DYN), ""},
    {"i", NULL, ""},
};

static void test_wanted(void)
{
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    for (size_t k = 0; k < COUNT(wanted); k++) {
        test_case("%s where %s is wanted", wanted[k].source, type_text(wanted[k].result));
        env.result = wanted[k].result;
        CHECK_ERR(check(&tree, &issue, &env, wanted[k].source),
                  wanted[k].issue[0] ? TROTH_ERR_VALUE : TROTH_OK);
        CHECK_TEXT(issue.text, wanted[k].issue);
    }
}

/* The last node that is visited of a kind, with that text: 0 if there is none. */
static uint32_t find(const struct troth_cel_tree *tree, enum troth_cel_node_kind kind,
                     const char *text)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    uint32_t found = 0;

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *n = &tree->nodes[walk.node];

        if (walk.step == TROTH_CEL_ENTER && n->kind == kind &&
            n->text.len == strlen(text) && memcmp(n->text.ptr, text, n->text.len) == 0)
            found = walk.node;
    }
    return found;
}

#define NAME   TROTH_CEL_NODE_NAME
#define SELECT TROTH_CEL_NODE_SELECT

static const struct {
    const char *source;
    enum troth_cel_node_kind kind;
    const char *text;
    enum troth_cel_meaning meaning;
    const char *variable; /* its name; or of a local, the owner's variable */
    enum troth_cel_local local;
} meanings[] = {
    {"i", NAME, "i", TROTH_CEL_MEANS_VARIABLE, "i", 0},
    {"a.b.c", SELECT, "c", TROTH_CEL_MEANS_VARIABLE, "a.b.c", 0},
    {"a.b.d", SELECT, "d", TROTH_CEL_MEANS_ITSELF, NULL, 0},
    {"a.b.d", SELECT, "b", TROTH_CEL_MEANS_VARIABLE, "a.b", 0},
    {"(a.b).c", SELECT, "c", TROTH_CEL_MEANS_ITSELF, NULL, 0},
    {"(a.b).c", SELECT, "b", TROTH_CEL_MEANS_VARIABLE, "a.b", 0},
    {"(a.b.c)", SELECT, "c", TROTH_CEL_MEANS_VARIABLE, "a.b.c", 0},
    {"((a)).b.c", SELECT, "b", TROTH_CEL_MEANS_ITSELF, NULL, 0},
    {"(math).size()", NAME, "math", TROTH_CEL_MEANS_VARIABLE, "math", 0},
    {"a.x.y", SELECT, "x", TROTH_CEL_MEANS_ITSELF, NULL, 0},
    {"a.x.y", NAME, "a", TROTH_CEL_MEANS_VARIABLE, "a", 0},
    {"has(tcb.date)", SELECT, "date", TROTH_CEL_MEANS_VARIABLE, "tcb.date", 0},
    {"has(a.b.d)", SELECT, "d", TROTH_CEL_MEANS_ITSELF, NULL, 0},
    {"has(a.b.d)", SELECT, "b", TROTH_CEL_MEANS_VARIABLE, "a.b", 0},
    {"type(i) == int", NAME, "int", TROTH_CEL_MEANS_TYPE, NULL, 0},
    {"net.IP", SELECT, "IP", TROTH_CEL_MEANS_TYPE, NULL, 0},
    {"math.abs(i)", NAME, "math", TROTH_CEL_MEANS_NAMESPACE, NULL, 0},
    {"math.abs(i)", NAME, "i", TROTH_CEL_MEANS_VARIABLE, "i", 0},
    {"com.example.f(i)", SELECT, "example", TROTH_CEL_MEANS_NAMESPACE, NULL, 0},
    {"math.size()", NAME, "math", TROTH_CEL_MEANS_VARIABLE, "math", 0},
    {"[0].map(j, j)", NAME, "j", TROTH_CEL_MEANS_LOCAL, "j", TROTH_CEL_LOCAL_TEXT},
    {"[0].map(i, i)", NAME, "i", TROTH_CEL_MEANS_LOCAL, "i", TROTH_CEL_LOCAL_TEXT},
    {"[0].all(j, k, j == k)", NAME, "k", TROTH_CEL_MEANS_LOCAL, "j",
     TROTH_CEL_LOCAL_SECOND},
    {"[0].map(j, j)", NAME, "@result", TROTH_CEL_MEANS_LOCAL, "j",
     TROTH_CEL_LOCAL_RESULT},
    {"cel.bind(v, 1, v)", NAME, "v", TROTH_CEL_MEANS_LOCAL, "v", TROTH_CEL_LOCAL_TEXT},
    {"cel.bind(i, i, 1)", NAME, "i", TROTH_CEL_MEANS_VARIABLE, "i", 0},
    {"[[0]].map(i, i).map(j, i)", NAME, "i", TROTH_CEL_MEANS_VARIABLE, "i", 0},
    {"list.map(j, [j]).map(k, k.map(j, j))", NAME, "j", TROTH_CEL_MEANS_LOCAL, "j",
     TROTH_CEL_LOCAL_TEXT},
};

static void check_meaning(const struct troth_cel_tree *tree, size_t k)
{
    const uint32_t node = find(tree, meanings[k].kind, meanings[k].text);
    const struct troth_cel_node *n = &tree->nodes[node];

    if (!CHECK(node != 0) || !CHECK_INT(n->meaning, meanings[k].meaning))
        return;
    if (n->meaning == TROTH_CEL_MEANS_VARIABLE)
        CHECK_TEXT(variables[n->index].name, meanings[k].variable);
    if (n->meaning == TROTH_CEL_MEANS_LOCAL) {
        CHECK_SPAN(tree->nodes[n->index].text, test_text(meanings[k].variable));
        CHECK_INT(n->local, meanings[k].local);
    }
    if (n->meaning == TROTH_CEL_MEANS_TYPE)
        CHECK_INT(n->literal.kind, TROTH_CEL_TYPE);
}

/* Names mean the same whether types are checked or not. */
static void test_meanings(void)
{
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    for (size_t k = 0; k < 2 * COUNT(meanings); k++) {
        const size_t row = k / 2;

        env.is_unchecked = k % 2;
        test_case("%s in %s%s", meanings[row].text, meanings[row].source,
                  env.is_unchecked ? ", unchecked" : "");
        if (CHECK_ERR(check(&tree, &issue, &env, meanings[row].source), TROTH_OK))
            check_meaning(&tree, row);
    }
}

static const struct {
    const char *source, *function;
    size_t kept, all;
} overloads[] = {
    {"1 + 2", "_+_", 1, 9},
    {"d + 1", "_+_", 1, 9},
    {"d + d", "_+_", 9, 9},
    {"list.size()", "size", 1, 4},
    {"size(d)", "size", 4, 4},
    {"math.abs(1)", "abs", 1, 3},
    {"1 == 2", "_==_", 1, 1},
    {"d < 1.0", "_<_", 3, 14},
    {"f(1)", "f", 1, 1},
    {"com.example.f(1)", "f", 1, 1},
    {"t + duration('1s')", "_+_", 1, 9},
};

static size_t count_overloads(const struct troth_cel_node *node)
{
    size_t count = 0;

    while (node->overloads && node->overloads[count])
        count++;
    return count;
}

static void test_overloads(void)
{
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    for (size_t k = 0; k < COUNT(overloads); k++) {
        test_case("overloads of %s in %s", overloads[k].function, overloads[k].source);
        for (unsigned unchecked = 0; unchecked < 2; unchecked++) {
            env.is_unchecked = unchecked;
            if (!CHECK_ERR(check(&tree, &issue, &env, overloads[k].source), TROTH_OK))
                continue;
            const uint32_t call = find(&tree, TROTH_CEL_NODE_CALL, overloads[k].function);
            CHECK_INT(count_overloads(&tree.nodes[call]),
                      unchecked ? overloads[k].all : overloads[k].kept);
        }
    }

    test_case("a function's whole name");
    env.is_unchecked = false;
    CHECK_ERR(check(&tree, &issue, &env, "com.example.f(1)"), TROTH_OK);
    CHECK(tree.nodes[tree.root].has_namespace);
    CHECK_SPAN(tree.nodes[tree.root].qualified, test_text("com.example.f"));

    test_case("unchecked, what is not there is no issue");
    env.is_unchecked = true;
    static const char *const sources[] = {"x",       "x.y.z", "f_unknown(17)", "x.y.g()",
                                          "1 + 'a'", "i.x",   "list.all(x, 1)"};
    for (size_t k = 0; k < COUNT(sources); k++)
        CHECK_ERR(check(&tree, &issue, &env, sources[k]), TROTH_OK);
    CHECK_ERR(check(&tree, &issue, &env, "f_unknown(17)"), TROTH_OK);
    CHECK_INT(count_overloads(&tree.nodes[tree.root]), 0);
    CHECK_ERR(check(&tree, &issue, &env, "x"), TROTH_OK);
    CHECK_INT(tree.nodes[tree.root].meaning, TROTH_CEL_MEANS_NOTHING);
}

/* Types that double at every level: bounded, and dyn from there on. */
static void test_bounds(void)
{
    enum { LEVELS = 60, NESTED = 99 };
    static char source[8192];
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    const struct troth_cel_env env = environment(libraries);
    struct troth_writer w = troth_writer_over((uint8_t *)source, sizeof source - 1);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    test_case("types that grow without end");
    troth_write_text(&w, "cel.bind(v, tuple([], [], []), ");
    for (int k = 1; k < LEVELS; k++)
        troth_write_text(&w, "cel.bind(v, tuple(v, v, v), ");
    troth_write_text(&w, "tuple(v, v, 1) == tuple(v, 1, v)");
    for (int k = 0; k < LEVELS; k++)
        troth_write_text(&w, ")");
    CHECK_ERR(check(&tree, &issue, &env, source), TROTH_ERR_VALUE);
    CHECK(strncmp(issue.text, "found no matching", 17) == 0);

    test_case("lists nested as deep as may be");
    memset(source, '[', NESTED);
    memset(source + NESTED, ']', NESTED);
    source[(size_t)2 * NESTED] = 0;
    CHECK_ERR(check(&tree, &issue, &env, source), TROTH_OK);
}

static void test_memory(void)
{
    static const char source[] =
        "[[], [1]].map(x, x + [i]).exists(y, math.abs(y[0]) > 1 && a.b.c == 'x')";
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    const struct troth_cel_env env = environment(libraries);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;
    bool fits = false;

    test_case("any arena is enough, or too small");
    for (size_t size = 0; size < sizeof memory && !fits; size += 64) {
        struct troth_arena arena = {memory, size, 0};

        if (troth_cel_parse(&tree, &issue, &env, test_text(source), &arena))
            continue;
        const enum troth_err err = troth_cel_check(&tree, &issue, &env);
        fits = err == TROTH_OK;
        CHECK(fits || err == TROTH_ERR_MEMORY);
    }
    CHECK(fits);
}

int main(void)
{
    test_deduced();
    test_refused();
    test_contained();
    test_wanted();
    test_meanings();
    test_overloads();
    test_bounds();
    test_memory();
    return test_finish();
}
