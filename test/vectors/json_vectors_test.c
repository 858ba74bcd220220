/* SPDX-License-Identifier: Apache-2.0 */
/* JSONTestSuite: y_… must be read, n_… must be refused, i_… is for each reader to say. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/json.h"
#include "test/harness.h"

/* clang-format off */
/* What we say where the suite leaves it open, or where we are stricter than the suite. */
static const struct {
    const char *name;
    enum troth_err err;
    const char *why;
} decisions[] = {
    {"i_number_double_huge_neg_exp",      TROTH_OK, "numbers are text: no range"},
    {"i_number_huge_exp",                 TROTH_OK, "numbers are text"},
    {"i_number_neg_int_huge_exp",         TROTH_OK, "numbers are text"},
    {"i_number_pos_double_huge_exp",      TROTH_OK, "numbers are text"},
    {"i_number_real_neg_overflow",        TROTH_OK, "numbers are text"},
    {"i_number_real_pos_overflow",        TROTH_OK, "numbers are text"},
    {"i_number_real_underflow",           TROTH_OK, "numbers are text"},
    {"i_number_too_big_neg_int",          TROTH_OK, "numbers are text"},
    {"i_number_too_big_pos_int",          TROTH_OK, "numbers are text"},
    {"i_number_very_big_negative_int",    TROTH_OK, "numbers are text"},
    {"i_object_key_lone_2nd_surrogate",   TROTH_ERR_TEXT, "no such text"},
    {"i_string_1st_surrogate_but_2nd_missing",     TROTH_ERR_TEXT, "no such text"},
    {"i_string_1st_valid_surrogate_2nd_invalid",   TROTH_ERR_TEXT, "no such text"},
    {"i_string_UTF-16LE_with_BOM",        TROTH_ERR_VALUE, "not UTF-8"},
    {"i_string_UTF-8_invalid_sequence",   TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_UTF8_surrogate_U+D800",    TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_incomplete_surrogate_and_escape_valid", TROTH_ERR_TEXT, "no such text"},
    {"i_string_incomplete_surrogate_pair", TROTH_ERR_TEXT, "no such text"},
    {"i_string_incomplete_surrogates_escape_valid", TROTH_ERR_TEXT, "no such text"},
    {"i_string_invalid_lonely_surrogate", TROTH_ERR_TEXT, "no such text"},
    {"i_string_invalid_surrogate",        TROTH_ERR_TEXT, "no such text"},
    {"i_string_invalid_utf-8",            TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_inverted_surrogates_U+1D11E", TROTH_ERR_TEXT, "no such text"},
    {"i_string_iso_latin_1",              TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_lone_second_surrogate",    TROTH_ERR_TEXT, "no such text"},
    {"i_string_lone_utf8_continuation_byte", TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_not_in_unicode_range",     TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_overlong_sequence_2_bytes", TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_overlong_sequence_6_bytes", TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_overlong_sequence_6_bytes_null", TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_truncated-utf-8",          TROTH_ERR_TEXT, "not UTF-8"},
    {"i_string_utf16BE_no_BOM",           TROTH_ERR_VALUE, "not UTF-8"},
    {"i_string_utf16LE_no_BOM",           TROTH_ERR_VALUE, "not UTF-8"},
    {"i_structure_500_nested_arrays",     TROTH_ERR_DEPTH, "deeper than 32"},
    {"i_structure_UTF-8_BOM_empty_object", TROTH_ERR_TEXT, "RFC 8259 8.1 lets us refuse it"},
    {"y_object_duplicated_key",           TROTH_ERR_DUPLICATE, "two readers may see two things"},
    {"y_object_duplicated_key_and_value", TROTH_ERR_DUPLICATE, "two readers may see two things"},
};
/* clang-format on */

static enum troth_err read_all(struct troth_span text)
{
    struct troth_json r;

    troth_json_init(&r, text);
    const struct troth_span whole = troth_json_skip(&r, "test");
    const enum troth_err err = troth_json_finish(&r, NULL);
    CHECK(!err == (whole.len != 0 && whole.len <= text.len) || err == TROTH_ERR_TRAILING);
    return err;
}

static bool decided(const char *file_name, enum troth_err *out_err)
{
    const size_t len = strlen(file_name) - strlen(".json");

    for (size_t i = 0; i < COUNT(decisions); i++) {
        if (strlen(decisions[i].name) != len ||
            memcmp(decisions[i].name, file_name, len) != 0)
            continue;
        *out_err = decisions[i].err;
        return true;
    }
    return false;
}

static void test_one(const char *file_name)
{
    char path[300];
    enum troth_err wanted = TROTH_OK;

    test_case("%s", file_name);
    snprintf(path, sizeof path, "json/parsing/%s", file_name);
    const enum troth_err err = read_all(test_vector(path));
    if (decided(file_name, &wanted) || file_name[0] == 'y')
        CHECK_ERR(err, wanted);
    else if (file_name[0] == 'n')
        CHECK(err != TROTH_OK);
    else
        CHECK(false && "a file on which nothing was decided");
}

int main(void)
{
    char path[4400];
    struct dirent **files = NULL;
    int count = -1;

    if (test_vectors_dir()) {
        snprintf(path, sizeof path, "%s/json/parsing", test_vectors_dir());
        count = scandir(path, &files, NULL, alphasort);
    }
    if (count < 0) {
        test_case("JSONTestSuite");
        test_skip("no vectors");
        return test_finish();
    }
    for (int i = 0; i < count; i++) {
        if (strstr(files[i]->d_name, ".json"))
            test_one(files[i]->d_name);
        free(files[i]);
    }
    free(files);
    test_case("the suite has its 318 files");
    CHECK_INT(count, 318 + 2);
    return test_finish();
}
