/*
 * The expression language alone: may this caller use this tool?
 *
 *     cc cel.c $(pkg-config --cflags --libs troth) -o cel
 *     ./cel "tool in ['read', 'list'] || calls < 3" read 7
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <troth/cel.h>

static struct troth_span span_of(const char *text)
{
    return (struct troth_span){(const uint8_t *)text, strlen(text)};
}

int main(int argc, char **argv)
{
    static uint8_t compiled[1024 * 1024], scratch[64 * 1024];
    const struct troth_cel_variable names[] = {
        {"tool", &troth_cel_types[TROTH_CEL_STRING]},
        {"calls", &troth_cel_types[TROTH_CEL_INT]},
    };
    const struct troth_cel_env env = {
        .variables = names,
        .variable_count = 2,
        .libraries = troth_cel_all_libraries,
        .library_count = TROTH_CEL_LIBRARIES,
        .result = &troth_cel_types[TROTH_CEL_BOOL],
    };
    struct troth_arena arena = TROTH_ARENA_OVER(compiled);
    struct troth_arena memory = TROTH_ARENA_OVER(scratch);
    struct troth_cel_program program;
    struct troth_cel_issue issue;
    struct troth_cel_value answer;

    if (argc != 4)
        return 2;
    /* Once, when the rule is read: what cannot work is found now, and where. */
    if (troth_cel_compile(&program, &issue, &env, span_of(argv[1]), &arena)) {
        fprintf(stderr, "%u:%u: %s\n", issue.line, issue.column, issue.text);
        return 2;
    }
    /* As often as there are calls, from as many threads as you like. */
    const struct troth_cel_value values[] = {
        TROTH_CEL_STRING_VALUE(span_of(argv[2])),
        TROTH_CEL_INT_VALUE(strtoll(argv[3], NULL, 10)),
    };
    if (troth_cel_evaluate(&answer, &program,
                           &(struct troth_cel_run){
                               .variables = values, .steps = 10000, .arena = &memory}) ||
        answer.kind != TROTH_CEL_BOOL)
        return 2;
    puts(answer.as.boolean ? "yes" : "no");
    return answer.as.boolean ? 0 : 1;
}
