/* api.h - what can be asked of the agent: docs/agent.md, docs/agent.openapi.yaml. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_API_H
#define TROTH_SERVICE_AGENT_API_H

#include "service/agent/agent.h"
#include "service/agent/body.h"

/* One request, its body read. */
struct troth_question {
    struct troth_agent *agent;
    struct troth_caller *caller;
    struct troth_member_value values[TROTH_BODY_MEMBERS_MAX];
};

/* For struct troth_door_options; `state` is a struct troth_agent. */
void troth_api_serve(void *state, struct troth_caller *caller,
                     const struct troth_http_request *request, struct troth_span body);
void troth_api_refuse(void *state, struct troth_caller *caller, unsigned status,
                      const char *field);

/* One for each row of api.c's table; values are in the order of its members. */
void troth_api_identity(struct troth_question *question);
void troth_api_health(struct troth_question *question);
void troth_api_evidence(struct troth_question *question);
void troth_api_random(struct troth_question *question);
void troth_api_sign(struct troth_question *question);
void troth_api_extend(struct troth_question *question);
void troth_api_seal(struct troth_question *question);
void troth_api_event_log(struct troth_question *question);

/* The order of the values of /v1/evidence and /v1/extend. */
enum { TROTH_ASKED_NONCE = 0, TROTH_ASKED_USER_DATA, TROTH_ASKED_KEY };
enum { TROTH_ASKED_NAME = 0, TROTH_ASKED_DATA };

#endif
