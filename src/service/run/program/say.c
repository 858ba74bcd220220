/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/program/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "base/writer.h"
#include "cli/run_order.h"
#include "cli/status.h"
#include "cli/voice.h"
#include "service/run/restarts.h"

enum { STATUS_USAGE = 2, HEX_MAX = 96 };

static const char own_name[] = "troth-run";

void troth_run_say(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    troth_voice_say(own_name, "", text);
}

int troth_run_say_problem(const struct troth_problem *problem)
{
    troth_voice_complain(own_name, problem);
    return strcmp(problem->name, "USAGE") == 0 ? STATUS_USAGE : TROTH_RUN_STATUS_NOT_RUN;
}

void troth_run_say_help(void)
{
    troth_voice_help(
        "usage: troth-run [OPTION]... [-- PROGRAM ARGS...]\n"
        "\n"
        "Put a program behind proof of this machine; 'troth run' is the same.\n",
        troth_run_options, troth_run_notes, troth_run_example);
}

/* Hex of at most 48 bytes, as text. */
static const char *hex_of(char out[static HEX_MAX + 1], struct troth_span bytes)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, HEX_MAX);

    troth_write_hex(&w, bytes);
    out[w.len] = '\0';
    return out;
}

int troth_run_say_measure(const struct troth_run_measure *measure, bool json)
{
    static const char plain[] = "event     " TROTH_RUN_EVENT_FILE " %s\n"
                                "event     " TROTH_RUN_EVENT_PROGRAM "  %s\n"
                                "event     " TROTH_EVENT_BOUNDARY "\n"
                                "register  %s\n"
                                "          tdx.rtmr3 on TDX, nitro.pcr16 in a Nitro "
                                "enclave, if nothing else extends it\n";
    static const char object[] =
        "{\"events\":[{\"name\":\"" TROTH_RUN_EVENT_FILE
        "\",\"data\":\"%s\"},{\"name\":\"" TROTH_RUN_EVENT_PROGRAM
        "\",\"data\":\"%s\"},{\"name\":\"" TROTH_EVENT_BOUNDARY
        "\",\"data\":\"\"}],\"register\":\"%s\"}\n";
    char file[HEX_MAX + 1], program[HEX_MAX + 1], value[HEX_MAX + 1];

    (void)hex_of(file, (struct troth_span)TROTH_ARRAY_SPAN(measure->run_file));
    (void)hex_of(program, (struct troth_span)TROTH_ARRAY_SPAN(measure->program));
    (void)hex_of(value, (struct troth_span)TROTH_ARRAY_SPAN(measure->value));
    if (json)
        (void)printf(object, file, program, value);
    else
        (void)printf(plain, file, program, value);
    return troth_status_after_output(TROTH_STATUS_YES);
}
