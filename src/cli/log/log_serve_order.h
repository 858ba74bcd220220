/* log_serve_order.h - what a command line asks of `troth log serve`. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_SERVE_ORDER_H
#define TROTH_CLI_LOG_SERVE_ORDER_H

#include <stdint.h>

#include "cli/problem.h"

/* Borrows the command line; troth_log_serve_options[] fill it. */
struct troth_log_serve_order {
    bool json, is_reader;
    const char *listen, *inside, *key, *ready;
    uint64_t interval_ms; /* 0: as log.json has it */
};

/* What no option can judge alone. False, with a problem. */
bool troth_log_serve_check(const struct troth_log_serve_order *order,
                           struct troth_problem *problem);

#endif
