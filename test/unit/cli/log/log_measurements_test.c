/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_measurements.h"

#include "base/span.h"
#include "test/harness.h"

static uint8_t memory[64 * 1024];

int main(void)
{
    static const struct {
        const char *why, *json, *wanted;
        enum troth_err err;
    } rows[] = {
        {"as it is", "{\"nitro\":{\"pcr0\":\"00ff\"}}", "{\"nitro\":{\"pcr0\":\"00ff\"}}",
         TROTH_OK},
        {"white space goes", " { \"nitro\" : { \"pcr0\" : \"00\" } }\n",
         "{\"nitro\":{\"pcr0\":\"00\"}}", TROTH_OK},
        {"keys ascend", "{\"tdx\":{\"b\":\"01\",\"a\":\"02\"},\"nitro\":{\"c\":\"03\"}}",
         "{\"nitro\":{\"c\":\"03\"},\"tdx\":{\"a\":\"02\",\"b\":\"01\"}}", TROTH_OK},
        {"hex has small letters", "{\"snp\":{\"a\":\"ABCDEF09\"}}",
         "{\"snp\":{\"a\":\"abcdef09\"}}", TROTH_OK},
        {"a quote stays inside its text", "{\"snp\":{\"a\":\"\\\",\\\"b\"}}",
         "{\"snp\":{\"a\":\"\\\",\\\"b\"}}", TROTH_OK},
        {"nothing in it: the record refuses that", "{}", "{}", TROTH_OK},
        {"a list", "[]", NULL, TROTH_ERR_TYPE},
        {"a text", "\"nitro\"", NULL, TROTH_ERR_TYPE},
        {"no family", "{\"nitro\":\"00\"}", NULL, TROTH_ERR_TYPE},
        {"deeper", "{\"nitro\":{\"pcr0\":{}}}", NULL, TROTH_ERR_TYPE},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        const struct troth_tree_node *tree;
        uint8_t out[256];
        struct troth_writer w = troth_writer_over(out, sizeof out);

        test_case("%s", rows[i].why);
        if (!CHECK(troth_tree_from_json(&tree, NULL, troth_span_of_text(rows[i].json),
                                        &arena) == TROTH_OK))
            continue;
        CHECK_ERR(troth_log_measurements_write(&w, tree), rows[i].err);
        if (rows[i].wanted)
            CHECK_SPAN(troth_writer_span(&w), troth_span_of_text(rows[i].wanted));
    }
    return test_finish();
}
