/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clause.h"

#include "test/harness.h"

static const struct {
    const char *why, *pattern, *words[TROTH_CLAUSE_WORDS], *wanted; /* room for 16 */
} cases[] = {
    {"no words", "a clause", {"", "", ""}, "a clause"},
    {"three words", "%, % and %", {"a", "b", "c"}, "a, b and c"},
    {"no more than three", "% % % %", {"a", "b", "c"}, "a b c %"},
    {"a word with the sign", "'%' '%'", {"%", "b", ""}, "'%' 'b'"},
    {"a control character", "'%'", {"a\nb\x7f"}, "'a b '"},
    {"just fits", "%", {"123456789012345"}, "123456789012345"},
    {"one too many", "%", {"1234567890123456"}, "123456789012..."},
    {"the pattern is too long", "1234567890123456", {""}, "123456789012..."},
    {"between characters", "12345678901%", {"\u00e9\u00e9\u00e9"}, "12345678901..."},
    {"after a character", "1234567890%", {"\u00e9\u00e9\u00e9"}, "1234567890\u00e9..."},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span words[TROTH_CLAUSE_WORDS] = {{NULL, 0}};
        char out[16];

        test_case("%s", cases[i].why);
        for (size_t k = 0; k < TROTH_CLAUSE_WORDS && cases[i].words[k]; k++)
            words[k] = test_text(cases[i].words[k]);
        troth_clause_write(out, sizeof out, cases[i].pattern, words);
        CHECK_TEXT(out, cases[i].wanted);
    }
    return test_finish();
}
