/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/library_types.h"

#include <string.h>

#include "cel/macro.h"
#include "test/harness.h"

static const struct troth_cel_library *library_number(size_t i)
{
    return i ? troth_cel_all_libraries[i - 1] : &troth_cel_standard;
}

/* What is wrong with a row, or NULL. */
static const char *fault_of(const struct troth_cel_overload *row)
{
    if (!row->name || !row->name[0] || !row->result)
        return "no name or no result";
    if (row->argument_count > TROTH_CEL_ARGUMENTS_MAX)
        return "too many arguments";
    if (row->is_member && row->argument_count == 0)
        return "a method without a receiver";
    for (size_t i = 0; i < TROTH_CEL_ARGUMENTS_MAX; i++)
        if (!row->arguments[i] != (i >= row->argument_count))
            return "another number of arguments";
    return NULL;
}

static void test_rows(void)
{
    for (size_t i = 0; i <= TROTH_CEL_LIBRARIES; i++) {
        const struct troth_cel_library *library = library_number(i);

        test_case("rows of %s", library->name);
        CHECK(library->overload_count || library->macro_count);
        for (size_t j = 0; j < library->overload_count; j++) {
            const char *fault = fault_of(&library->overloads[j]);

            if (fault)
                test_check_text(library->overloads[j].name, fault, __FILE__, __LINE__);
            /* Only operators are instructions of the evaluator. */
            if (i > 0)
                CHECK(library->overloads[j].call != NULL);
        }
    }
}

static void test_macros(void)
{
    for (size_t i = 0; i <= TROTH_CEL_LIBRARIES; i++) {
        const struct troth_cel_library *library = library_number(i);

        test_case("macros of %s", library->name);
        for (size_t j = 0; j < library->macro_count; j++)
            CHECK(library->macros[j].name && library->macros[j].expand);
    }
}

static bool same_signature(const struct troth_cel_overload *a,
                           const struct troth_cel_overload *b)
{
    if (strcmp(a->name, b->name) != 0 || a->is_member != b->is_member ||
        a->argument_count != b->argument_count)
        return false;
    for (size_t i = 0; i < a->argument_count; i++)
        if (a->arguments[i] != b->arguments[i])
            return false;
    return true;
}

static void test_no_row_twice(void)
{
    for (size_t i = 0; i <= TROTH_CEL_LIBRARIES; i++) {
        const struct troth_cel_library *library = library_number(i);

        test_case("no row of %s is there twice", library->name);
        for (size_t j = 0; j < library->overload_count; j++)
            for (size_t k = 0; k < j; k++)
                if (same_signature(&library->overloads[j], &library->overloads[k]))
                    FAIL(library->overloads[j].name);
    }
}

static void test_types(void)
{
    test_case("types that rows share");
    CHECK_TEXT(troth_cel_type_a.name, "A");
    CHECK_INT(troth_cel_type_b.kind, TROTH_CEL_PARAMETER);
    CHECK(troth_cel_type_map_ab.arguments[0] == &troth_cel_type_a);
    CHECK(troth_cel_type_map_ab.arguments[1] == &troth_cel_type_b);
    CHECK(troth_cel_type_optional_map_ab.arguments[0] == &troth_cel_type_map_ab);
    CHECK(troth_cel_type_list_string.arguments[0] == TROTH_CEL_OF(STRING));
    CHECK(troth_cel_type_list_string.arguments[1] == NULL);
}

int main(void)
{
    test_rows();
    test_macros();
    test_no_row_twice();
    test_types();
    return test_finish();
}
