/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/parse.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "parsed_text.h"
#include "test/harness.h"

static uint8_t room[4 << 20];

static const struct troth_cel_env env = {.libraries = troth_cel_all_libraries,
                                         .library_count = TROTH_CEL_LIBRARIES};
static struct troth_cel_issue issue;

static enum troth_err parse(struct troth_cel_tree *out, struct troth_span source)
{
    static struct troth_arena arena;

    arena = TROTH_ARENA_OVER(room);
    return troth_cel_parse(out, &issue, &env, source, &arena);
}

/* clang-format off */
static const struct {
    const char *source, *tree;
} rows[] = {
    /* operands */
    {"1",                        "1"},
    {"-1",                       "-1"},
    {"- 1",                      "-1"},
    {"-9223372036854775808",     "-9223372036854775808"},
    {"-1u",                      "(-_ 1u)"},
    {"-x",                       "(-_ x)"},
    {"-(1)",                     "(-_ 1)"},
    {"--1",                      "(-_ -1)"},
    {"---x",                     "(-_ (-_ (-_ x)))"},
    {"!!x",                      "(!_ (!_ x))"},
    {"-0.0",                     "-0.0000000000000000"},
    {"true",                     "true"},
    {"[null, false]",            "[null false]"},
    {"'a' + b\"b\"",             "(_+_ 'a' b'b')"},
    {"a",                        "a"},
    {". a",                      ".a"},
    {"(((a)))",                  "a"},
    {"[]",                       "[]"},
    {"[1, [2], 3,]",             "[1 [2] 3]"},
    {"{}",                       "{}"},
    {"{1: 2, 'a': b}",           "{1: 2, 'a': b}"},
    {"{a: {b: c},}",             "{a: {b: c}}"},
    {"{a ? b : c: d}",           "{(_?_:_ a b c): d}"},
    {"f()",                      "(f)"},
    {"f(1, g(2), 3)",            "(f 1 (g 2) 3)"},
    {".f(1)",                    "(absolute f 1)"},

    /* what follows an operand */
    {"a.b.c",                    "(select (select a b) c)"},
    {".a.b",                     "(select .a b)"},
    {"a . b",                    "(select a b)"},
    {"a.b(c)",                   "(.b a c)"},
    {"a.b().c(d, e)",            "(.c (.b a) d e)"},
    {"math.abs(x)",              "(.abs math x)"},
    {"a[1]",                     "(_[_] a 1)"},
    {"a[b[c]][d]",               "(_[_] (_[_] a (_[_] b c)) d)"},
    {"1.a",                      "(select 1 a)"},
    {"-1.a()",                   "(.a -1)"},
    {"'a'.b",                    "(select 'a' b)"},
    {"[1][0]",                   "(_[_] [1] 0)"},
    {"{1: 2}[1].a",              "(select (_[_] {1: 2} 1) a)"},
    {"(a + b).c",                "(select (_+_ a b) c)"},
    {"-a.b",                     "(-_ (select a b))"},
    {"!a.b()",                   "(!_ (.b a))"},
    {"-a[0]",                    "(-_ (_[_] a 0))"},

    /* names that are not for variables */
    {"a.as.namespace",           "(select (select a as) namespace)"},
    {"a.var(1)",                 "(.var a 1)"},
    {"a.`b-c`.d",                "(select (select a b-c) d)"},
    {"a.`in`",                   "(select a in)"},
    {"a.?`b c`",                 "(_?._ a 'b c')"},

    /* optionals */
    {"a.?b",                     "(_?._ a 'b')"},
    {"a.? b.c",                  "(select (_?._ a 'b') c)"},
    {"a[?b].?c",                 "(_?._ (_[?_] a b) 'c')"},
    {"[?a, b, ?c.d]",            "[?a b ?(select c d)]"},
    {"{?a: b, c: d, ?e: f}",     "{?a: b, c: d, ?e: f}"},
    {"{?(a): b ? c : d}",        "{?a: (_?_:_ b c d)}"},

    /* how tightly operators bind */
    {"a || b && c == d + e * -f",
     "(_||_ a (_&&_ b (_==_ c (_+_ d (_*_ e (-_ f))))))"},
    {"-a * b + c < d && e || f",
     "(_||_ (_&&_ (_<_ (_+_ (_*_ (-_ a) b) c) d) e) f)"},
    {"a - b - c",                "(_-_ (_-_ a b) c)"},
    {"a - (b - c)",              "(_-_ a (_-_ b c))"},
    {"a / b * c % d",            "(_%_ (_*_ (_/_ a b) c) d)"},
    {"a + b - c",                "(_-_ (_+_ a b) c)"},
    {"a == b != c",              "(_!=_ (_==_ a b) c)"},
    {"a < b <= c > d >= e",      "(_>=_ (_>_ (_<=_ (_<_ a b) c) d) e)"},
    {"a in b in c",              "(@in (@in a b) c)"},
    {"a + b in c",               "(@in (_+_ a b) c)"},
    {"!a in b",                  "(@in (!_ a) b)"},
    {"a || b || c",              "(_||_ (_||_ a b) c)"},
    {"a && b && c",              "(_&&_ (_&&_ a b) c)"},
    {"a && b && c && d",         "(_&&_ (_&&_ a b) (_&&_ c d))"},
    {"a || b || c || d || e",    "(_||_ (_||_ (_||_ a b) (_||_ c d)) e)"},
    {"a || (b || c) || d",       "(_||_ (_||_ a (_||_ b c)) d)"},
    {"a && b || c && d || e && f && g",
     "(_||_ (_||_ (_&&_ a b) (_&&_ c d)) (_&&_ (_&&_ e f) g))"},
    {"!a || -b && c || d ? e || f : g || h",
     "(_?_:_ (_||_ (_||_ (!_ a) (_&&_ (-_ b) c)) d) (_||_ e f) (_||_ g h))"},
    {"1 -1",                     "(_-_ 1 1)"},
    {"1 - -1",                   "(_-_ 1 -1)"},
    {"a ? b : c",                "(_?_:_ a b c)"},
    {"a ? b : c ? d : e",        "(_?_:_ a b (_?_:_ c d e))"},
    {"(a ? b : c) ? d : e",      "(_?_:_ (_?_:_ a b c) d e)"},
    {"a ? (b ? c : d) : e",      "(_?_:_ a (_?_:_ b c d) e)"},
    {"a || b ? c || d : e || f", "(_?_:_ (_||_ a b) (_||_ c d) (_||_ e f))"},
    {"[a ? b : c, d]",           "[(_?_:_ a b c) d]"},
    {"f(a ? b : c)[d ? e : g]",  "(_[_] (f (_?_:_ a b c)) (_?_:_ d e g))"},
    {"a ? .b : -c",              "(_?_:_ a .b (-_ c))"},
    {" // note\n a // note\r + b", "(_+_ a b)"},
};

static const struct {
    const char *source;
    unsigned line, column;
    const char *wrong;
} refused[] = {
    {"",              1, 1,  "expected a value here"},
    {" // a\n",       2, 1,  "expected a value here"},
    {"1 +",           1, 4,  "expected a value here"},
    {"1 + * 2",       1, 5,  "expected a value here"},
    {"a &&\n  || b",  2, 3,  "expected a value here"},
    {"a ?",           1, 4,  "expected a value here"},
    {"in a",          1, 1,  "expected a value here"},
    {"()",            1, 2,  "expected a value here"},
    {"(1",            1, 3,  "expected ')' here"},
    {"(1 2)",         1, 4,  "expected an operator or ')' here"},
    {"(1]",           1, 3,  "expected an operator or ')' here"},
    {"(a, b)",        1, 3,  "expected an operator or ')' here"},
    {"1)",            1, 2,  "')' closes nothing here"},
    {"1]",            1, 2,  "']' closes nothing here"},
    {"1}",            1, 2,  "'}' closes nothing here"},
    {"a b",           1, 3,  "expected an operator or the end here"},
    {"a, b",          1, 2,  "expected an operator or the end here"},
    {"a : b",         1, 3,  "expected an operator or the end here"},
    {"a.5",           1, 2,  "expected an operator or the end here"},
    {"(a)(b)",        1, 4,  "expected an operator or the end here"},
    {"a[0](b)",       1, 5,  "expected an operator or the end here"},
    {"a!",            1, 2,  "expected an operator or the end here"},
    {"f(1",           1, 4,  "expected ',' or ')' here"},
    {"f(1,",          1, 5,  "expected a value here"},
    {"f(1,)",         1, 5,  "expected a value here"},
    {"f(,)",          1, 3,  "expected a value here"},
    {"a.f(1,)",       1, 7,  "expected a value here"},
    {"f(?a)",         1, 3,  "expected a value here"},
    {"[1, 2",         1, 6,  "expected ',' or ']' here"},
    {"[1 2]",         1, 4,  "expected an operator or ',' or ']' here"},
    {"[,]",           1, 2,  "expected a value here"},
    {"[1,,]",         1, 4,  "expected a value here"},
    {"[?]",           1, 3,  "expected a value here"},
    {"[1, ?]",        1, 6,  "expected a value here"},
    {"[-]",           1, 3,  "expected a value here"},
    {"{1}",           1, 3,  "expected an operator or ':' and a value here"},
    {"{1",            1, 3,  "expected ':' and a value here"},
    {"{1, 2}",        1, 3,  "expected an operator or ':' and a value here"},
    {"{1: 2",         1, 6,  "expected ',' or '}' here"},
    {"{1:}",          1, 4,  "expected a value here"},
    {"{?}",           1, 3,  "expected a value here"},
    {"{1: ?a}",       1, 5,  "expected a value here"},
    {"a[1",           1, 4,  "expected ']' here"},
    {"a[]",           1, 3,  "expected a value here"},
    {"a[1, 2]",       1, 4,  "expected an operator or ']' here"},
    {"a ? b",         1, 6,  "expected ':' of 'a ? b : c' here"},
    {"(a ? b)",       1, 7,  "expected an operator or ':' of 'a ? b : c' here"},
    {"a ? b ? c : d : e", 1, 7,
     "a condition between '?' and ':' of another stands in parentheses"},
    {"a.",            1, 3,  "expected a field's name here"},
    {"a.(b)",         1, 3,  "expected a field's name here"},
    {"a.'b'",         1, 3,  "expected a field's name here"},
    {"a.??b",         1, 4,  "expected a field's name here"},
    {"a.true",        1, 3,  "a field 'true' is written in backquotes or as a['...']"},
    {"a.in",          1, 3,  "a field 'in' is written in backquotes or as a['...']"},
    {"a.?b(c)",       1, 5,  "expected an operator or the end here"},
    {"a.`b`(c)",      1, 6,  "expected an operator or the end here"},
    {"`a`",           1, 1,  "`a` is a field's name: it comes after a dot"},
    {".",             1, 2,  "expected a name after the dot"},
    {".1a",           1, 3,  "expected an operator or the end here"},
    {".true",         1, 2,  "expected a name after the dot"},
    {".[a]",          1, 2,  "expected a name after the dot"},
    {"as",            1, 1,  "'as' is a reserved word: no variable or function is called that"},
    {"1 + if(a)",     1, 5,  "'if' is a reserved word: no variable or function is called that"},
    {"Foo{}",         1, 1,  "message literals are not supported"},
    {"1 + a.b.Foo{c: d}", 1, 5, "message literals are not supported"},
    {"f(){}",         1, 4,  "expected an operator or the end here"},
    {"(-'a'{})",      1, 6,  "expected an operator or ')' here"},
    {"a and b",       1, 3,  "expected an operator here: 'and' is written '&&'"},
    {"(a or b)",      1, 4,  "expected an operator here: 'or' is written '||'"},
    {"a not in b",    1, 3,  "expected an operator here: 'a not in b' is written '!(a in b)'"},
    {"a & b",         1, 3,  "there is no '&': 'and' is written '&&'"},
    {"a == $b",       1, 6,  "this character can only stand in a string"},
    {"a == 'b",       1, 6,  "the string has no closing quote"},
    {"a\n == 'b\\q'", 2, 7,
     "unknown escape \\q; a backslash is written \\\\, or stands in a raw string: r'...'"},
    {"9223372036854775808", 1, 1, "the number does not fit an int, which has 64 bits"},
    {"'\xc3\xbc' + ", 1, 7,  "expected a value here"},
    {"a +\n'\xff'",   2, 1,  "this line is not valid UTF-8"},
};
/* clang-format on */

/* A source as the name of a case, which is one line. */
static const char *one_line(const char *source)
{
    static char line[128];
    size_t i = 0;

    for (; source[i] && i + 1 < sizeof line; i++)
        line[i] = (char)(source[i] == '\n' || source[i] == '\r' ? ' ' : source[i]);
    line[i] = 0;
    return line;
}

static void test_rows(void)
{
    struct troth_cel_tree tree;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", one_line(rows[i].source));
        if (CHECK_ERR(parse(&tree, test_text(rows[i].source)), TROTH_OK))
            CHECK_TEXT(parsed_text(&tree), rows[i].tree);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        test_case("'%s' is refused", one_line(refused[i].source));
        CHECK_ERR(parse(&tree, test_text(refused[i].source)), TROTH_ERR_VALUE);
        CHECK_TEXT(issue.text, refused[i].wrong);
        CHECK_INT(issue.line, refused[i].line);
        CHECK_INT(issue.column, refused[i].column);
        CHECK(!tree.nodes && !tree.count);
    }
}

/* Where nodes begin and end in the source. */
static void test_places(void)
{
    static const struct {
        const char *source, *function, *text;
    } places[] = {
        {" a + b * c ", "_*_", "b * c"},
        {" a + b * c ", "_+_", "a + b * c"},
        {"(a + b) * c", "_*_", "(a + b) * c"},
        {"(a + b) * c", "_+_", "(a + b)"},
        {"a && b && (c) && (d)", "_&&_", "(c) && (d)"},
        {"x - (-(a))", "-_", "(-(a))"},
        {"1 + f( 2 ) ", "f", "f( 2 )"},
        {"1 + a.b.f( 2 ) ", "f", "a.b.f( 2 )"},
        {"1 + . f( 2 ) ", "f", ". f( 2 )"},
        {"1 + a [ 2 ] .b", "_[_]", "a [ 2 ]"},
        {"1 + a .? b + 2", "_?._", "a .? b"},
        {"[!a.b]", "!_", "!a.b"},
        {"[a ? b : c ]", "_?_:_", "a ? b : c"},
    };

    for (size_t i = 0; i < COUNT(places); i++) {
        struct troth_cel_tree tree;
        uint32_t found = 0;

        test_case("the place of %s in %s", places[i].function, places[i].source);
        CHECK_ERR(parse(&tree, test_text(places[i].source)), TROTH_OK);
        for (uint32_t n = 1; n < tree.count; n++)
            if (troth_cel_node_is_call(&tree.nodes[n], places[i].function))
                found = n;
        CHECK_SPAN(
            troth_span_slice(tree.source, tree.nodes[found].start, tree.nodes[found].end),
            test_text(places[i].text));
    }
}

/* `before` and `after` so many times around `middle`. */
static struct troth_span repeat(unsigned times, const char *before, const char *middle,
                                const char *after)
{
    static char text[1 << 18];
    size_t len = 0;

    for (unsigned i = 0; i < times; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", before);
    len += (size_t)snprintf(text + len, sizeof text - len, "%s", middle);
    for (unsigned i = 0; i < times; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", after);
    return (struct troth_span){(const uint8_t *)text, len};
}

static void test_nesting(void)
{
    static const struct {
        const char *before, *middle, *after;
        unsigned most; /* so many are taken, and no more */
    } nests[] = {
        {"(", "1", ")", 100},
        {"[", "1", "]", 99},
        {"{1: ", "1", "}", 99},
        {"f(", "1", ")", 99},
        {"a[", "1", "]", 99},
        {"!", "true", "", 99},
        {"-", "19", "", 100}, /* one belongs to the number */
        {"a ? b : ", "c", "", 99},
        {"", "a", ".b", 99},
        {"1 + (", "1", ")", 50},
        {"[1].map(i, ", "i", ")", 49}, /* a loop, and @append() */
        {"[1].all(i, ", "true", ")", 49},
        {"cel.bind(x, 1, ", "x", ")", 99},
        {"cel.bind(x, ", "x", ", x)", 99},
    };

    for (size_t i = 0; i < COUNT(nests); i++) {
        struct troth_cel_tree tree;
        const char *before = nests[i].before;

        test_case("%u times %s…%s", nests[i].most, before, nests[i].after);
        CHECK_ERR(
            parse(&tree, repeat(nests[i].most, before, nests[i].middle, nests[i].after)),
            TROTH_OK);
        CHECK_ERR(parse(&tree, repeat(nests[i].most + 1, before, nests[i].middle,
                                      nests[i].after)),
                  TROTH_ERR_VALUE);
        CHECK_TEXT(issue.text, "nested too deeply here");
        CHECK_ERR(parse(&tree, repeat(3000, before, nests[i].middle, nests[i].after)),
                  TROTH_ERR_VALUE);
    }
}

static void test_limits(void)
{
    struct troth_cel_tree tree;

    test_case("a long list is taken, a longer one is not");
    CHECK_ERR(parse(&tree, repeat(8000, "", "f(1", ",1")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "expected ',' or ')' here");
    CHECK_ERR(parse(&tree, repeat(8189, "1,", "1", "")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "expected an operator or the end here");
    CHECK_ERR(parse(&tree, repeat(8200, "", "[1", ",1")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "the expression has more than 8191 parts");

    test_case("a long row of conditions is nested little");
    CHECK_ERR(parse(&tree, repeat(4000, "", "a", "||a")), TROTH_OK);
    CHECK_ERR(parse(&tree, repeat(4000, "", "a", "&&!a")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "the expression has more than 8191 parts");

    test_case("a row of operators is nested little, and not too long");
    CHECK_ERR(parse(&tree, repeat(499, "", "1", " + 1")), TROTH_OK);
    CHECK_ERR(parse(&tree, repeat(250, "", "1", " - 1 * 2 + 3")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "too many operators in a row here");
    CHECK_ERR(parse(&tree, repeat(499, "", "a", "[0]")), TROTH_OK);
    CHECK_ERR(parse(&tree, repeat(499, "", "1", " < 1")), TROTH_OK);
    CHECK_ERR(parse(&tree, repeat(500, "", "1", " + 1")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "too many operators in a row here");
    CHECK_ERR(parse(&tree, repeat(49, "(1 + ", "1", " + 2 - 3)")), TROTH_OK);

    test_case("a source that is too long");
    CHECK_ERR(parse(&tree, repeat(TROTH_CEL_SOURCE_MAX - 1, " ", "1", "")), TROTH_OK);
    CHECK_ERR(parse(&tree, repeat(TROTH_CEL_SOURCE_MAX, " ", "1", "")), TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "the expression is longer than 65536 bytes");

    test_case("nobody wants to know why");
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    CHECK_ERR(troth_cel_parse(&tree, NULL, &env, test_text("x.all(1, 2)"), &arena),
              TROTH_ERR_VALUE);

    test_case("no memory");
    for (size_t size = 0; size < 4096; size += 16) {
        const struct troth_span source = test_text("[1,2,3,4].map(x, '\\n').all(y, y)");

        arena = (struct troth_arena){room, size, 0};
        const enum troth_err err = troth_cel_parse(&tree, &issue, &env, source, &arena);
        CHECK(err == TROTH_OK || (err == TROTH_ERR_MEMORY && !tree.nodes));
        CHECK(arena.used <= size);
    }
}

/* ---- every expression of the conformance suite */

static bool is_message(const char *expression)
{
    struct troth_cel_tree tree;

    return parse(&tree, test_text(expression)) == TROTH_ERR_VALUE &&
           strcmp(issue.text, "message literals are not supported") == 0;
}

static void check_expression(const char *file, const json_t *row)
{
    const char *expression = json_string_value(json_object_get(row, "expr"));
    const struct troth_span source = {(const uint8_t *)expression,
                                      json_string_length(json_object_get(row, "expr"))};
    struct troth_cel_tree tree;

    /* cel.iterVar() and cel.index() are what optimizers write. */
    if (!expression || strstr(expression, "cel.iterVar") || is_message(expression))
        return;
    if (!CHECK_ERR(parse(&tree, source), TROTH_OK))
        printf("# %s: %s: %s\n", file, expression, issue.text);
}

static void check_file(const char *name)
{
    char path[512];
    json_error_t error;
    size_t section_index, row_index;
    const json_t *section, *row;

    (void)snprintf(path, sizeof path, "cel/%s", name);
    const struct troth_span bytes = test_vector(path);
    json_t *suite = json_loadb((const char *)bytes.ptr, bytes.len, JSON_ALLOW_NUL,
                               &error);
    CHECK(suite != NULL);
    json_array_foreach(json_object_get(suite, "section"), section_index, section)
        json_array_foreach(json_object_get(section, "test"), row_index, row)
            check_expression(name, row);
    json_decref(suite);
}

static void test_vectors(void)
{
    char path[512];
    const char *vectors = test_vectors_dir();

    test_case("every expression of the conformance suite parses, but message literals");
    (void)snprintf(path, sizeof path, "%s/cel", vectors ? vectors : "");
    DIR *folder = vectors ? opendir(path) : NULL;
    if (!folder) {
        test_skip("no vectors");
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (strstr(entry->d_name, ".json"))
            check_file(entry->d_name);
    closedir(folder);
}

int main(void)
{
    test_rows();
    test_places();
    test_nesting();
    test_limits();
    test_vectors();
    return test_finish();
}
