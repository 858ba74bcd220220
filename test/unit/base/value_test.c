/* SPDX-License-Identifier: Apache-2.0 */
#include "base/value.h"

#include "test/harness.h"

static void make_values(void)
{
    struct troth_value value;

    test_case("values of each type");
    value = troth_value_none();
    CHECK(value.type == TROTH_VALUE_NONE && !value.bytes.ptr);
    value = troth_value_bool(true);
    CHECK(value.type == TROTH_VALUE_BOOL && value.boolean);
    value = troth_value_uint(UINT64_MAX);
    CHECK(value.type == TROTH_VALUE_UINT && value.number == UINT64_MAX);
    value = troth_value_instant(-5);
    CHECK(value.type == TROTH_VALUE_INSTANT && value.instant_s == -5);
    value = troth_value_text("abc");
    CHECK(value.type == TROTH_VALUE_TEXT && value.bytes.len == 3);
    CHECK_INT(troth_value_text(NULL).type, TROTH_VALUE_NONE);
    value = troth_value_text_span(test_text("ab"));
    CHECK(value.type == TROTH_VALUE_TEXT && value.bytes.len == 2);
    value = troth_value_bytes(test_hex("00ff"));
    CHECK(value.type == TROTH_VALUE_BYTES && value.bytes.len == 2);
}

int main(void)
{
    make_values();
    return test_finish();
}
