/* SPDX-License-Identifier: Apache-2.0 */
#include "store/name.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why, *name;
    bool valid;
} cases[] = {
    {"one part", "crl", true},
    {"several parts", "intel/tdx/tcb/b0c06f000000", true},
    {"every kind of character", "amd/vcek/Milan/0a-1_2.der", true},
    {"as many folders as there may be", "a/b/c/d/e/f/g", true},
    {"one folder more", "a/b/c/d/e/f/g/h", false},
    {"nothing", "", false},
    {"the root of a disk", "/etc/passwd", false},
    {"an empty part", "a//b", false},
    {"an empty last part", "a/", false},
    {"up", "../a", false},
    {"up in the middle", "a/../b", false},
    {"here", "./a", false},
    {"a hidden file, which may be the store's own", ".lock", false},
    {"a hidden file further in", "a/.new-b", false},
    {"a blank", "a b", false},
    {"a backslash", "a\\b", false},
    {"a control character", "a\nb", false},
    {"no ASCII", "\xc3\xa9", false},
};

int main(void)
{
    char name[TROTH_STORE_NAME_ROOM + 1];

    for (size_t i = 0; i < COUNT(cases); i++) {
        test_case("%s", cases[i].why);
        CHECK(troth_store_name_is_valid(cases[i].name) == cases[i].valid);
    }
    memset(name, 'a', sizeof name);
    test_case("as long as there is room for");
    name[TROTH_STORE_NAME_ROOM - 1] = '\0';
    CHECK(troth_store_name_is_valid(name));
    test_case("longer");
    name[TROTH_STORE_NAME_ROOM - 1] = 'a';
    name[TROTH_STORE_NAME_ROOM] = '\0';
    CHECK(!troth_store_name_is_valid(name));
    return test_finish();
}
