/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/snp_message.h"

#include <string.h>

#include "sim/snp.h"
#include "test/harness.h"

static uint8_t raw[TROTH_SNP_ANSWER_SIZE];

static const struct {
    const char *why;
    uint32_t status, size;
    size_t len;
    enum troth_err err;
    bool has_report;
} answers[] = {
    {"a report", 0, 1184, 4000, TROTH_OK, true},
    {"just room for it", 0, 1184, 32 + 1184, TROTH_OK, true},
    {"not quite", 0, 1184, 32 + 1183, TROTH_ERR_SHORT, false},
    {"a status", 0x16, 0, 4000, TROTH_OK, false},
    {"a status, and a report of all the same", 0x16, 1184, 4000, TROTH_OK, false},
    {"a report of another size", 0, 1185, 4000, TROTH_ERR_VALUE, false},
    {"none", 0, 0, 4000, TROTH_ERR_VALUE, false},
    {"an endless one", 0, UINT32_MAX, 4000, TROTH_ERR_VALUE, false},
    {"no head", 0, 1184, 31, TROTH_ERR_SHORT, false},
    {"nothing", 0, 0, 0, TROTH_ERR_SHORT, false},
};

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void test_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct troth_span report;
        uint32_t status;

        test_case("an answer: %s", answers[i].why);
        memset(raw, 0xee, sizeof raw);
        put32(raw, answers[i].status);
        put32(raw + 4, answers[i].size);
        CHECK_ERR(troth_snp_answer_parse(&report, &status,
                                         (struct troth_span){raw, answers[i].len}),
                  answers[i].err);
        CHECK_INT(status, answers[i].err ? 0 : answers[i].status);
        CHECK_INT(report.len, answers[i].has_report ? 1184 : 0);
        CHECK(report.ptr == (answers[i].has_report ? raw + 32 : NULL));
    }
}

/* A row of a table: any GUID but zero, where it points and how far. */
struct row {
    uint32_t offset, len;
};

static const struct {
    const char *why;
    struct row rows[4];
    unsigned count;
    bool is_endless; /* no row of zeros */
    size_t wanted;
} tables[] = {
    {"no rows", {{0, 0}}, 0, false, 0},
    {"one certificate", {{72, 1000}}, 1, false, 1072},
    {"the last is not the furthest", {{2000, 500}, {96, 100}}, 2, false, 2500},
    {"one that ends with the room", {{0x3f00, 0x100}}, 1, false, 0x4000},
    {"one that ends behind it", {{0x3f00, 0x101}}, 1, false, 0},
    {"a sum beyond 32 bits", {{UINT32_MAX, UINT32_MAX}}, 1, false, 0},
    {"rows without an end", {{72, 1000}}, 1, true, 0},
};

static void test_tables(void)
{
    static uint8_t table[TROTH_SNP_TABLE_MAX];

    for (size_t i = 0; i < COUNT(tables); i++) {
        test_case("a table: %s", tables[i].why);
        memset(table, tables[i].is_endless ? 1 : 0, sizeof table);
        for (unsigned j = 0; j < tables[i].count; j++) {
            memset(table + 24 * j, 0xab, 16);
            put32(table + 24 * j + 16, tables[i].rows[j].offset);
            put32(table + 24 * j + 20, tables[i].rows[j].len);
        }
        CHECK_INT(troth_snp_table_trim((struct troth_span)TROTH_ARRAY_SPAN(table)).len,
                  tables[i].wanted);
    }
    test_case("a table that is cut anywhere");
    for (size_t len = 0; len < 48; len++)
        CHECK_INT(troth_snp_table_trim((struct troth_span){table, len}).len, 0);
}

int main(void)
{
    test_answers();
    test_tables();
    return test_finish();
}
