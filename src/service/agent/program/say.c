/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/option_page.h"
#include "service/agent/program/order.h"

enum { WIDTH = 90, STATUS_ERROR = 2 };

static const char example[] =
    "troth-agent --socket /run/troth/agent.sock --allow-uid 1000 --user troth";

static void say(const char *kind, const char *text)
{
    uint8_t safe[4096];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    troth_escape_write(&w, troth_span_of_text(text));
    (void)fprintf(stderr, "troth-agent: %s%.*s\n", kind, (int)w.len, (const char *)safe);
}

void troth_agent_say(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say("", text);
}

int troth_agent_say_problem(const struct troth_problem *problem)
{
    char line[1024];

    troth_problem_line(line, sizeof line, problem);
    say("error: ", line);
    if (problem->hint[0])
        say("hint: ", problem->hint);
    return STATUS_ERROR;
}

bool troth_agent_problem_device(struct troth_problem *problem,
                                const struct troth_attester_fault *fault)
{
    char what[160];

    if (fault->error == ENODEV) {
        (void)troth_problem_usage(problem, "nothing vouches for this machine");
        troth_problem_hint(problem, "/dev/nsm, /sys/kernel/config/tsm/report, "
                                    "/dev/sev-guest and /dev/tdx_guest are not there");
        return false;
    }
    (void)snprintf(what, sizeof what, "cannot %s%s%s",
                   fault->step ? fault->step : "use the device",
                   fault->said[0] ? ", which says " : "", fault->said);
    return troth_problem_io(problem, what, fault->path, fault->error);
}

void troth_agent_say_help(void)
{
    struct troth_page page = troth_page_over(stdout, WIDTH);

    (void)fputs(
        "usage: troth-agent [OPTION]...\n"
        "\n"
        "Hold this machine's attestation device, and answer for it: evidence, random\n"
        "bytes, signatures and measured events over a Unix socket (docs/agent.md), and\n"
        "attested channels where --listen says so.\n"
        "\n",
        stdout);
    for (const struct troth_option *o = troth_agent_options_table; o->name; o++)
        troth_option_print(&page, o);
    (void)printf(
        "\nIt runs until SIGTERM or SIGINT. Exit status: 0 it was told to end, 2 an "
        "error\nexample: %s\n",
        example);
}
