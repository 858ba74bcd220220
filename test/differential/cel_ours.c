/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What our CEL makes of expressions, for cel_test.py: reads one a line, writes one line
 * of JSON for each: what is wrong with its types or null, its value as far as they are
 * right, and its value with types found out by evaluating.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cel/library_types.h"
#include "test/harness.h"
#include "troth/cel.h"

enum { STEPS = 1000000 };

static _Alignas(max_align_t) uint8_t room[1 << 22];

#define TEXT(literal) TROTH_CEL_STRING_VALUE(TROTH_LITERAL(literal))
#define INT(x)        TROTH_CEL_INT_VALUE(x)

/* clang-format off */
#define ITEMS(type, ...) (const struct type[]){__VA_ARGS__},                              \
                         sizeof((const struct type[]){__VA_ARGS__}) / sizeof(struct type)
#define LIST(...) TROTH_CEL_LIST_VALUE((&(const struct troth_cel_list){                   \
                                          ITEMS(troth_cel_value, __VA_ARGS__)}))
#define MAP(...)  TROTH_CEL_MAP_VALUE((&(const struct troth_cel_map){                     \
                                         ITEMS(troth_cel_entry, __VA_ARGS__)}))
/* clang-format on */

static const struct troth_cel_type list_of_ints = {
    TROTH_CEL_LIST, NULL, {&troth_cel_types[TROTH_CEL_INT]}};
static const struct troth_cel_type list_of_texts = {
    TROTH_CEL_LIST, NULL, {&troth_cel_types[TROTH_CEL_STRING]}};
static const struct troth_cel_type ints_by_text = {
    TROTH_CEL_MAP,
    NULL,
    {&troth_cel_types[TROTH_CEL_STRING], &troth_cel_types[TROTH_CEL_INT]}};
static const struct troth_cel_type texts_by_int = {
    TROTH_CEL_MAP,
    NULL,
    {&troth_cel_types[TROTH_CEL_INT], &troth_cel_types[TROTH_CEL_STRING]}};

/* The same as in cel_theirs.mjs and, by their types, in cel_grammar.py. */
/* clang-format off */
#define VARIABLES(X)                                                                      \
    X("i",   &troth_cel_types[TROTH_CEL_INT],       INT(42))                              \
    X("j",   &troth_cel_types[TROTH_CEL_INT],       INT(-7))                              \
    X("big", &troth_cel_types[TROTH_CEL_INT],       INT(INT64_MAX))                       \
    X("u",   &troth_cel_types[TROTH_CEL_UINT],      TROTH_CEL_UINT_VALUE(3))              \
    X("v",   &troth_cel_types[TROTH_CEL_UINT],      TROTH_CEL_UINT_VALUE(UINT64_MAX))     \
    X("d",   &troth_cel_types[TROTH_CEL_DOUBLE],    TROTH_CEL_DOUBLE_VALUE(2.5))          \
    X("nan", &troth_cel_types[TROTH_CEL_DOUBLE],    TROTH_CEL_DOUBLE_VALUE(NAN))                 \
    X("s",   &troth_cel_types[TROTH_CEL_STRING],    TEXT("Grüße, b 42"))                  \
    X("t",   &troth_cel_types[TROTH_CEL_STRING],    TEXT("a😀b"))                         \
    X("x",   &troth_cel_types[TROTH_CEL_BYTES],     TROTH_CEL_BYTES_VALUE(TROTH_LITERAL("\x00\xff" "a"))) \
    X("p",   &troth_cel_types[TROTH_CEL_BOOL],      TROTH_CEL_BOOL_VALUE(true))           \
    X("q",   &troth_cel_types[TROTH_CEL_BOOL],      TROTH_CEL_BOOL_VALUE(false))          \
    X("li",  &list_of_ints,                         LIST(INT(3), INT(-1), INT(0), INT(42)))      \
    X("ls",  &list_of_texts,                        LIST(TEXT("b"), TEXT(""), TEXT("ä"), TEXT("b")))     \
    X("ms",  &ints_by_text,                         MAP({TEXT("a"), INT(1)}, {TEXT("b"), INT(-2)}, {TEXT(""), INT(3)}))       \
    X("mi",  &texts_by_int,                         MAP({INT(0), TEXT("zero")}, {INT(-1), TEXT("a")}))        \
    X("now", &troth_cel_types[TROTH_CEL_TIMESTAMP], TROTH_CEL_TIMESTAMP_VALUE(1767225599, 987254321)) \
    X("ago", &troth_cel_types[TROTH_CEL_DURATION],  TROTH_CEL_DURATION_VALUE(-5400, -250000000))
/* clang-format on */

static const struct troth_cel_variable variables[] = {
#define X(name, type, value) {name, type},
    VARIABLES(X)
#undef X
};

static void print_value(const struct troth_cel_value *value);

static void print_hex(struct troth_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        printf("%02x", bytes.ptr[i]);
}

static void print_list(const struct troth_cel_list *list)
{
    printf("[\"list\"");
    for (size_t i = 0; i < list->count; i++) {
        printf(",");
        print_value(&list->items[i]);
    }
    printf("]");
}

static void print_map(const struct troth_cel_map *map)
{
    printf("[\"map\"");
    for (size_t i = 0; i < map->count; i++) {
        printf(",[");
        print_value(&map->entries[i].key);
        printf(",");
        print_value(&map->entries[i].value);
        printf("]");
    }
    printf("]");
}

/* The bits; one for all that are not numbers. */
static void print_double(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    if (value != value)
        bits = UINT64_C(0x7ff8000000000000);
    printf("[\"double\",\"%016" PRIx64 "\"]", bits);
}

/* The type of the value alone: the peer does not say what a list is of. */
static void print_type(const struct troth_cel_type *type)
{
    uint8_t text[512];
    size_t len = 0;

    if (troth_cel_type_to_text(text, sizeof text, &len, type))
        exit(2);
    printf("[\"type\",\"%.*s\"]", (int)len, (const char *)text);
}

static void print_value(const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_ERROR:
        printf("[\"error\"]");
        break;
    case TROTH_CEL_NULL:
        printf("null");
        break;
    case TROTH_CEL_BOOL:
        printf(value->as.boolean ? "true" : "false");
        break;
    case TROTH_CEL_INT:
        printf("[\"int\",\"%" PRId64 "\"]", value->as.integer);
        break;
    case TROTH_CEL_UINT:
        printf("[\"uint\",\"%" PRIu64 "\"]", value->as.number);
        break;
    case TROTH_CEL_DOUBLE:
        print_double(value->as.real);
        break;
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        printf("[\"%s\",\"", value->kind == TROTH_CEL_STRING ? "string" : "bytes");
        print_hex(value->as.text);
        printf("\"]");
        break;
    case TROTH_CEL_TIMESTAMP:
    case TROTH_CEL_DURATION:
        printf("[\"%s\",\"%" PRId64 "\",%" PRId32 "]",
               value->kind == TROTH_CEL_TIMESTAMP ? "timestamp" : "duration",
               value->as.integer, value->nanos);
        break;
    case TROTH_CEL_LIST:
        print_list(value->as.list);
        break;
    case TROTH_CEL_MAP:
        print_map(value->as.map);
        break;
    case TROTH_CEL_TYPE:
        print_type(value->as.type);
        break;
    default:
        printf("[\"kind\",%d]", (int)value->kind);
    }
}

static void print_evaluated(const struct troth_cel_program *program,
                            struct troth_arena *arena)
{
    const struct troth_cel_value values[] = {
#define X(name, type, value) value,
        VARIABLES(X)
#undef X
    };
    struct troth_cel_value value;
    const struct troth_cel_run run = {
        .variables = values, .steps = STEPS, .arena = arena};

    if (troth_cel_evaluate(&value, program, &run))
        printf("[\"spent\"]");
    else
        print_value(&value);
}

static void print_answers(struct troth_span source)
{
    static const struct troth_cel_library *const libraries[] = {&troth_cel_strings};
    struct troth_cel_env env = {.variables = variables,
                                .variable_count = COUNT(variables),
                                .libraries = libraries,
                                .library_count = COUNT(libraries)};
    struct troth_cel_program program;
    struct troth_cel_issue issue;

    for (int unchecked = 0; unchecked <= 1; unchecked++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const bool compiled = !troth_cel_compile(&program, &issue, &env, source, &arena);

        if (!unchecked) {
            printf("[%s", compiled ? "null" : "\"");
            for (const char *c = issue.text; !compiled && *c; c++)
                printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
            printf(compiled ? "," : "\",");
        } else {
            printf(",");
        }
        if (compiled)
            print_evaluated(&program, &arena);
        else
            printf("[\"error\"]");
        env.is_unchecked = true;
    }
    printf("]\n");
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0)
        print_answers((struct troth_span){(const uint8_t *)line, (size_t)len - 1});
    free(line);
    return 0;
}
