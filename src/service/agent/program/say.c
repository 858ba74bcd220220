/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/voice.h"
#include "service/agent/program/order.h"

enum { STATUS_ERROR = 2 };

static const char own_name[] = "troth-agent";

static const char example[] =
    "troth-agent --socket /run/troth/agent.sock --allow-uid 1000 --user troth";

void troth_agent_say(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    troth_voice_say(own_name, "", text);
}

int troth_agent_say_problem(const struct troth_problem *problem)
{
    troth_voice_complain(own_name, problem);
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
    troth_voice_help(
        "usage: troth-agent [OPTION]...\n"
        "\n"
        "Hold this machine's attestation device, and answer for it: evidence, random\n"
        "bytes, signatures and measured events over a Unix socket (docs/agent.md), and\n"
        "attested channels where --listen says so.\n",
        troth_agent_options_table,
        "It runs until SIGTERM or SIGINT. Exit status: 0 it was told to end, 2 an "
        "error\n",
        example);
}
