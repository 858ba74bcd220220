/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/api.h"

#include "base/span.h"
#include "service/agent/reply.h"

/* clang-format off */
static const struct route {
    const char *method, *path;
    void (*serve)(struct troth_question *question);
    size_t count;
    struct troth_member members[TROTH_BODY_MEMBERS_MAX];
} routes[] = {
    {"GET",  "/v1/identity",  troth_api_identity, 0, {{0}}},
    {"GET",  "/v1/health",    troth_api_health, 0, {{0}}},
    {"GET",  "/v1/event-log", troth_api_event_log, 0, {{0}}},
    {"POST", "/v1/evidence",  troth_api_evidence, 3, {
        [TROTH_ASKED_NONCE]     = {"nonce", TROTH_MEMBER_HEX, 64, true},
        [TROTH_ASKED_USER_DATA] = {"user_data", TROTH_MEMBER_HEX, 1024, false},
        [TROTH_ASKED_KEY]       = {"key", TROTH_MEMBER_BOOL, 0, false},
    }},
    {"POST", "/v1/random",    troth_api_random, 1, {
        {"bytes", TROTH_MEMBER_UINT, 1024, true},
    }},
    {"POST", "/v1/sign",      troth_api_sign, 1, {
        {"message", TROTH_MEMBER_BASE64, (size_t)32 * 1024, true},
    }},
    {"POST", "/v1/extend",    troth_api_extend, 2, {
        [TROTH_ASKED_NAME]      = {"name", TROTH_MEMBER_TEXT, TROTH_EVENT_NAME_MAX, true},
        [TROTH_ASKED_DATA]      = {"data", TROTH_MEMBER_HEX, TROTH_EVENT_DATA_MAX, true},
    }},
    {"POST", "/v1/seal",      troth_api_seal, 0, {{0}}},
};
/* clang-format on */

enum { ROUTE_COUNT = sizeof routes / sizeof *routes };

static const struct route *find(struct troth_span path)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (troth_span_is_text(path, routes[i].path))
            return &routes[i];
    return NULL;
}

static bool takes_body(const struct route *route)
{
    return troth_span_is_text(TROTH_LITERAL("POST"), route->method);
}

/* Without reading the body: may this be asked? If not, the caller was told. */
static bool is_fit(struct troth_agent *agent, struct troth_caller *caller,
                   const struct troth_http_request *request, const struct route *route)
{
    if (!route)
        troth_reply_error(agent, caller, TROTH_AGENT_PATH, "path");
    else if (!troth_span_is_text(request->method, route->method))
        troth_reply_method(agent, caller, route->method);
    else if (!takes_body(route) && request->body_len)
        troth_reply_error(agent, caller, TROTH_AGENT_BODY, "content-length");
    else if (takes_body(route) && !request->is_json)
        troth_reply_error(agent, caller, TROTH_AGENT_MEDIA, "content-type");
    else
        return true;
    return false;
}

void troth_api_serve(void *state, struct troth_caller *caller,
                     const struct troth_http_request *request, struct troth_span body)
{
    struct troth_agent *agent = state;
    struct troth_question question = {.agent = agent, .caller = caller};
    struct troth_arena arena = {agent->scratch, TROTH_AGENT_SCRATCH_SIZE, 0};
    const struct route *route = find(request->target);
    struct troth_fault fault;

    if (!is_fit(agent, caller, request, route))
        return;
    if (takes_body(route) && troth_body_read(question.values, &fault, route->members,
                                             route->count, body, &arena)) {
        troth_reply_body_fault(agent, caller, &fault);
        return;
    }
    route->serve(&question);
}

void troth_api_refuse(void *state, struct troth_caller *caller, unsigned status,
                      const char *field)
{
    troth_reply_status(state, caller, status, field);
}
