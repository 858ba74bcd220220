/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/meaning.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "evidence/format.h"
#include "test/harness.h"

static void test_each_has_one(void)
{
    for (const struct troth_format *const *f = troth_formats(); *f; f++)
        for (size_t i = 0; (*f)->findings[i]; i++) {
            const char *meaning = troth_finding_meaning(
                troth_span_of_text((*f)->findings[i]));

            test_case("%s: %s", (*f)->name, (*f)->findings[i]);
            CHECK(meaning != NULL && strlen(meaning) > 10);
        }
}

static void test_no_other_has(void)
{
    static const char *const others[] = {"",        "debugger",   "debu",    "UpToDate",
                                         "Revoked", "snp.policy", "tdx.xfam"};

    for (size_t i = 0; i < COUNT(others); i++) {
        test_case("'%s' is no finding", others[i]);
        CHECK(!troth_finding_meaning(troth_span_of_text(others[i])));
    }
}

int main(void)
{
    test_each_has_one();
    test_no_other_has();
    return test_finish();
}
