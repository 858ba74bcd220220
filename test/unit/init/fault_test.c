/* SPDX-License-Identifier: Apache-2.0 */
#include "init/fault.h"

#include <errno.h>
#include <string.h>

#include "test/harness.h"

int main(void)
{
    struct troth_init_fault fault;
    char longer[600];

    test_case("why a step failed");
    CHECK(!troth_init_fail(&fault, "%s: %d", "a", 7));
    CHECK_TEXT(fault.text, "a: 7");
    CHECK(!troth_init_fail_errno(&fault, "/dev/nsm", EIO));
    CHECK_TEXT(fault.text, "/dev/nsm: Input/output error");
    test_case("more than there is room for is cut");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    CHECK(!troth_init_fail(&fault, "%s", longer));
    CHECK_INT(strlen(fault.text), sizeof fault.text - 1);
    return test_finish();
}
