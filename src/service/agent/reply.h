/* reply.h - pages of JSON for a caller, and the one form that errors have. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_REPLY_H
#define TROTH_SERVICE_AGENT_REPLY_H

#include "codec/json_writer.h"
#include "service/agent/agent.h"

/* clang-format off */
#define TROTH_AGENT_ERRORS(X)                                                     \
    /* name        status  what the caller is told                              */ \
    X(HTTP,        400, "this is no request that HTTP knows")                      \
    X(BODY,        400, "there is no body for this method")                        \
    X(DENIED,      403, "this user may not ask")                                   \
    X(PATH,        404, "there is nothing here")                                   \
    X(METHOD,      405, "not by this method")                                      \
    X(SLOW,        408, "the request took too long to come")                       \
    X(SEALED,      409, "the events are sealed already")                           \
    X(LENGTH,      411, "a body needs its length said ahead, and no coding")       \
    X(LARGE,       413, "longer than a request may be")                            \
    X(MEDIA,       415, "a body is JSON: content-type application/json")           \
    X(EXPECT,      417, "only 100-continue can be expected")                       \
    X(HEAD,        431, "the head is longer than it may be")                       \
    X(INTERNAL,    500, "the agent itself failed")                                 \
    X(UNSUPPORTED, 501, "this machine's device cannot do that")                    \
    X(BUSY,        503, "too much is asked of the device at once: try again later") \
    X(DEVICE,      503, "the device failed")                                       \
    X(TIMEOUT,     504, "the device did not answer in time")                       \
    X(VERSION,     505, "only HTTP/1.1 and HTTP/1.0")
/* clang-format on */

enum troth_agent_error {
#define X(name, status, text) TROTH_AGENT_##name,
    TROTH_AGENT_ERRORS(X)
#undef X
};

/* A page under way; written into the agent's own memory. */
struct troth_reply {
    struct troth_agent *agent;
    struct troth_writer bytes;
    struct troth_json_writer json;
};

/* Opens an object; `reply` stays where it is until it is sent. */
void troth_reply_begin(struct troth_reply *reply, struct troth_agent *agent);
/* Closes it and hands it over, status 200. */
void troth_reply_send(struct troth_reply *reply, struct troth_caller *caller);

void troth_reply_base64(struct troth_reply *reply, const char *key,
                        struct troth_span bytes);
/* The application key, as a member "key". */
void troth_reply_key(struct troth_reply *reply);
/* What a device said, or null, as a member. */
void troth_reply_fault(struct troth_reply *reply, const char *key,
                       const struct troth_attester_fault *fault);

/* {"error":{"code","field","text"}}; `field` may be NULL. */
void troth_reply_error(struct troth_agent *agent, struct troth_caller *caller,
                       enum troth_agent_error error, const char *field);
/* 400, with the library's own name and words. */
void troth_reply_body_fault(struct troth_agent *agent, struct troth_caller *caller,
                            const struct troth_fault *fault);
/* 405. */
void troth_reply_method(struct troth_agent *agent, struct troth_caller *caller,
                        const char *allowed);
/* What HTTP alone refuses: the status is one of the rows above. */
void troth_reply_status(struct troth_agent *agent, struct troth_caller *caller,
                        unsigned status, const char *field);
/* The device's: 501, 503 or 504. */
void troth_reply_device(struct troth_agent *agent, struct troth_caller *caller,
                        const struct troth_attester_fault *fault);

#endif
