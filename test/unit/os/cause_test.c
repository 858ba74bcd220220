/* SPDX-License-Identifier: Apache-2.0 */
#include "os/cause.h"

#include <errno.h>
#include <string.h>

#include "test/harness.h"

int main(void)
{
    char text[TROTH_CAUSE_MAX];

    test_case("the system's words");
    troth_cause_text(text, ECONNREFUSED);
    CHECK_TEXT(text, "Connection refused");

    test_case("a number that means nothing is told all the same");
    troth_cause_text(text, 99999);
    CHECK(strstr(text, "99999") != NULL);
    return test_finish();
}
