/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conformance cases of the CEL specification. What needs protobuf is skipped by name;
 * docs/cel.md says how many cases that is, file by file, and is held to it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cel/macro.h"
#include "cel/type.h"
#include "test/harness.h"
#include "test/vectors/cel_json.h"
#include "test/vectors/cel_zone.h"

/* clang-format off */
static const char *const files[] = {
    "basic", "comparisons", "conversions", "fields", "fp_math", "integer_math", "lists",
    "logic", "macros", "macros2", "namespace", "parse", "plumbing", "string", "timestamps",
    "type_deduction", "bindings_ext", "encoders_ext", "math_ext", "network_ext", "optionals",
    "string_ext", "block_ext", "dynamic", "enums", "proto2", "proto2_ext", "proto3",
    "wrappers", "unknowns",
};

/* What an expression names that only protobuf has. */
static const struct {
    const char *word, *why;
} foreign[] = {
    {"TestAllTypes",       "a message type"},
    {"NestedTestAllTypes", "a message type"},
    {"GlobalEnum",         "an enum"},
    {"NestedEnum",         "an enum"},
    {"proto.getExt",       "extension fields of messages"},
    {"proto.hasExt",       "extension fields of messages"},
    {"google.protobuf.Any",         "a message type"},
    {"google.protobuf.BoolValue",   "a message type"},
    {"google.protobuf.BytesValue",  "a message type"},
    {"google.protobuf.DoubleValue", "a message type"},
    {"google.protobuf.FloatValue",  "a message type"},
    {"google.protobuf.Int32Value",  "a message type"},
    {"google.protobuf.Int64Value",  "a message type"},
    {"google.protobuf.ListValue",   "a message type"},
    {"google.protobuf.NullValue",   "an enum"},
    {"google.protobuf.StringValue", "a message type"},
    {"google.protobuf.Struct",      "a message type"},
    {"google.protobuf.UInt32Value", "a message type"},
    {"google.protobuf.UInt64Value", "a message type"},
    {"google.protobuf.Value",       "a message type"},
    {"google.protobuf.Duration{",   "a message as a literal"},
    {"google.protobuf.Timestamp{",  "a message as a literal"},
    {"Value{",                      "a message as a literal"},
    {"TestRequired{",               "a message as a literal"},
};
/* clang-format on */

enum { ROOM = 1 << 22, NAMES_MAX = 64 };

struct trial {
    const json_t *json;
    struct troth_arena arena;
    struct troth_cel_env env;
    struct troth_cel_variable variables[NAMES_MAX];
    struct troth_cel_value values[NAMES_MAX];
    struct troth_cel_overload functions[NAMES_MAX];
    struct troth_cel_library declared;
    const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 2];
    const char *skip; /* why */
};

struct count {
    unsigned passed, skipped;
};

static struct troth_cel_value not_there(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    (void)call;
    (void)arguments;
    return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_FUNCTION);
}

static const char *member_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text ? text : "";
}

static bool declare_overload(struct trial *t, const char *name, const json_t *json)
{
    const json_t *parameters = json_object_get(json, "params");
    const json_t *parameter;
    struct troth_cel_overload row = {
        .name = name,
        .is_member = json_is_true(json_object_get(json, "is_instance_function")),
        .argument_count = (uint8_t)json_array_size(parameters),
        .call = not_there,
    };
    size_t i;

    json_array_foreach(parameters, i,
                       parameter) if (!cel_json_type(&row.arguments[i], &t->skip,
                                                     parameter, &t->arena)) return false;
    if (!cel_json_type(&row.result, &t->skip, json_object_get(json, "result_type"),
                       &t->arena))
        return false;
    t->functions[t->declared.overload_count++] = row;
    return true;
}

static bool declare(struct trial *t, const json_t *json)
{
    const json_t *overloads = json_object_get(json_object_get(json, "function"),
                                              "overloads");
    const json_t *ident = json_object_get(json, "ident");
    const json_t *overload;
    const char *name = member_text(json, "name");
    size_t i;

    json_array_foreach(overloads, i,
                       overload) if (!declare_overload(t, name, overload)) return false;
    if (!ident)
        return true;
    t->variables[t->env.variable_count].name = name;
    return cel_json_type(&t->variables[t->env.variable_count++].type, &t->skip,
                         json_object_get(ident, "type"), &t->arena);
}

/* What is bound and not declared is declared as dyn. */
static size_t variable_named(struct trial *t, const char *name)
{
    size_t i = 0;

    while (i < t->env.variable_count && strcmp(t->variables[i].name, name) != 0)
        i++;
    if (i == t->env.variable_count)
        t->variables[t->env.variable_count++] = (struct troth_cel_variable){
            name, &troth_cel_types[TROTH_CEL_DYN]};
    return i;
}

static bool prepare(struct trial *t)
{
    const json_t *json;
    const char *name;
    size_t i;

    t->env = (struct troth_cel_env){
        .container = json_string_value(json_object_get(t->json, "container")),
        .variables = t->variables,
        .libraries = t->libraries,
        .library_count = TROTH_CEL_LIBRARIES + 2,
        .is_unchecked = json_is_true(json_object_get(t->json, "disable_check")),
    };
    t->declared = (struct troth_cel_library){.name = "declared",
                                             .overloads = t->functions};
    memcpy(t->libraries, troth_cel_all_libraries, sizeof troth_cel_all_libraries);
    t->libraries[TROTH_CEL_LIBRARIES] = &cel_zones;
    t->libraries[TROTH_CEL_LIBRARIES + 1] = &t->declared;
    json_array_foreach(json_object_get(t->json, "type_env"), i,
                       json) if (!declare(t, json)) return false;
    json_object_foreach(json_object_get(t->json, "bindings"), name,
                        json) if (!cel_json_value(&t->values[variable_named(t, name)],
                                                  &t->skip,
                                                  json_object_get(json, "value"),
                                                  &t->arena)) return false;
    return true;
}

/* The JSON of these has escapes of protobuf's text format left in what is wanted. */
static bool is_garbled(const json_t *json)
{
    static const char *const parts[] = {
        "quoted_lower_u_escapes", "quoted_upper_u_escapes", "mixed_case_hex_",
        "unassigned_code_point_", "e_quoted_unescaped_punctuation"};

    for (size_t i = 0; i < COUNT(parts); i++)
        if (strstr(member_text(json, "name"), parts[i]))
            return true;
    return false;
}

/* What should come out: by default, true. */
static bool read_wanted(struct trial *t, struct troth_cel_value *out,
                        const struct troth_cel_type **out_type)
{
    const json_t *typed = json_object_get(t->json, "typed_result");
    const json_t *value = typed ? json_object_get(typed, "result")
                                : json_object_get(t->json, "value");

    *out = TROTH_CEL_BOOL_VALUE(true);
    *out_type = NULL;
    if (typed && !cel_json_type(out_type, &t->skip,
                                json_object_get(typed, "deduced_type"), &t->arena))
        return false;
    if (value && !cel_json_value(out, &t->skip, value, &t->arena))
        return false;
    if (is_garbled(t->json))
        cel_json_unescape(out, &t->arena);
    return true;
}

static bool names_foreign(struct trial *t)
{
    const char *expression = member_text(t->json, "expr");

    for (size_t i = 0; i < COUNT(foreign) && !t->skip; i++)
        if (strstr(expression, foreign[i].word))
            t->skip = foreign[i].why;
    return t->skip != NULL;
}

/* Compiled and evaluated, as the case wants it; a sentence on what went wrong, or NULL.
 */
static const char *attempt(struct trial *t, const struct troth_cel_value *wanted,
                           const struct troth_cel_type *wanted_type)
{
    static char said[300];
    const bool wants_error = json_object_get(t->json, "eval_error") != NULL;
    struct troth_cel_program program;
    struct troth_cel_issue issue;
    struct troth_cel_value value;
    const struct troth_span source = cel_json_text(json_object_get(t->json, "expr"));

    if (troth_cel_compile(&program, &issue, &t->env, source, &t->arena)) {
        snprintf(said, sizeof said, "does not compile: %s", issue.text);
        return wants_error ? NULL : said;
    }
    if (wanted_type && !troth_cel_type_is_same(program.type, wanted_type))
        return "another type";
    if (json_is_true(json_object_get(t->json, "check_only")))
        return NULL;

    const struct troth_cel_run run = {
        .variables = t->values, .steps = 1000000, .arena = &t->arena};

    if (troth_cel_evaluate(&value, &program, &run))
        return "no end";
    if (wants_error)
        return value.kind == TROTH_CEL_ERROR ? NULL : "no error";
    if (value.kind == TROTH_CEL_ERROR) {
        snprintf(said, sizeof said, "error: %s",
                 troth_cel_error_text(value.as.error.code));
        return said;
    }
    return cel_json_same(&value, wanted) ? NULL : "another value";
}

static void run_one(struct count *count, const char *file, const char *section,
                    const json_t *json)
{
    static uint8_t room[ROOM];
    struct trial *t = calloc(1, sizeof *t);
    struct troth_cel_value wanted;
    const struct troth_cel_type *wanted_type;

    t->json = json;
    t->arena = TROTH_ARENA_OVER(room);
    if (names_foreign(t) || !prepare(t) || !read_wanted(t, &wanted, &wanted_type)) {
        printf("# skip %s/%s/%s: %s\n", file, section, member_text(json, "name"),
               t->skip);
        count->skipped++;
    } else {
        const char *wrong = attempt(t, &wanted, wanted_type);

        if (wrong)
            printf("# %s/%s/%s: %s\n#   %s\n", file, section, member_text(json, "name"),
                   wrong, member_text(json, "expr"));
        count->passed += CHECK(!wrong);
    }
    free(t);
}

/* The row of docs/cel.md's table says the same. */
static void check_page(const char *page, const char *file, struct count count)
{
    char row[80];

    snprintf(row, sizeof row, "| %s | %u | %u |", file, count.passed, count.skipped);
    if (!CHECK(strstr(page, row)))
        printf("# docs/cel.md has no row '%s'\n", row);
}

static struct count run_file(const char *file)
{
    struct count count = {0, 0};
    char path[64];
    const json_t *section;
    const json_t *json;
    json_error_t error;
    size_t i;
    size_t n;

    snprintf(path, sizeof path, "cel/%s.json", file);
    test_case("%s", file);

    const struct troth_span text = test_vector(path);
    json_t *all = json_loadb((const char *)text.ptr, text.len, JSON_ALLOW_NUL, &error);

    if (!CHECK(all))
        printf("# %s, line %d\n", error.text, error.line);
    json_array_foreach(json_object_get(all, "section"), i, section)
        json_array_foreach(json_object_get(section, "test"), n, json)
            run_one(&count, file, member_text(section, "name"), json);
    json_decref(all);
    printf("# %s: %u passed, %u skipped\n", file, count.passed, count.skipped);
    return count;
}

/* Words of operators and of macros' own functions have no letter at their beginning. */
static bool is_for_people(const char *name)
{
    return strspn(name, "_@!-") == 0 && !strchr(name, '@');
}

/* The page names every function and macro, with its parenthesis. */
static void check_names(const char *page, const struct troth_cel_library *library)
{
    char wanted[64];

    test_case("docs/cel.md names what is in %s", library->name);
    for (size_t i = 0; i < library->overload_count + library->macro_count; i++) {
        const char *name = i < library->overload_count
                               ? library->overloads[i].name
                               : library->macros[i - library->overload_count].name;

        snprintf(wanted, sizeof wanted, i < library->overload_count ? "%s(" : "%s", name);
        if (is_for_people(name) && !CHECK(strstr(page, wanted)))
            printf("# %s\n", wanted);
    }
}

/* docs/cel.md as a text with an end. */
static const char *read_page(void)
{
    static char page[1 << 16];
    const struct troth_span read = test_file(TROTH_SOURCE_DIR "/docs/cel.md");

    if (CHECK(read.ptr && read.len < sizeof page))
        memcpy(page, read.ptr, read.len);
    return page;
}

int main(void)
{
    const char *page = read_page();
    struct count total = {0, 0};

    check_names(page, &troth_cel_standard);
    for (size_t i = 0; i < TROTH_CEL_LIBRARIES; i++)
        check_names(page, troth_cel_all_libraries[i]);
    if (!test_vectors_dir()) {
        test_case("conformance");
        test_skip("there are no vectors");
        return test_finish();
    }
    test_case("the system has time zones");
    CHECK(cel_zones_are_there());
    for (size_t i = 0; i < COUNT(files); i++) {
        const struct count count = run_file(files[i]);

        check_page(page, files[i], count);
        total.passed += count.passed;
        total.skipped += count.skipped;
    }
    test_case("all files");
    printf("# CEL conformance: %u passed, %u skipped of %u\n", total.passed,
           total.skipped, total.passed + total.skipped);
    check_page(page, "all", total);
    return test_finish();
}
