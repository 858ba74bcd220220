/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/error.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    enum troth_err err;
    const char *name;
} rows[] = {{TROTH_OK, "OK"},
#define X(name, text) {TROTH_ERR_##name, #name},
            TROTH_ERRORS(X)
#undef X
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = troth_err_text(rows[i].err);

        test_case("%s has its own name and text", rows[i].name);
        CHECK_TEXT(troth_err_name(rows[i].err), rows[i].name);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(text, troth_err_text(rows[j].err)) != 0);
    }

    test_case("a number that is no error still has a text");
    CHECK_TEXT(troth_err_name((enum troth_err)9999), "UNKNOWN");
    CHECK_TEXT(troth_err_text((enum troth_err)9999), "unknown error");
    return test_finish();
}
