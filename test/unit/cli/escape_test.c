/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/escape.h"

#include "test/harness.h"

static const struct {
    const char *why, *text, *wanted;
    size_t room;
} cases[] = {
    {"plain text", "i-0123 'a' \"b\" ~", "i-0123 'a' \"b\" ~", 64},
    {"what clears a screen", "a\033[2Jb", "a\\x1b[2Jb", 64},
    {"line ends and tabs", "a\r\n\tb", "a\\x0d\\x0a\\x09b", 64},
    {"a backslash, so that nothing is written two ways", "\\x1b", "\\\\x1b", 64},
    {"delete", "\177", "\\x7f", 64},
    {"the eight-bit form of an escape", "\xc2\x9b", "\\xc2\\x9b", 64},
    {"right to left", "\xe2\x80\xae", "\\xe2\\x80\\xae", 64},
    {"cut where it no longer fits", "abcdef", "abc", 3},
    {"no half escape", "ab\033", "ab", 5},
    {"an escape that just fits", "ab\033", "ab\\x1b", 6},
    {"no half backslash", "ab\\", "ab", 3},
};

int main(void)
{
    uint8_t out[64];

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_writer w = troth_writer_over(out, cases[i].room);

        test_case("%s", cases[i].why);
        troth_escape_write(&w, test_text(cases[i].text));
        CHECK_SPAN(troth_writer_span(&w), test_text(cases[i].wanted));
        CHECK(!w.full);
    }

    test_case("every byte comes out as printable ASCII");
    for (unsigned byte = 0; byte < 256; byte++) {
        struct troth_writer w = troth_writer_over(out, sizeof out);
        const uint8_t one = (uint8_t)byte;

        troth_escape_write(&w, (struct troth_span){&one, 1});
        CHECK(w.len == 1 || w.len == 2 || w.len == 4);
        for (size_t k = 0; k < w.len; k++)
            CHECK(out[k] >= 0x20 && out[k] < 0x7f);
    }
    return test_finish();
}
