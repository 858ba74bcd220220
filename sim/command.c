/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LATEST 253000000000 /* in the year 9987: X.509 has no room for five digits */
#define MOST   1000000      /* machines */

void sim_refuse(const char *what, const char *subject)
{
    (void)fprintf(stderr,
                  "troth-sim: error: %s '%s'\ntroth-sim: hint: troth-sim --help\n", what,
                  subject);
    exit(2);
}

void sim_fail(int status, const char *what, const char *subject, int error)
{
    (void)fprintf(stderr, "troth-sim: error: %s '%s'%s%s\n", what, subject,
                  error ? ": " : "", error ? strerror(error) : "");
    exit(status);
}

uint64_t sim_parse_number(const char *option, const char *text, uint64_t most)
{
    char *end = NULL;

    if (!text || *text < '0' || *text > '9')
        sim_refuse("a number must follow", option);
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (errno || *end || number > most)
        sim_refuse("no such number is possible:", text);
    return number;
}

struct sim_order sim_order_default(void)
{
    return (struct sim_order){
        .mint = {.kind = "tdx", .count = 1, .time_s = (int64_t)time(NULL)}};
}

static void add_wish(struct mint_order *order, const char *option, const char *wish)
{
    if (!wish || !strchr(wish, '=') || *wish == '=')
        sim_refuse("CLAIM=VALUE must follow", option);
    if (order->wish_count == MINT_WISHES_MAX)
        sim_refuse("too many of", option);
    order->wishes[order->wish_count++] = wish;
}

bool sim_order_option(struct sim_order *order, char ***argv)
{
    const char *name = **argv;

    if (strcmp(name, "--kind") == 0) {
        order->mint.kind = *++*argv;
        if (!order->mint.kind)
            sim_refuse("a kind must follow", name);
    } else if (strcmp(name, "--seed") == 0) {
        order->mint.seed = sim_parse_number(name, *++*argv, UINT64_MAX);
    } else if (strcmp(name, "--machine") == 0) {
        order->machine = (unsigned)sim_parse_number(name, *++*argv, MOST);
    } else if (strcmp(name, "--time") == 0) {
        order->mint.time_s = (int64_t)sim_parse_number(name, *++*argv, LATEST);
    } else if (strcmp(name, "--set") == 0) {
        add_wish(&order->mint, name, *++*argv);
    } else {
        return false;
    }
    return true;
}

struct sim_order sim_order_parse(const struct sim_command *command, char **arguments)
{
    struct sim_order order = sim_order_default();

    for (; *arguments; arguments++) {
        if (sim_order_option(&order, &arguments))
            continue;
        if (**arguments == '-')
            sim_refuse("no such option", *arguments);
        if (order.mint.directory)
            sim_refuse("too many arguments:", *arguments);
        order.mint.directory = *arguments;
    }
    if (!order.mint.directory)
        sim_refuse("nothing to write to is named:", command->name);
    return order;
}
