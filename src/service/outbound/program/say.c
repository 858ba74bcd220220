/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/program/say.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/option_page.h"
#include "service/outbound/program/order.h"

enum { WIDTH = 90, STATUS_ERROR = 2 };

static const char example[] =
    "troth-outbound --listen 127.0.0.1:3128 --user 60602 --allow api.example.com:443";

static void say(const char *kind, const char *text)
{
    uint8_t safe[4096];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    troth_escape_write(&w, troth_span_of_text(text));
    (void)fprintf(stderr, "troth-outbound: %s%.*s\n", kind, (int)w.len,
                  (const char *)safe);
}

void troth_outbound_log(const char *text)
{
    say("", text);
}

int troth_outbound_say_problem(const struct troth_problem *problem)
{
    char line[1024];

    troth_problem_line(line, sizeof line, problem);
    say("error: ", line);
    if (problem->hint[0])
        say("hint: ", problem->hint);
    return STATUS_ERROR;
}

void troth_outbound_say_help(void)
{
    struct troth_page page = troth_page_over(stdout, WIDTH);

    (void)fputs(
        "usage: troth-outbound --listen fd:N [OPTION]...\n"
        "\n"
        "The one way out for a program without a network of its own: an HTTP proxy\n"
        "that serves CONNECT to the names it is given, and holds each connection's\n"
        "TLS hello to the name that was asked for (docs/outbound.md).\n"
        "\n",
        stdout);
    for (const struct troth_option *o = troth_outbound_options_table; o->name; o++)
        troth_option_print(&page, o);
    (void)printf(
        "\nIt runs until SIGTERM or SIGINT. Exit status: 0 it was told to end, 2 an "
        "error\nexample: %s\n",
        example);
}
