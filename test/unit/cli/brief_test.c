/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/brief.h"

#include "test/harness.h"

#define PCR                                                                              \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728" \
    "292a2b2c2d2e2f"

static struct troth_value bytes_of(const char *hex)
{
    return (struct troth_value){.type = TROTH_VALUE_BYTES, .bytes = test_hex(hex)};
}

static struct troth_value text_of(const char *text)
{
    return (struct troth_value){.type = TROTH_VALUE_TEXT, .bytes = test_text(text)};
}

static void check(const char *why, struct troth_value value, const char *brief,
                  const char *full)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    test_case("%s", why);
    troth_brief_write(&w, &value);
    CHECK_SPAN(troth_writer_span(&w), test_text(brief));
    w = troth_writer_over(text, sizeof text);
    troth_brief_write_full(&w, &value);
    CHECK_SPAN(troth_writer_span(&w), test_text(full));

    for (size_t room = 0; room < 64; room++) {
        w = troth_writer_over(text, room);
        troth_brief_write(&w, &value);
        troth_brief_write_full(&w, &value);
        CHECK(!w.full);
    }
}

int main(void)
{
    check("sixteen bytes stay whole", bytes_of("000102030405060708090a0b0c0d0e0f"),
          "000102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e0f");
    check("more are cut", bytes_of(PCR), "0001020304050607...2c2d2e2f", PCR);
    check("none", (struct troth_value){.type = TROTH_VALUE_NONE}, "none", "none");
    check("a number", (struct troth_value){.type = TROTH_VALUE_UINT, .number = 42}, "42",
          "42");
    check("no bytes", bytes_of(""), "", "");
    check("a text is left alone", text_of("i-0123456789abcdef0-enc0123456789abcdef"),
          "i-0123456789abcdef0-enc0123456789abcdef",
          "i-0123456789abcdef0-enc0123456789abcdef");
    check("hex in a text is cut, each run", text_of("pcr0=" PCR ",pcr1=" PCR),
          "pcr0=0001020304050607...2c2d2e2f,pcr1=0001020304050607...2c2d2e2f",
          "pcr0=" PCR ",pcr1=" PCR);
    return test_finish();
}
