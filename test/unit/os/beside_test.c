/* SPDX-License-Identifier: Apache-2.0 */
#include "os/beside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

int main(void)
{
    static const char *const words[] = {"nobody", NULL};
    char path[TROTH_BESIDE_MAX], name[TROTH_BESIDE_MAX];

    test_case("this program itself, by its own name");
    CHECK_INT(troth_beside_find(path, "test-unit_os_beside"), 0);
    CHECK(path[0] == '/' && access(path, X_OK) == 0);

    test_case("what is not there has a path, too, and cannot be run");
    CHECK_INT(troth_beside_find(path, "nobody"), 0);
    CHECK(strstr(path, "/nobody") != NULL);
    CHECK_INT(troth_beside_become(path, words), ENOENT);

    test_case("a name that is too long");
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    CHECK_INT(troth_beside_find(path, name), ENAMETOOLONG);
    CHECK_TEXT(path, "");
    return test_finish();
}
