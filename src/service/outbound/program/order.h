/* order.h - what a command line of troth-outbound asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_PROGRAM_ORDER_H
#define TROTH_SERVICE_OUTBOUND_PROGRAM_ORDER_H

#include "cli/options.h"
#include "service/outbound/names.h"

/* Texts borrow from the command line; NULL: not given. */
struct troth_outbound_order {
    const char *listen, *user, *ready;
    struct troth_allow allow;
    int64_t timeout_s;
};

extern const struct troth_option troth_outbound_options_table[];

/* False with a problem; `out_help`: that was asked for, and nothing else counts. */
bool troth_outbound_order_parse(struct troth_outbound_order *out,
                                struct troth_problem *problem, bool *out_help,
                                const char *const *words);

#endif
