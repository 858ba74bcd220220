/* order.h - what a command line of troth-agent asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROGRAM_ORDER_H
#define TROTH_SERVICE_AGENT_PROGRAM_ORDER_H

#include "cli/options.h"
#include "troth/channel_frame.h"
#include "troth/event_log.h"

#define TROTH_AGENT_SOCKET    "/run/troth/agent.sock"
#define TROTH_AGENT_USERS_MAX 16
#define TROTH_AGENT_PATHS_MAX 16
#define TROTH_AGENT_FIRST_MAX 16

/* Texts borrow from the command line; NULL: not given. */
struct troth_agent_order {
    const char *socket, *user, *events, *ready;
    uint32_t users[TROTH_AGENT_USERS_MAX];
    size_t user_count;
    int64_t timeout_s, epoch_s;
    const char *checkpoint;
    struct troth_event
        first[TROTH_AGENT_FIRST_MAX]; /* to be recorded before all others */
    size_t first_count;
    uint8_t first_data[TROTH_AGENT_FIRST_MAX][TROTH_EVENT_DATA_MAX];
    /* The channel's end. */
    const char *listen, *upstream, *upstream_outside, *certificate, *key, *policy;
    enum troth_level asks;
    bool has_ask;
    const char *roots[TROTH_AGENT_PATHS_MAX], *collateral[TROTH_AGENT_PATHS_MAX];
    size_t root_count, collateral_count;
};

extern const struct troth_option troth_agent_options_table[];

/* False with a problem; `out_help`: that was asked for, and nothing else counts. */
bool troth_agent_order_parse(struct troth_agent_order *out, struct troth_problem *problem,
                             bool *out_help, const char *const *words);

#endif
