/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/program/say.h"

#include "cli/voice.h"
#include "service/outbound/program/order.h"

enum { STATUS_ERROR = 2 };

static const char own_name[] = "troth-outbound";

static const char example[] =
    "troth-outbound --listen 127.0.0.1:3128 --user 60602 --allow api.example.com:443";

void troth_outbound_log(const char *text)
{
    troth_voice_say(own_name, "", text);
}

int troth_outbound_say_problem(const struct troth_problem *problem)
{
    troth_voice_complain(own_name, problem);
    return STATUS_ERROR;
}

void troth_outbound_say_help(void)
{
    troth_voice_help(
        "usage: troth-outbound --listen fd:N [OPTION]...\n"
        "\n"
        "The one way out for a program without a network of its own: an HTTP proxy\n"
        "that serves CONNECT to the names it is given, and holds each connection's\n"
        "TLS hello to the name that was asked for (docs/outbound.md).\n",
        troth_outbound_options_table,
        "It runs until SIGTERM or SIGINT. Exit status: 0 it was told to end, 2 an "
        "error\n",
        example);
}
