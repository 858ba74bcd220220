/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_page.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/escape.h"

struct troth_span troth_case_text(const struct troth_tree_node *node, const char *key)
{
    const struct troth_tree_node *value = troth_tree_find(node, key);

    return value ? value->text : (struct troth_span){NULL, 0};
}

static void print_text(struct troth_span text)
{
    uint8_t safe[2048];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    troth_escape_write(&w, text);
    (void)fwrite(w.base, 1, w.len, stdout);
}

static void print_span(const char *before, struct troth_span text)
{
    (void)fputs(before, stdout);
    print_text(text);
}

/* A number sign would begin a directive of TAP's: a name is no way to skip a test. */
static void print_name(struct troth_span name)
{
    size_t start = 0;

    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] != '#')
            continue;
        print_text(troth_span_slice(name, start, i));
        (void)fputs("\\#", stdout);
        start = i + 1;
    }
    print_text(troth_span_slice(name, start, name.len));
}

/* What stood in the way, one line each. */
static void print_reasons(const struct troth_result *result)
{
    for (size_t i = 0; i < result->verdict.count; i++) {
        const struct troth_check *check = &result->verdict.checks[i];

        if (check->outcome != TROTH_FAILED && check->outcome != TROTH_NOT_MADE)
            continue;
        (void)printf("#   %s: %s", troth_outcome_name(check->outcome),
                     troth_check_name(check->id));
        if (check->subject)
            print_span(": ", troth_span_of_text(check->subject));
        if (check->why)
            print_span(": ", troth_span_of_text(check->why));
        if (check->policy_line)
            (void)printf(" (line %u)", check->policy_line);
        (void)fputc('\n', stdout);
    }
}

void troth_case_page_print(const struct troth_case *c)
{
    const struct troth_span rule = troth_case_text(c->node, "rule");
    char line[1024];

    (void)printf("%s %zu", c->is_as_expected ? "ok" : "not ok", c->number);
    (void)fputs(" - ", stdout);
    print_name(troth_case_text(c->node, "name"));
    (void)fputc('\n', stdout);
    if (c->is_as_expected)
        return;
    if (!c->ran) {
        troth_problem_line(line, sizeof line, c->problem);
        print_span("# could not be run: ", troth_span_of_text(line));
        (void)fputc('\n', stdout);
        return;
    }
    (void)printf("# %s", troth_answer_name(c->result->answer));
    print_span(", and expected is ", troth_case_text(c->node, "expect"));
    if (rule.len > 0)
        print_span(" by ", rule);
    (void)fputc('\n', stdout);
    print_reasons(c->result);
}

static void write_span(struct troth_json_writer *w, const char *key,
                       struct troth_span text)
{
    troth_json_write_key(w, key);
    if (text.len > 0)
        troth_json_write_string(w, text);
    else
        troth_json_write_null(w);
}

static void write_text(struct troth_json_writer *w, const char *key, const char *text)
{
    write_span(w, key, troth_span_of_text(text ? text : ""));
}

static void write_reasons(struct troth_json_writer *w, const struct troth_result *result)
{
    troth_json_write_key(w, "reasons");
    troth_json_begin_array(w);
    for (size_t i = 0; i < result->verdict.count; i++) {
        const struct troth_check *check = &result->verdict.checks[i];

        if (check->outcome != TROTH_FAILED && check->outcome != TROTH_NOT_MADE)
            continue;
        troth_json_begin_object(w);
        write_text(w, "check", troth_check_name(check->id));
        write_text(w, "outcome", troth_outcome_name(check->outcome));
        write_text(w, "subject", check->subject);
        write_text(w, "detail", check->why);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

void troth_case_page_write_json(struct troth_json_writer *w, const struct troth_case *c)
{
    char line[1024] = "";

    if (!c->ran)
        troth_problem_line(line, sizeof line, c->problem);
    troth_json_begin_object(w);
    write_span(w, "name", troth_case_text(c->node, "name"));
    write_text(w, "outcome",
               !c->ran             ? "not run"
               : c->is_as_expected ? "as expected"
                                   : "otherwise");
    write_span(w, "expected", troth_case_text(c->node, "expect"));
    write_span(w, "rule", troth_case_text(c->node, "rule"));
    write_text(w, "verdict", c->ran ? troth_answer_name(c->result->answer) : NULL);
    write_text(w, "error", line);
    write_reasons(w, c->result);
    troth_json_end_object(w);
}
