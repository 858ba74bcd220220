/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_page.h"

#include <stdlib.h>

#include "test/harness.h"

static const struct {
    const char *why, *json, *wanted;
} cases[] = {
    {"ASCII", "{\"a\":1}", "{\"a\":1}\n"},
    {"nothing", "", "\n"},
    {"two bytes", "\"\xc2\x9b\xc3\xa9\"", "\"\\u009b\\u00e9\"\n"},
    {"three bytes", "\"\xe2\x80\xae!\"", "\"\\u202e!\"\n"},
    {"four bytes", "\"\xf0\x9f\x98\x80\"", "\"\\ud83d\\ude00\"\n"},
    {"the last character", "\xf4\x8f\xbf\xbf", "\\udbff\\udfff\n"},
    {"delete", "\"\177\"", "\"\\u007f\"\n"},
    {"bytes that are no text", "\"\xff\xc3\"", "\"\\ufffd\\ufffd\"\n"},
    {"half a character at the end", "\xe2\x80", "\\ufffd\\ufffd\n"},
    {"too long a form", "\xc0\x80", "\\ufffd\\ufffd\n"},
    {"a surrogate", "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd\n"},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = NULL;
        size_t len = 0;
        FILE *to = open_memstream(&text, &len);

        test_case("%s", cases[i].why);
        troth_json_page_print(to, test_text(cases[i].json));
        (void)fclose(to);
        CHECK_TEXT(text, cases[i].wanted);
        free(text);
    }
    return test_finish();
}
