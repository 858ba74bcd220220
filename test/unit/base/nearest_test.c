/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include "test/harness.h"

static const char *const words[] = {"debug", "migrate_ma", "nitro.pcr0", "nitro.pcr10",
                                    "nonce"};

static const struct {
    const char *why, *typed, *wanted;
} cases[] = {
    {"the word itself", "debug", "debug"},
    {"two letters exchanged", "debgu", "debug"},
    {"a letter left out", "nonc", "nonce"},
    {"a letter too many", "nitro.pcr00", "nitro.pcr0"},
    {"of two equally near the first", "nitro.pcr", "nitro.pcr0"},
    {"the nearer of two", "nitro.pcr19", "nitro.pcr10"},
    {"another word", "measurement", ""},
    {"nothing", "", ""},
    {"one letter", "x", ""},
};

int main(void)
{
    static char longer[80];
    struct troth_nearest near = {NULL, 0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_nearest best = {NULL, 0};

        test_case("%s", cases[i].why);
        for (size_t k = 0; k < COUNT(words); k++)
            troth_nearest_offer(&best, test_text(cases[i].typed), words[k]);
        CHECK_TEXT(best.word ? best.word : "", cases[i].wanted);
    }

    test_case("words longer than any of ours");
    for (size_t i = 0; i + 1 < sizeof longer; i++)
        longer[i] = 'a';
    troth_nearest_offer(&near, test_text(longer), "a");
    troth_nearest_offer(&near, test_text("a"), longer);
    CHECK(!near.word);
    return test_finish();
}
