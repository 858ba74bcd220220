/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"
#include "troth/provider.h"

/* What a build writes, test/image/build_test.py holds against other readers; here is what
 * its callers rely on when there is nothing to build. */
int main(void)
{
    struct troth_crypto crypto;
    struct troth_build_problem problem;
    struct troth_build_result result;
    struct troth_build_order order = {.path = "/nowhere/build.yaml", .said = -1};

    test_case("what is not there is named");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK(!troth_build(&result, &problem, &crypto, &order, -1));
    CHECK_TEXT(problem.subject, "/nowhere/build.yaml");
    troth_build_result_release(&result);

    test_case("nobody has to ask why");
    CHECK(!troth_build(&result, NULL, &crypto, &order, -1));

    test_case("a result that failed, or was given back, can be given back");
    CHECK_INT(result.inputs.count, 0);
    troth_build_result_release(&result);
    troth_build_result_release(&result);

    test_case("a device is no build file");
    order.path = "/dev/null";
    CHECK(!troth_build(&result, &problem, &crypto, &order, -1));
    CHECK_TEXT(problem.subject, "null");
    troth_build_result_release(&result);
    troth_provider_destroy(&crypto);
    return test_finish();
}
