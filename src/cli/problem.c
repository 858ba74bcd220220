/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/status.h"
#include "codec/json_writer.h"

static void set_subject(struct troth_problem *problem, const char *subject)
{
    (void)snprintf(problem->subject, sizeof problem->subject, "%s", subject);
}

bool troth_problem_usage(struct troth_problem *problem, const char *format, ...)
{
    va_list arguments;

    *problem = (struct troth_problem){.name = "USAGE"};
    va_start(arguments, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return false;
}

/* The system's words, with a small first letter where that is a word's. */
static void write_cause(char *out, size_t size, int error)
{
    const char *said = strerror(error); /* NOLINT(concurrency-mt-unsafe): one thread */

    (void)snprintf(out, size, "%s", said);
    if (out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'a' && out[1] <= 'z')
        out[0] = (char)(out[0] - 'A' + 'a');
}

bool troth_problem_io(struct troth_problem *problem, const char *what,
                      const char *subject, int error)
{
    char cause[128];

    *problem = (struct troth_problem){.name = "IO"};
    set_subject(problem, subject);
    write_cause(cause, sizeof cause, error);
    (void)snprintf(problem->text, sizeof problem->text, "%s '%s': %s", what,
                   problem->subject, cause);
    return false;
}

bool troth_problem_fault(struct troth_problem *problem, const char *subject,
                         const struct troth_fault *fault)
{
    *problem = (struct troth_problem){
        .name = troth_err_name(fault->err),
        .field = fault->field,
        .offset = fault->offset,
    };
    set_subject(problem, subject);
    (void)snprintf(problem->text, sizeof problem->text, "%s", troth_err_text(fault->err));
    return false;
}

bool troth_problem_memory(struct troth_problem *problem)
{
    const struct troth_fault fault = {TROTH_ERR_MEMORY, NULL, 0};

    return troth_problem_fault(problem, "", &fault);
}

void troth_problem_hint(struct troth_problem *problem, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(problem->hint, sizeof problem->hint, format, arguments);
    va_end(arguments);
}

static bool is_own(const struct troth_problem *problem)
{
    struct troth_span name = troth_span_of_text(problem->name);

    return troth_span_equal(name, TROTH_LITERAL("USAGE")) ||
           troth_span_equal(name, TROTH_LITERAL("IO"));
}

void troth_problem_line(char *out, size_t size, const struct troth_problem *problem)
{
    /* A field without a dot is all of the subject. */
    const char *field = problem->field && strchr(problem->field, '.') ? problem->field
                                                                      : "";
    char place[48] = "";

    if (problem->offset)
        (void)snprintf(place, sizeof place, " (offset %zu)", problem->offset);
    /* Texts of the program's own quote their subject themselves. */
    if (is_own(problem) || !problem->subject[0])
        (void)snprintf(out, size, "%s%s", problem->text, place);
    else
        (void)snprintf(out, size, "%s: %s%s%s%s", problem->subject, field,
                       *field ? ": " : "", problem->text, place);
}

static void write_member(struct troth_json_writer *w, const char *key, const char *text)
{
    uint8_t safe[2048];
    struct troth_writer escaped = troth_writer_over(safe, sizeof safe);

    troth_json_write_key(w, key);
    if (!text || !*text) {
        troth_json_write_null(w);
        return;
    }
    /* A file's name may be no text at all. */
    troth_escape_write(&escaped, troth_span_of_text(text));
    troth_json_write_string(w, troth_writer_span(&escaped));
}

static void print_json(const struct troth_problem *problem, const char *member)
{
    uint8_t text[8192];
    struct troth_writer bytes = troth_writer_over(text, sizeof text);
    struct troth_json_writer w = troth_json_writer_over(&bytes, false);

    troth_json_begin_object(&w);
    write_member(&w, "name", problem->name);
    write_member(&w, "text", problem->text);
    write_member(&w, "subject", problem->subject);
    write_member(&w, "field", problem->field);
    troth_json_write_key(&w, "offset");
    if (problem->field)
        troth_json_write_uint(&w, problem->offset);
    else
        troth_json_write_null(&w);
    troth_json_end_object(&w);
    (void)printf("{%s,\"error\":%.*s}\n", member, (int)bytes.len, (const char *)text);
}

int troth_problem_print(const struct troth_problem *problem, const char *json)
{
    char line[1024];

    troth_problem_line(line, sizeof line, problem);
    troth_say("error", line);
    if (problem->hint[0])
        troth_say("hint", problem->hint);
    if (json)
        print_json(problem, json);
    return TROTH_STATUS_UNDETERMINED;
}
