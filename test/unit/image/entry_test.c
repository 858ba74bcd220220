/* SPDX-License-Identifier: Apache-2.0 */
#include "image/entry.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define N50  "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define N250 N50 N50 N50 N50 N50

static const struct {
    const char *why, *path;
    const char *clean; /* NULL: refused */
    enum troth_err err;
} cases[] = {
    {"the root", "", "", TROTH_OK},
    {"a name", "a", "a", TROTH_OK},
    {"folders", "usr/bin/x", "usr/bin/x", TROTH_OK},
    {"beyond ASCII", "\xc3\xa4/\xff", "\xc3\xa4/\xff", TROTH_OK},
    {"names that begin with dots", "...a/.b/..c", "...a/.b/..c", TROTH_OK},
    {"the longest name", N250 "nnnnn", N250 "nnnnn", TROTH_OK},
    {"from the root", "/usr/bin", "usr/bin", TROTH_OK},
    {"from here", "./usr", "usr", TROTH_OK},
    {"a slash at the end", "usr/", "usr", TROTH_OK},
    {"slashes", "///a////b//", "a/b", TROTH_OK},
    {"dots between", "a/./b/.", "a/b", TROTH_OK},
    {"nothing but here", "./.", "", TROTH_OK},
    {"above", "..", NULL, TROTH_ERR_VALUE},
    {"above at the start", "../a", NULL, TROTH_ERR_VALUE},
    {"above in the middle", "a/../b", NULL, TROTH_ERR_VALUE},
    {"above at the end", "a/..", NULL, TROTH_ERR_VALUE},
    {"above, from the root", "/../a", NULL, TROTH_ERR_VALUE},
    {"a line's end", "a\nb", NULL, TROTH_ERR_VALUE},
    {"an escape", "a\033b", NULL, TROTH_ERR_VALUE},
    {"the delete character", "a\177", NULL, TROTH_ERR_VALUE},
    {"too long a name", N250 "nnnnnn", NULL, TROTH_ERR_LIMIT},
    {"too long a name further in", "a/" N250 "nnnnnn/b", NULL, TROTH_ERR_LIMIT},
    {"too long a path", N250 "/" N250 "/" N250 "/" N250 "/nnnnnnnnnnnnnnnnnnnn", NULL,
     TROTH_ERR_LIMIT},
    {"the longest path", N250 "/" N250 "/" N250 "/" N250 "/nnnnnnnnnnnnnnnnnnn",
     N250 "/" N250 "/" N250 "/" N250 "/nnnnnnnnnnnnnnnnnnn", TROTH_OK},
};

int main(void)
{
    uint8_t out[2048];

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct troth_span path = test_text(cases[i].path);
        const bool is_plain = cases[i].clean &&
                              strcmp(cases[i].clean, cases[i].path) == 0;
        size_t len = 99;

        test_case("%s", cases[i].why);
        CHECK_ERR(troth_entry_path_clean(out, &len, path), cases[i].err);
        CHECK_SPAN(((struct troth_span){out, len}),
                   test_text(cases[i].clean ? cases[i].clean : ""));
        CHECK_INT(troth_entry_path_is_plain(path), is_plain);

        /* In place. */
        memcpy(out, path.ptr, path.len);
        CHECK_ERR(troth_entry_path_clean(out, &len, (struct troth_span){out, path.len}),
                  cases[i].err);
        CHECK_SPAN(((struct troth_span){out, len}),
                   test_text(cases[i].clean ? cases[i].clean : ""));
        CHECK(troth_entry_path_is_plain((struct troth_span){out, len}));
    }

    test_case("a zero is a control character");
    CHECK(!troth_entry_path_is_plain((struct troth_span){(const uint8_t *)"a\0b", 3}));

    test_case("every kind has a name of its own");
    for (int i = TROTH_ENTRY_NONE; i <= TROTH_ENTRY_SOCKET; i++)
        for (int k = TROTH_ENTRY_NONE; k < i; k++)
            CHECK(strcmp(troth_entry_kind_name((enum troth_entry_kind)i),
                         troth_entry_kind_name((enum troth_entry_kind)k)) != 0);
    return test_finish();
}
