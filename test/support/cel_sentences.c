/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_sentences.h"

#include <string.h>

#include "cel/library_types.h"

/*
 * What is in angle brackets becomes an expression of that type: <b>ool, <i>nt, <u>int,
 * <r>eal, <s>tring, b<y>tes, <l>ist(int), <t>exts, <m>ap(string, int), <d>yn, <o>ptional
 * of int, ti<w>hen, <g>ap (a duration). Rows in the first column end an expression. `v`
 * is an int and `w` a string, in macros as outside of them.
 */
static const struct {
    char type;
    const char *ends[8];
    const char *parts[26];
} rules[] = {
    {'b',
     {"p", "q", "true", "false", "has(m.a)", "p", "q"},
     {"(<b> && <b>)",
      "(<b> || <b>)",
      "!<b>",
      "(<b> ? <b> : <b>)",
      "(<i> < <i>)",
      "(<i> == <i>)",
      "(<d> == <d>)",
      "(<s> == <s>)",
      "(<l> != <l>)",
      "(<m> == <m>)",
      "(<i> in <l>)",
      "(<s> in <m>)",
      "(<d> in [<d>, <i>])",
      "<l>.all(v, <b>)",
      "<l>.exists(v, <b>)",
      "<t>.exists_one(w, <b>)",
      "<m>.all(w, v, <b>)",
      "<s>.matches('^a+b?$')",
      "<s>.contains(<s>)",
      "(<r> <= <i>)",
      "has(<m>.a)",
      "<o>.hasValue()",
      "(dyn(<d>) || <b>)",
      "cel.bind(v, <i>, <b>)",
      "(<w> > <w>)",
      "(<y> >= <y>)"}},
    {'i',
     {"i", "v", "0", "1", "-7", "i", "v", "9223372036854775807"},
     {"(<i> + <i>)",
      "(<i> - <i>)",
      "(<i> * <i>)",
      "(<i> / <i>)",
      "(<i> % <i>)",
      "-(<i>)",
      "(<b> ? <i> : <i>)",
      "size(<s>)",
      "size(<l>)",
      "<m>[<s>]",
      "<l>[<i>]",
      "int(<u>)",
      "int(<r>)",
      "int(<s>)",
      "<o>.orValue(<i>)",
      "<o>.value()",
      "<m>.a",
      "math.greatest(<l>)",
      "math.bitAnd(<i>, <i>)",
      "<w>.getHours()",
      "<g>.getMinutes()",
      "<s>.indexOf(<s>)",
      "cel.bind(v, <i>, <i>)",
      "size(<t>)",
      "math.abs(<i>)",
      "size(<m>)"}},
    {'u',
     {"u", "0u", "3u", "18446744073709551615u"},
     {"(<u> + <u>)", "(<u> - <u>)", "uint(<i>)", "(<b> ? <u> : <u>)"}},
    {'r',
     {"r", "0.0", "1.5", "-1e300"},
     {"(<r> * <r>)", "(<r> / <r>)", "double(<i>)", "math.floor(<r>)", "-(<r>)"}},
    {'s',
     {"s", "w", "''", "'a'", "'aab'", "s", "w"},
     {"(<s> + <s>)", "string(<i>)", "string(<r>)", "(<b> ? <s> : <s>)", "<t>[<i>]",
      "<t>.join('-')", "<s>.replace('a', 'b')", "<s>.upperAscii()", "<s>.substring(<i>)",
      "'%s|%d'.format([<d>, <i>])", "<s>.charAt(<i>)", "string(<y>)", "string(<w>)",
      "strings.quote(<s>)", "hex.encode(<y>)", "<s>.trim()", "cel.bind(w, <s>, <s>)"}},
    {'y', {"y", "b''", "b'\\xff'"}, {"bytes(<s>)", "(<y> + <y>)", "base64.decode(<s>)"}},
    {'l',
     {"l", "[1].filter(v, false)", "[1, 2]", "l"},
     {"[<i>, <i>]", "(<l> + <l>)", "<l>.map(v, <i>)", "<l>.filter(v, <b>)",
      "(<b> ? <l> : <l>)", "<l>.map(v, <b>, <i>)", "[<i>, ?<o>]",
      "<l>.transformList(i, v, <i>)", "<m>.transformList(w, v, <i>)"}},
    {'t',
     {"t", "['a']", "t"},
     {"[<s>, <s>]", "<s>.split('a')", "<m>.map(w, <s>)", "<t>.filter(w, <b>)"}},
    {'m',
     {"m", "{'a': 1}", "m"},
     {"{<s>: <i>}", "{<s>: <i>, 'b': <i>}", "<m>.transformMap(w, v, <i>)",
      "<t>.transformMapEntry(i, w, {w: i})", "{'a': <i>, ?<s>: <o>}"}},
    {'d',
     {"d", "dyn(null)", "d"},
     {"dyn(<i>)", "dyn(<s>)", "dyn(<u>)", "dyn(<b>)", "dyn(<l>)", "dyn(<m>)", "dyn(<r>)",
      "dyn([<d>, <d>])", "dyn(type(<d>))", "dyn(<o>)", "dyn(<w>)", "dyn(<g>)", "dyn(<y>)",
      "<d>[<d>]", "(<d> + <d>)", "<d>.a", "dyn({<d>: <d>})"}},
    {'o',
     {"l[?7]", "optional.of(i)", "m[?s]"},
     {"optional.of(<i>)", "<m>[?<s>]", "<m>.?a", "<l>[?<i>]", "<o>.or(<o>)",
      "<o>.optMap(v, <i>)", "<l>.first()", "optional.ofNonZeroValue(<i>)"}},
    {'w', {"time", "timestamp(0)"}, {"(<w> + <g>)", "(<w> - <g>)", "timestamp(<i>)"}},
    {'g', {"gap", "duration('1.5s')"}, {"(<g> + <g>)", "(<w> - <w>)"}},
};

#define OF(kind) (&troth_cel_types[TROTH_CEL_##kind])

static const struct troth_cel_type map_type = {
    TROTH_CEL_MAP, NULL, {OF(STRING), OF(INT)}};

const struct troth_cel_variable cel_sentence_variables[CEL_SENTENCE_VARIABLES] = {
    {"p", OF(BOOL)},
    {"q", OF(BOOL)},
    {"i", OF(INT)},
    {"v", OF(INT)},
    {"u", OF(UINT)},
    {"r", OF(DOUBLE)},
    {"s", OF(STRING)},
    {"w", OF(STRING)},
    {"y", OF(BYTES)},
    {"l", &troth_cel_type_list_int},
    {"t", &troth_cel_type_list_string},
    {"m", &map_type},
    {"d", OF(DYN)},
    {"time", OF(TIMESTAMP)},
    {"gap", OF(DURATION)},
};

static unsigned count_of(const char *const *texts, unsigned most)
{
    unsigned count = 0;

    while (count < most && texts[count])
        count++;
    return count;
}

static const char *choose(struct test_random *random, char type, bool ends)
{
    size_t i = 0;

    while (rules[i].type != type)
        i++;
    return ends ? rules[i].ends[test_random_below(
                      random, count_of(rules[i].ends, COUNT(rules[i].ends)))]
                : rules[i].parts[test_random_below(
                      random, count_of(rules[i].parts, COUNT(rules[i].parts)))];
}

/* The next bracket to be filled, any of them; NULL: none. "(a <b> c)" is no bracket. */
static char *find_bracket(char *text, struct test_random *random)
{
    char *found = NULL;
    unsigned count = 0;

    for (char *at = text; (at = strchr(at, '<')); at++)
        if (at[1] && at[2] == '>' && test_random_below(random, ++count) == 0)
            found = at;
    return found;
}

const char *cel_sentence(struct test_random *random, unsigned parts)
{
    static char text[CEL_SENTENCE_MAX];
    const unsigned rule = test_random_below(random, 3 * COUNT(rules));
    char *at;

    memcpy(text, "<b>", sizeof "<b>");
    if (rule < COUNT(rules))
        text[1] = rules[rule].type;
    while ((at = find_bracket(text, random))) {
        const bool ends = parts == 0 || strlen(text) > CEL_SENTENCE_MAX / 2;
        const char *part = choose(random, at[1], ends);

        parts -= !ends;
        memmove(at + strlen(part), at + 3, strlen(at + 3) + 1);
        memcpy(at, part, strlen(part));
    }
    return text;
}

/* ---- values */

#define INT(x)  TROTH_CEL_INT_VALUE(x)
#define TEXT(x) TROTH_CEL_STRING_VALUE(TROTH_LITERAL(x))

static const struct troth_cel_value ints[] = {{.kind = TROTH_CEL_INT, .as.integer = 3},
                                              {.kind = TROTH_CEL_INT, .as.integer = 0},
                                              {.kind = TROTH_CEL_INT, .as.integer = -1}};

static struct troth_cel_value list_of(const struct troth_cel_value *items, unsigned count)
{
    static struct troth_cel_list lists[4];
    struct troth_cel_list *list = &lists[count];

    *list = (struct troth_cel_list){items, count};
    return TROTH_CEL_LIST_VALUE(list);
}

static struct troth_cel_value texts_of(unsigned count)
{
    static struct troth_cel_value texts[3];
    static struct troth_cel_list lists[4];

    texts[0] = TEXT("ab");
    texts[1] = TEXT("");
    texts[2] = TEXT("a long text, of more than sixteen bytes");
    lists[count] = (struct troth_cel_list){texts, count};
    return TROTH_CEL_LIST_VALUE(&lists[count]);
}

static struct troth_cel_value map_of(unsigned count)
{
    static struct troth_cel_entry entries[2];
    static struct troth_cel_map maps[3];

    entries[0] = (struct troth_cel_entry){TEXT("ab"), INT(7)};
    entries[1] = (struct troth_cel_entry){TEXT("a"), INT(0)};
    maps[count] = (struct troth_cel_map){entries, count};
    return TROTH_CEL_MAP_VALUE(&maps[count]);
}

static struct troth_cel_value any_int(struct test_random *random)
{
    static const int64_t values[] = {0, 1, -1, 2, 17, INT64_MAX, INT64_MIN};

    return INT(values[test_random_below(random, COUNT(values))]);
}

static struct troth_cel_value any_text(struct test_random *random)
{
    static const char *const texts[] = {"", "a", "aab", "1",
                                        "a longer text \xc3\xa4 of many bytes, a test"};

    return TROTH_CEL_STRING_VALUE(
        test_text(texts[test_random_below(random, COUNT(texts))]));
}

static struct troth_cel_value any_number(struct test_random *random)
{
    static const double reals[] = {0.0, -0.0, 1.0, 1e19, -2.5};
    const unsigned n = test_random_below(random, COUNT(reals) + 3);

    return n < COUNT(reals) ? TROTH_CEL_DOUBLE_VALUE(reals[n]) : TROTH_CEL_UINT_VALUE(n);
}

static struct troth_cel_value any_of(struct test_random *random,
                                     const struct troth_cel_type *type)
{
    const unsigned n = test_random_below(random, 3);
    struct troth_cel_value value = any_number(random);

    switch ((int)type->kind) {
    case TROTH_CEL_BOOL:
        return TROTH_CEL_BOOL_VALUE(n > 0);
    case TROTH_CEL_INT:
        return any_int(random);
    case TROTH_CEL_UINT:
        return TROTH_CEL_UINT_VALUE(n);
    case TROTH_CEL_DOUBLE:
        while (value.kind != TROTH_CEL_DOUBLE)
            value = any_number(random);
        return value;
    case TROTH_CEL_BYTES:
        return TROTH_CEL_BYTES_VALUE(any_text(random).as.text);
    case TROTH_CEL_LIST:
        return type == &troth_cel_type_list_int ? list_of(ints, n) : texts_of(n + 1);
    case TROTH_CEL_MAP:
        return map_of(n);
    case TROTH_CEL_TIMESTAMP:
        return TROTH_CEL_TIMESTAMP_VALUE(INT64_C(1700000000) * n, 5);
    case TROTH_CEL_DURATION:
        return TROTH_CEL_DURATION_VALUE(INT64_C(4000000000) * n, (int32_t)n);
    }
    return any_text(random);
}

void cel_sentence_values(struct troth_cel_value out[static CEL_SENTENCE_VARIABLES],
                         struct test_random *random)
{
    for (size_t i = 0; i < CEL_SENTENCE_VARIABLES; i++) {
        const struct troth_cel_type *type = cel_sentence_variables[i].type;

        if (type->kind == TROTH_CEL_DYN)
            type =
                cel_sentence_variables[test_random_below(random, CEL_SENTENCE_VARIABLES)]
                    .type;
        out[i] = any_of(random, type);
        if (test_random_below(random, 16) == 0)
            out[i] = (struct troth_cel_value){.kind = TROTH_CEL_NONE};
    }
}
