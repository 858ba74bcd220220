/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/regex.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

enum { ROOM = 1 << 20, STEPS = 1000000 };

static _Alignas(max_align_t) uint8_t room[ROOM];

/* clang-format off */
static const struct {
    const char *why, *pattern;
    const char *matched, *missed; /* texts; NULL: none */
} cases[] = {
    {"nothing is in everything", "", "", NULL},
    {"nothing is in everything", "", "abc", NULL},
    {"a letter, first", "a", "abc", "bcd"},
    {"a letter, last", "c", "abc", ""},
    {"letters in turn", "abc", "ababc", "abac"},
    {"all of a long prefix", "0123456789abcdef0123456789abcdefXYZ",
     "-0123456789abcdef0123456789abcdefXYZ", "0123456789abcdef0123456789abcdefXY"},
    {"the prefix twice, the rest once", "ab1", "ab0ab1", "ab0ab0"},
    {"a prefix within itself", "aab", "aaab", "aaa"},
    {"either", "foo|bar", "a bar", "fo ba"},
    {"either, in a group", "gr(a|e)y", "grey", "gry"},
    {"one of three", "^(a|bc|d)$", "bc", "abc"},
    {"one of them empty", "^a(|b|cc)d$", "ad", "abccd"},
    {"one of them empty, last", "^a(b|)d$", "ad", "abbd"},
    {"alternatives end at the pattern's", "^a|b$", "ax", "xa"},
    {"alternatives end at the pattern's", "^a|b$", "xb", "bx"},
    {"any number", "^ba*d$", "baaad", "bcd"},
    {"none of them", "^ba*d$", "bd", "bdd"},
    {"at least one", "^ba+d$", "bad", "bd"},
    {"one or none", "^ba?d$", "bd", "baad"},
    {"lazy is as good", "^ba*?b+?c??d$", "baabbcd", "baad"},
    {"a group any number of times", "^(ab|c)*d$", "abcabd", "abad"},
    {"a group of nothing any number of times", "^()*(a*)*(|b)+$", "aab", "aac"},
    {"exactly so many", "^a{3}$", "aaa", "aa"},
    {"not more", "^a{3}$", "aaa", "aaaa"},
    {"none at all", "^ba{0}d$", "bd", "bad"},
    {"none at all, of something long", "^b(a[bc]|d){0}d$", "bd", "babd"},
    {"none of none", "^b(a{0})*d$", "bd", "bad"},
    {"not fewer", "^a{2,}$", "aaaaa", "a"},
    {"any number, by count", "^ba{0,}d$", "bd", "bcd"},
    {"from two to three", "^a{2,3}$", "aaa", "aaaa"},
    {"from two to three", "^a{2,3}$", "aa", "a"},
    {"from none to two", "^ba{0,2}d$", "bd", "baaad"},
    {"from none to two", "^ba{0,2}d$", "baad", "b"},
    {"counts of counts", "^(a{2}b){2,3}$", "aabaab", "aab"},
    {"counts of counts of counts", "^((a|bc){1,2}d?){2}$", "abcda", "aaaaa"},
    {"counts of alternatives", "^(?:x|yy){3}$", "xyyx", "xyx"},
    {"counts of loops", "^(?:a+b*){2}$", "aa", "ab"},
    {"the greatest count", "^a{1000}$", NULL, "aaaa"},
    {"a brace that is none", "^a{,2}$", "a{,2}", "aa"},
    {"a brace that is none", "^a{1$", "a{1", "a"},
    {"a brace that is none", "^a{01}$", "a{01}", "a"},
    {"a brace that is none", "^{$", "{", "a"},
    {"a brace that is none, and repeated", "^{{2}}]$", "{{}]", "{}]"},
    {"any but a line feed", "^a.b$", "a\xc3\xa9" "b", "a\nb"},
    {"a dot is one code point", "^.$", "\xf0\x9f\x98\x80", "\xc3\xa9\xc3\xa9"},
    {"any, with s", "(?s)^a.b$", "a\nb", "ab"},
    {"the beginning", "^b", "ba", "ab"},
    {"the beginning, behind a group", "(^b)", "ba", "ab"},
    {"the beginning of either", "^b|^c", "ca", "ab"},
    {"the beginning or not", "(?:^b)?c", "ac", "b"},
    {"the end", "a$", "ba", "ab"},
    {"the end is not before a line feed", "a$", "a", "a\n"},
    {"neither is a line's beginning", "^b", "b", "a\nb"},
    {"a line's beginning, with m", "(?m)^b", "a\nb", "ab"},
    {"a line's end, with m", "(?m)a$", "a\nb", "ab"},
    {"lines, with m", "(?m)^a$\\n^b$", "x\na\nb\ny", "xa\nb"},
    {"an empty last line, with m", "(?m)b\\n^$", "ab\n", "ab"},
    {"the text's, with m", "(?m)\\Aa\\z", "a", "a\nb"},
    {"the text's, with m", "(?m)\\Ab", "b", "a\nb"},
    {"m no more", "(?m)(?-m)^b", "b", "a\nb"},
    {"places repeated", "^*^+a$+$?", "a", "ab"},
    {"a word", "\\bab\\b", "x ab.", "xab"},
    {"a word, whole text", "\\bab\\b", "ab", "ab_"},
    {"no word's edge", "a\\Bb", "ab", "a b"},
    {"no word's edge in nothing", "^\\B$", "", "a"},
    {"a letter beyond ASCII is in no word", "a\\b", "a\xc3\xa9", "ab"},
    {"digits", "^\\d+$", "0189", "1a"},
    {"no digits", "^\\D+$", "a\xc3\xa9\n", "a1"},
    {"words", "^\\w+$", "aZ_09", "a-b"},
    {"no words", "^\\W+$", "-\xc3\xa9", "-_"},
    {"space", "^\\s+$", " \t\r\n\f", "\v"},
    {"no space", "^\\S+$", "a\v\xc2\xa0", "a b"},
    {"a class", "^[abc]+$", "cab", "bad"},
    {"a range", "^[a-c]+$", "cab", "bad"},
    {"all but a class", "^[^abc]+$", "d\xc3\xa9\n", "da"},
    {"a class beyond ASCII", "^[\xc3\xa0-\xc3\xbc\xe2\x82\xac]+$", "\xc3\xa9\xe2\x82\xac",
     "\xc3\xbd"},
    {"all but one beyond ASCII", "^[^\xc3\xa9]$", "\xf4\x8f\xbf\xbf", "\xc3\xa9"},
    {"a closing bracket, first", "^[]a]+$", "a]", "["},
    {"no closing bracket, first", "^[^]a]+$", "[", "]"},
    {"an opening bracket", "^[[a]+$", "[a", "]"},
    {"a hyphen, first", "^[-a]+$", "a-", "b"},
    {"a hyphen, last", "^[a-]+$", "a-", "b"},
    {"a hyphen, between", "^[a\\-c]+$", "a-c", "b"},
    {"a hyphen behind a range", "^[a-c-e]+$", "b-e", "d"},
    {"a caret that is not first", "^[a^]+$", "^a", "b"},
    {"ranges that meet", "^[a-cd-fb-e]+$", "abcdef", "g"},
    {"ranges out of order", "^[x-za-c0-2m]+$", "zmc0", "n"},
    {"a range of one", "^[a-a]$", "a", "b"},
    {"nothing is in none", "[^\\x{0}-\\x{10FFFF}]", NULL, "a"},
    {"escapes in a class", "^[\\n\\x41-\\x43\\]]+$", "\nB]", "D"},
    {"classes in a class", "^[\\d\\sx]+$", "1 x", "y"},
    {"classes of others in a class", "^[\\W\\d]+$", "-1\xc3\xa9", "a"},
    {"all but others", "^[^\\D3-9]+$", "012", "3"},
    {"alpha", "^[[:alpha:]]+$", "aZ", "a1"},
    {"no alpha", "^[[:^alpha:]]+$", "1\xc3\xa9", "a1"},
    {"alnum", "^[[:alnum:]_]+$", "aZ0_", "-"},
    {"ascii", "^[[:ascii:]]+$", "\x01\x7f", "\xc2\x80"},
    {"blank", "^[[:blank:]]+$", " \t", "\n"},
    {"cntrl", "^[[:cntrl:]]+$", "\x01\x1f\x7f", " "},
    {"digit", "^[[:digit:]]+$", "09", "a"},
    {"graph", "^[[:graph:]]+$", "!~", " "},
    {"lower", "^[[:lower:]]+$", "az", "A"},
    {"print", "^[[:print:]]+$", " ~", "\t"},
    {"punct", "^[[:punct:]]+$", "!/:@[`{~", "a"},
    {"space", "^[[:space:]]+$", "\t\n\v\f\r ", "\b"},
    {"upper", "^[[:upper:]]+$", "AZ", "a"},
    {"word", "^[[:word:]]+$", "aZ_9", "-"},
    {"xdigit", "^[[:xdigit:]]+$", "09afAF", "g"},
    {"a name without its end", "^[[:alpha]+$", "[:alph", "]"},
    {"punctuation escaped", "^\\.\\*\\\\\\/\\_\\ $", ".*\\/_ ", "a"},
    {"bytes of C", "^\\a\\f\\n\\r\\t\\v$", "\a\f\n\r\t\v", "a"},
    {"hexadecimal", "^\\x41\\x7a$", "Az", "41"},
    {"hexadecimal in braces", "^\\x{E9}\\x{0001f600}$", "\xc3\xa9\xf0\x9f\x98\x80", "E9"},
    {"octal", "^\\101\\12\\018$", "A\n\x01" "8", "A"},
    {"quoted", "^\\Qa.b\\E.$", "a.bc", "axbc"},
    {"quoted to the end", "^\\Q(a|[\\", "(a|[\\", "a"},
    {"the last that was quoted, repeated", "^\\Qab\\E+$", "abb", "abab"},
    {"nothing quoted", "^a\\Q\\E*$", "aaa", "ab"},
    {"a group that is not numbered", "^(?:ab)+$", "abab", "aba"},
    {"a group with a name", "^(?P<x_1>ab)+$", "abab", "aba"},
    {"a group with a name", "^(?<x>ab)(?<x>c)$", "abc", "ab"},
    {"case", "(?i)^aZ1$", "Az1", "AzI"},
    {"case in a group", "^(?i:a)b$", "Ab", "AB"},
    {"case from there on", "^a(?i)b$", "aB", "AB"},
    {"case up to the group's end", "^(a(?i)b)c$", "aBc", "aBC"},
    {"case through alternatives", "^(?:a(?i)b|c)d$", "Cd", "CD"},
    {"case no more", "(?i)^a(?-i)b$", "Ab", "AB"},
    {"case no more in a group", "(?i)^a(?-i:b)c$", "AbC", "ABC"},
    {"case of a class", "(?i)^[a-c]+$", "aBc", "D"},
    {"case of all but a class", "(?i)^[^a-c]+$", "D", "B"},
    {"case of a Kelvin", "(?i)^k\xe2\x84\xaa$", "\xe2\x84\xaak", "kj"},
    {"case of words", "(?i)^\\w+$", "\xc5\xbf\xe2\x84\xaa", "\xc3\xa9"},
    {"case of no words", "(?i)^\\W+$", "-\xc3\xa9", "\xc5\xbf"},
    {"case of upper", "(?i)^[[:upper:]]+$", "aZ", "1"},
    {"case beyond ASCII", "(?i)^\xc3\xa9\xd0\x96\xcf\x83$", "\xc3\x89\xd0\xb6\xcf\x82", "e"},
    {"many flags", "(?ims)^a.B$", "x\nA\nb", "x\nAb"},
    {"flags on and off", "(?s)(?i-s)^A.$", "ab", "a\n"},
    {"no flags", "(?)(?U)(?U:a)+", "a", "b"},
    {"a version", "^v[0-9]+\\.[0-9]+$", "v1.25", "v1.25-rc1"},
    {"hexadecimal digits", "^[0-9a-f]{96}$",
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
     "202122232425262728292a2b2c2d2e2f", "0001"},
    {"a branch", "^refs/heads/(main|release-\\d+(\\.\\d+)*)$", "refs/heads/release-1.2",
     "refs/heads/release-1."},
};

static const struct {
    const char *why, *pattern;
    enum troth_err err;
    const char *field;
    size_t offset;
} refused[] = {
    {"a group that is not closed", "a(b", TROTH_ERR_VALUE, "regex.group", 1},
    {"the innermost of them", "a(b(c)(d", TROTH_ERR_VALUE, "regex.group", 6},
    {"a group that is not open", "ab)c", TROTH_ERR_VALUE, "regex.group", 2},
    {"a class that is not closed", "a[bc", TROTH_ERR_VALUE, "regex.class", 1},
    {"a class that is not closed", "a[]", TROTH_ERR_VALUE, "regex.class", 1},
    {"a class that is not closed", "a[^]", TROTH_ERR_VALUE, "regex.class", 1},
    {"a class that is not closed", "a[b-", TROTH_ERR_VALUE, "regex.class", 1},
    {"an escape in one that is not", "a[b-\\", TROTH_ERR_VALUE, "regex.escape", 4},
    {"no class of that name", "a[x[:foo:]]", TROTH_ERR_VALUE, "regex.class", 3},
    {"no class without a name", "a[x[:^:]]", TROTH_ERR_VALUE, "regex.class", 3},
    {"a range backwards", "[az-b]", TROTH_ERR_VALUE, "regex.range", 2},
    {"a range to a class", "[a-\\d]", TROTH_ERR_VALUE, "regex.escape", 3},
    {"nothing to repeat", "*a", TROTH_ERR_VALUE, "regex.repeat", 0},
    {"nothing to repeat in a group", "a(+b)", TROTH_ERR_VALUE, "regex.repeat", 2},
    {"nothing to repeat behind a bar", "a|?", TROTH_ERR_VALUE, "regex.repeat", 2},
    {"nothing to repeat so often", "{2}", TROTH_ERR_VALUE, "regex.repeat", 0},
    {"nothing but flags to repeat", "(?i)*", TROTH_ERR_VALUE, "regex.repeat", 4},
    {"a repeat of a repeat", "a**", TROTH_ERR_VALUE, "regex.repeat", 2},
    {"a repeat of a lazy one", "a+??", TROTH_ERR_VALUE, "regex.repeat", 3},
    {"a count of a repeat", "a?{2}", TROTH_ERR_VALUE, "regex.repeat", 2},
    {"more to fewer", "ba{3,2}", TROTH_ERR_VALUE, "regex.repeat", 2},
    {"a count above the limit", "a{1001}", TROTH_ERR_LIMIT, "regex.repeat", 1},
    {"a count above the limit", "a{0,1001}", TROTH_ERR_LIMIT, "regex.repeat", 1},
    {"a count above 2^64", "a{99999999999999999999,}", TROTH_ERR_LIMIT, "regex.repeat", 1},
    {"a backslash alone", "ab\\", TROTH_ERR_VALUE, "regex.escape", 2},
    {"a letter that means nothing", "ab\\y", TROTH_ERR_VALUE, "regex.escape", 2},
    {"the end of nothing quoted", "ab\\E", TROTH_ERR_VALUE, "regex.escape", 2},
    {"the text's end of others", "ab\\Z", TROTH_ERR_VALUE, "regex.escape", 2},
    {"a letter beyond ASCII", "a\\\xc3\xa9", TROTH_ERR_VALUE, "regex.escape", 1},
    {"a backspace in a class", "[\\b]", TROTH_ERR_VALUE, "regex.escape", 1},
    {"one hexadecimal digit", "a\\x4g", TROTH_ERR_VALUE, "regex.escape", 1},
    {"no hexadecimal digit", "a\\x", TROTH_ERR_VALUE, "regex.escape", 1},
    {"no hexadecimal digit in braces", "a\\x{}", TROTH_ERR_VALUE, "regex.escape", 1},
    {"braces that are not closed", "a\\x{41", TROTH_ERR_VALUE, "regex.escape", 1},
    {"above Unicode", "a\\x{110000}", TROTH_ERR_VALUE, "regex.escape", 1},
    {"far above Unicode", "a\\x{fffffffffffffffff}", TROTH_ERR_VALUE, "regex.escape", 1},
    {"a reference back", "(a)\\1", TROTH_ERR_UNSUPPORTED, "regex.escape", 3},
    {"a reference back", "(a)\\9", TROTH_ERR_UNSUPPORTED, "regex.escape", 3},
    {"Unicode's classes", "a\\pN", TROTH_ERR_UNSUPPORTED, "regex.escape", 1},
    {"Unicode's classes", "a\\P{Greek}", TROTH_ERR_UNSUPPORTED, "regex.escape", 1},
    {"Unicode's classes in a class", "[a\\p{Greek}]", TROTH_ERR_UNSUPPORTED, "regex.escape", 2},
    {"bytes", "a\\C", TROTH_ERR_UNSUPPORTED, "regex.escape", 1},
    {"looking ahead", "a(?=b)", TROTH_ERR_UNSUPPORTED, "regex.group", 1},
    {"looking ahead", "a(?!b)", TROTH_ERR_UNSUPPORTED, "regex.group", 1},
    {"looking behind", "a(?<=b)", TROTH_ERR_UNSUPPORTED, "regex.group", 1},
    {"looking behind", "a(?<!b)", TROTH_ERR_UNSUPPORTED, "regex.group", 1},
    {"a flag that is none", "a(?ix)", TROTH_ERR_VALUE, "regex.flags", 4},
    {"flags without an end", "a(?i", TROTH_ERR_VALUE, "regex.flags", 4},
    {"no flag to unset", "a(?i-)", TROTH_ERR_VALUE, "regex.flags", 5},
    {"unset twice", "a(?-i-s)", TROTH_ERR_VALUE, "regex.flags", 5},
    {"a question that is not asked", "a(?", TROTH_ERR_VALUE, "regex.flags", 3},
    {"a name that is empty", "(?P<>a)", TROTH_ERR_VALUE, "regex.name", 4},
    {"a name that is not closed", "(?<a", TROTH_ERR_VALUE, "regex.name", 3},
    {"a name with a hyphen", "(?<a-b>a)", TROTH_ERR_VALUE, "regex.name", 3},
    {"a group of its name", "(?P=a)", TROTH_ERR_VALUE, "regex.flags", 2},
    {"not UTF-8", "a\xc3\xa9\xc3", TROTH_ERR_TEXT, "regex.pattern", 3},
    {"not UTF-8", "a\xff" "b", TROTH_ERR_TEXT, "regex.pattern", 1},
    {"too many states", "(a{100}){200}", TROTH_ERR_LIMIT, "regex.states", 8},
    {"far too many states", "(((a{1000}){1000}){1000})", TROTH_ERR_LIMIT, "regex.states", 11},
    {"a class is as many states as it has ranges", "(?:a{1000}){16}[ac][bd]{192}",
     TROTH_ERR_LIMIT, "regex.states", 23},
    {"no state left for the end", "(?:a{1000}){16}b{384}", TROTH_ERR_LIMIT, "regex.states", 21},
};
/* clang-format on */

/* What a search says: 1 yes, 0 no, less than 0 an error. */
static int search(struct troth_span pattern, const char *text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_fault fault;
    struct troth_regex regex;
    uint64_t steps = STEPS;
    bool matches;

    if (troth_regex_compile(&regex, &fault, pattern, &arena))
        return -(int)fault.err;

    const size_t used = arena.used;
    const enum troth_err err = troth_regex_search(&matches, &regex, test_text(text),
                                                  &steps, &arena);
    CHECK(arena.used == used);
    return err ? -(int)err : matches;
}

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct troth_span pattern = test_text(cases[i].pattern);

        test_case("%s: /%s/", cases[i].why, cases[i].pattern);
        if (cases[i].matched)
            CHECK_INT(search(pattern, cases[i].matched), 1);
        if (cases[i].missed)
            CHECK_INT(search(pattern, cases[i].missed), 0);
    }
}

static void test_refused(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_regex regex = {.count = 1};
        struct troth_fault fault;

        arena.used = 5;
        test_case("%s: /%s/", refused[i].why, refused[i].pattern);
        CHECK_ERR(
            troth_regex_compile(&regex, &fault, test_text(refused[i].pattern), &arena),
            refused[i].err);
        CHECK_ERR(fault.err, refused[i].err);
        CHECK_TEXT(fault.field, refused[i].field);
        CHECK_INT(fault.offset, refused[i].offset);
        CHECK(!regex.states && regex.count == 0 && arena.used == 5);
        CHECK_ERR(
            troth_regex_compile(&regex, NULL, test_text(refused[i].pattern), &arena),
            refused[i].err);
    }
}

static void test_zero(void)
{
    static const uint8_t zero[] = {'a', 0, 'b'};
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex regex;
    uint64_t steps = STEPS;
    bool matches;

    test_case("a zero is a character like any other");
    CHECK_ERR(troth_regex_compile(&regex, NULL, (struct troth_span){zero + 1, 2}, &arena),
              0);
    CHECK_ERR(troth_regex_search(&matches, &regex,
                                 (struct troth_span)TROTH_ARRAY_SPAN(zero), &steps,
                                 &arena),
              TROTH_OK);
    CHECK(matches);
    CHECK_INT(search(TROTH_LITERAL("\\0b"), "0b"), 0);
    CHECK_INT(search(TROTH_LITERAL("^[[:cntrl:]]$"), "\x02"), 1);
    CHECK_INT(search(TROTH_LITERAL("[^\0]"), "a"), 1);
    CHECK_INT(search((struct troth_span){NULL, 0}, ""), 1);
}

/* `before` and `after` so often each, around an a. */
static struct troth_span nested(size_t count, const char *before, const char *after)
{
    static char pattern[2 * TROTH_REGEX_PATTERN_MAX];
    const size_t before_len = strlen(before);
    const size_t after_len = strlen(after);
    size_t len = count * before_len;

    for (size_t i = 0; i < count; i++)
        memcpy(pattern + i * before_len, before, before_len);
    pattern[len++] = 'a';
    for (size_t i = 0; i < count; i++, len += after_len)
        memcpy(pattern + len, after, after_len);
    return (struct troth_span){(uint8_t *)pattern, len};
}

static void test_limits(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex regex;
    struct troth_fault fault;

    test_case("groups within groups");
    CHECK_INT(search(nested(100, "(", ")"), "a"), 1);
    CHECK_INT(search(nested(100, "(?:", ")*"), "a"), 1);
    CHECK_ERR(troth_regex_compile(&regex, &fault, nested(101, "(", ")"), &arena),
              TROTH_ERR_DEPTH);
    CHECK_TEXT(fault.field, "regex.group");
    CHECK_INT(fault.offset, 100);

    test_case("a pattern's length");
    CHECK_INT(search(nested(TROTH_REGEX_PATTERN_MAX - 1, "b", ""), "ba"), 0);
    CHECK_ERR(troth_regex_compile(&regex, &fault,
                                  nested(TROTH_REGEX_PATTERN_MAX, "b", ""), &arena),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "regex.pattern");

    test_case("the last state that there may be");
    CHECK_INT(search(test_text("(?:a{1000}){16}b{383}"), "a"), 0);
    CHECK_INT(search(test_text("(?:a{1000}){16}b{384}"), "a"), -(int)TROTH_ERR_LIMIT);
    CHECK_INT(search(test_text("(?:a{1000}){16}b{385}"), "a"), -(int)TROTH_ERR_LIMIT);
    CHECK_INT(search(test_text("(?:(){1000}){1000}"), "a"), 1);
}

static void test_memory(void)
{
    static const char pattern[] = "ab[c-e\\W](f|(?i)gh){2,3}[^x-z]*$";
    struct troth_regex regex;
    struct troth_fault fault;
    unsigned whole = 0;

    test_case("an arena of any size");
    for (size_t size = 0; size < 2000; size++) {
        uint8_t *own = malloc(size + 1); /* so that a sanitizer sees its end */
        struct troth_arena arena = {own, size, 0};
        uint64_t steps = STEPS;
        bool matches = false;

        if (troth_regex_compile(&regex, &fault, test_text(pattern), &arena)) {
            CHECK_ERR(fault.err, TROTH_ERR_MEMORY);
            CHECK(arena.used == 0 && !regex.states && !regex.prefix.ptr);
        } else if (troth_regex_search(&matches, &regex, test_text("abcfGH."), &steps,
                                      &arena)) {
            CHECK(!matches);
        } else {
            CHECK(matches);
            whole++;
        }
        free(own);
    }
    CHECK(whole > 100);
}

int main(void)
{
    test_cases();
    test_refused();
    test_zero();
    test_limits();
    test_memory();
    return test_finish();
}
