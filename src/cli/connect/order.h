/* order.h - what a command line of `troth connect` asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_ORDER_H
#define TROTH_CLI_CONNECT_ORDER_H

#include "cli/order.h"
#include "troth/channel.h"

struct troth_connect_order {
    struct troth_order common; /* first: its own rows of options fill it */
    const char *address, *listen, *name, *server_ca;
    const char *evidence; /* the file that keeps what was proven; NULL: none */
    uint8_t pin[32];
    bool has_pin, uses_stdio;
    enum troth_level asks;
    int64_t max_age_s;          /* 0: troth/1's own */
    const char *const *command; /* its words, ending with NULL; NULL: none */
};

/*
 * troth_connect_order_parse - `words` are those behind "connect".
 *
 *   out   give it to troth_connect_order_release(), whatever was returned
 *
 * Returns  as troth_options_parse(); NOT with a problem
 */
enum troth_parsed troth_connect_order_parse(struct troth_connect_order *out,
                                            struct troth_problem *problem,
                                            const struct troth_option *options,
                                            const char *const *words);
void troth_connect_order_release(struct troth_connect_order *order);

#endif
