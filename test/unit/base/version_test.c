/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/version.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

/* MAJOR.MINOR.PATCH, each a decimal number and nothing else. */
static int count_numbers(const char *text)
{
    int count = 0;

    while (*text >= '0' && *text <= '9') {
        char *end;

        (void)strtoul(text, &end, 10);
        count++;
        text = *end == '.' ? end + 1 : end;
    }
    return *text == '\0' ? count : -1;
}

int main(void)
{
    test_case("the version is three numbers");
    CHECK_INT(count_numbers(troth_version()), 3);
    CHECK(strcmp(troth_version(), "0.0.0") != 0);
    return test_finish();
}
