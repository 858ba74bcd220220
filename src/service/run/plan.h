/* plan.h - all that is to be run, as run file and command line have it together. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PLAN_H
#define TROTH_SERVICE_RUN_PLAN_H

#include "sandbox/sandbox.h"
#include "service/address.h"
#include "service/run/run_file.h"

/* Numbers that no distribution gives to anybody; whoever wants names makes a user
 * "troth". */
#define TROTH_RUN_AGENT_NAME    "troth"
#define TROTH_RUN_AGENT_USER    60600
#define TROTH_RUN_PROGRAM_USER  60601
#define TROTH_RUN_OUTBOUND_USER 60602

struct troth_run_user {
    uint32_t user, group;
};

/* In the state folder; all absolute. */
struct troth_run_places {
    const char *state;
    const char *lock;
    const char *socket;  /* the agent's */
    const char *events;  /* its log */
    const char *program; /* the program's own folder */
};

/* Borrows everything. NULL: not given. */
struct troth_run_plan {
    const char *listen;
    struct troth_address address; /* the same */
    const char *upstream;         /* as the agent is told; inside */
    const char *upstream_outside; /* or this */
    uint16_t port;                /* of an upstream that is 127.0.0.1:PORT; else 0 */
    const char *ask, *policy, *certificate, *key;
    struct troth_run_words roots, collateral;
    struct troth_run_places places;
    const char *agent_path, *outbound_path; /* the programs */
    struct troth_run_user agent, outbound;
    const char *events[2]; /* "run-file=HEX"; NULL: the register takes none */
    struct troth_run_words allow, allow_plain;
    enum troth_run_restart restart;
    struct troth_sandbox sandbox;       /* without its environment and its network */
    struct troth_run_words environment; /* what the run file says of it */
};

/* Is anything outbound named? */
static inline bool troth_run_plan_has_outbound(const struct troth_run_plan *plan)
{
    return plan->allow.count + plan->allow_plain.count > 0;
}

#endif
