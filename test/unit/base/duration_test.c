/* SPDX-License-Identifier: Apache-2.0 */
#include "base/duration.h"

#include "test/harness.h"

static const struct {
    const char *why, *text;
    int64_t wanted_s; /* below 0: none */
} cases[] = {
    {"seconds", "90", 90},
    {"seconds by their letter", "30s", 30},
    {"minutes", "15m", 900},
    {"hours", "12h", 43200},
    {"days", "7d", 604800},
    {"none", "0", 0},
    {"the longest", "3660d", 316224000},
    {"longer", "3661d", -1},
    {"longer than numbers", "99999999999999999999", -1},
    {"no number", "d", -1},
    {"nothing", "", -1},
    {"two letters", "7dd", -1},
    {"another letter", "7w", -1},
    {"below zero", "-1", -1},
    {"a fraction", "1.5h", -1},
    {"a blank", "7 d", -1},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t seen_s = 77;
        bool fine = cases[i].wanted_s >= 0;

        test_case("%s", cases[i].why);
        CHECK(troth_duration_parse(&seen_s, test_text(cases[i].text)) == fine);
        CHECK_INT(seen_s, fine ? cases[i].wanted_s : 0);
    }
    return test_finish();
}
