/* SPDX-License-Identifier: Apache-2.0 */
#include "record/measurements.h"

#include "base/writer.h"
#include "test/harness.h"
#include "troth/record.h"

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

/* So many kinds of one name each, but the last, which has `names`. */
static struct troth_span measured(size_t kinds, size_t names)
{
    static uint8_t text[4096];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    for (size_t k = 1; k <= kinds; k++) {
        troth_write_text(&w, k > 1 ? "},\"k" : "{\"k");
        troth_write_decimal(&w, 100 + k);
        troth_write_text(&w, "\":");
        for (size_t i = 0; i < (k < kinds ? 1 : names); i++) {
            troth_write_text(&w, i ? ",\"n" : "{\"n");
            troth_write_decimal(&w, 100 + i);
            troth_write_text(&w, "\":\"00\"");
        }
    }
    troth_write_text(&w, "}}");
    CHECK(!w.full);
    return troth_writer_span(&w);
}

/* Also in the kind of record that has the most before them. */
static void limits(void)
{
    static const size_t most = TROTH_RECORD_MEASURED_MAX;
    static uint8_t memory[16 * 1024], entry[8 * 1024];
    const struct troth_record_field *row = troth_record_fields(TROTH_RECORD_KEY_EPOCH);
    struct troth_record record = {.kind = TROTH_RECORD_KEY_EPOCH}, found;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    size_t len = 0;

    test_case("more names, and more kinds, than there may be");
    CHECK_ERR(troth_record_measurements_check(measured(1, most + 1)), TROTH_ERR_LIMIT);
    CHECK_ERR(troth_record_measurements_check(measured(most + 1, 1)), TROTH_ERR_LIMIT);
    test_case("as many as there may be: what is written can be read");
    for (; row->name; row++)
        if (row->is_required)
            record.values[record.value_count++] = (struct troth_record_value){
                row, test_text("00"), 0};
        else if (row->type == TROTH_RECORD_MEASUREMENTS)
            record.values[record.value_count++] = (struct troth_record_value){
                row, measured(most, most), 0};
    CHECK_ERR(troth_record_write(entry, sizeof entry, &len, &fault, &record), TROTH_OK);
    CHECK_ERR(troth_record_parse(&found, &fault, (struct troth_span){entry, len}, &arena),
              TROTH_OK);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_ERR(troth_record_measurements_check(test_text(rows[i].json)),
                  rows[i].wanted);
    }
    cut();
    limits();
    return test_finish();
}
