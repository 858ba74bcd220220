/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/voice.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/option_page.h"

enum { WIDTH = 90, LINE_MAX_LEN = 1024 };

void troth_voice_say(const char *name, const char *kind, const char *text)
{
    uint8_t safe[4 * LINE_MAX_LEN];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    troth_escape_write(&w, troth_span_of_text(text));
    (void)fprintf(stderr, "%s: %s%.*s\n", name, kind, (int)w.len, (const char *)safe);
}

void troth_voice_complain(const char *name, const struct troth_problem *problem)
{
    char line[LINE_MAX_LEN];

    troth_problem_line(line, sizeof line, problem);
    troth_voice_say(name, "error: ", line);
    if (problem->hint[0])
        troth_voice_say(name, "hint: ", problem->hint);
}

void troth_voice_help(const char *usage, const struct troth_option *options,
                      const char *notes, const char *example)
{
    struct troth_page page = troth_page_over(stdout, WIDTH);

    (void)fputs(usage, stdout);
    (void)fputc('\n', stdout);
    for (const struct troth_option *o = options; o->name; o++)
        troth_option_print(&page, o);
    (void)printf("\n%sexample: %s\n", notes, example);
}
