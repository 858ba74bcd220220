/* SPDX-License-Identifier: Apache-2.0 */
#include "record/measurements.h"

#include "test/harness.h"

static const struct {
    const char *why, *json;
    enum troth_err wanted;
} rows[] = {
    {"one", "{\"nitro\":{\"pcr0\":\"00ff\"}}", TROTH_OK},
    {"several, ascending",
     "{\"nitro\":{\"pcr0\":\"00\",\"pcr1\":\"01\"},\"snp\":{\"measurement\":\"ab\"}}",
     TROTH_OK},
    {"empty text", "", TROTH_ERR_VALUE},
    {"no kind", "{}", TROTH_ERR_VALUE},
    {"a kind of nothing", "{\"nitro\":{}}", TROTH_ERR_VALUE},
    {"an empty value", "{\"nitro\":{\"pcr0\":\"\"}}", TROTH_ERR_VALUE},
    {"upper case", "{\"nitro\":{\"pcr0\":\"AB\"}}", TROTH_ERR_VALUE},
    {"half a byte", "{\"nitro\":{\"pcr0\":\"abc\"}}", TROTH_ERR_VALUE},
    {"no hex", "{\"nitro\":{\"pcr0\":\"any\"}}", TROTH_ERR_VALUE},
    {"a list", "{\"nitro\":{\"pcr0\":[\"ab\"]}}", TROTH_ERR_VALUE},
    {"a number", "{\"nitro\":{\"pcr0\":12}}", TROTH_ERR_VALUE},
    {"a space", "{\"nitro\": {\"pcr0\":\"ab\"}}", TROTH_ERR_VALUE},
    {"a newline behind", "{\"nitro\":{\"pcr0\":\"ab\"}}\n", TROTH_ERR_VALUE},
    {"a byte behind", "{\"nitro\":{\"pcr0\":\"ab\"}}}", TROTH_ERR_VALUE},
    {"an escape in a name", "{\"nitro\":{\"\\u0070cr0\":\"ab\"}}", TROTH_ERR_VALUE},
    {"an upper-case name", "{\"nitro\":{\"PCR0\":\"ab\"}}", TROTH_ERR_VALUE},
    {"no name", "{\"nitro\":{\"\":\"ab\"}}", TROTH_ERR_VALUE},
    {"a comma behind", "{\"nitro\":{\"pcr0\":\"ab\",}}", TROTH_ERR_VALUE},
    {"twice the same name", "{\"nitro\":{\"pcr0\":\"ab\",\"pcr0\":\"ab\"}}",
     TROTH_ERR_DUPLICATE},
    {"twice the same kind", "{\"snp\":{\"a\":\"ab\"},\"snp\":{\"b\":\"ab\"}}",
     TROTH_ERR_DUPLICATE},
    {"names descending", "{\"nitro\":{\"pcr1\":\"ab\",\"pcr0\":\"ab\"}}",
     TROTH_ERR_ENCODING},
    {"kinds descending", "{\"snp\":{\"a\":\"ab\"},\"nitro\":{\"a\":\"ab\"}}",
     TROTH_ERR_ENCODING},
};

static void cut(void)
{
    const struct troth_span whole = test_text(
        "{\"nitro\":{\"pcr0\":\"00\",\"pcr1\":\"01\"},\"snp\":{\"a\":\"ab\"}}");

    test_case("cut short anywhere");
    CHECK_ERR(troth_record_measurements_check(whole), TROTH_OK);
    for (size_t len = 0; len < whole.len; len++)
        CHECK_ERR(troth_record_measurements_check((struct troth_span){whole.ptr, len}),
                  TROTH_ERR_VALUE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_ERR(troth_record_measurements_check(test_text(rows[i].json)),
                  rows[i].wanted);
    }
    cut();
    return test_finish();
}
