/*
 * door.h - who may come in, and one request after another from each who did.
 *
 * Everything here runs in the event loop and waits for nobody: a caller has a bounded
 * time for each request, a bounded size, and one answer at a time.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_DOOR_H
#define TROTH_SERVICE_AGENT_DOOR_H

#include "service/http.h"
#include "troth/error.h"

#define TROTH_DOOR_CALLERS_MAX 256
#define TROTH_DOOR_REQUEST_S   10 /* for a whole request, however slowly it comes */
#define TROTH_DOOR_IDLE_S      60 /* between two requests */
#define TROTH_DOOR_LINGER_S    2  /* for what was sent and not wanted */

struct event_base;
struct troth_door;
struct troth_caller; /* a connection; has one request at most */

struct troth_door_options {
    struct event_base *base;
    int descriptor;        /* a listening Unix socket; stays the owner's */
    const uint32_t *users; /* who may come in beside root and this process's own user */
    size_t user_count;
    void *state;
    /* A whole request: to be answered now or later. */
    void (*serve)(void *state, struct troth_caller *caller,
                  const struct troth_http_request *request, struct troth_span body);
    /* No request: to be answered now. `field` says where it is wrong. */
    void (*refuse)(void *state, struct troth_caller *caller, unsigned status,
                   const char *field);
};

/* TROTH_ERR_MEMORY. `options->users` has to stay. */
TROTH_MUST_USE enum troth_err troth_door_open(struct troth_door **out,
                                              const struct troth_door_options *options);
void troth_door_close(struct troth_door *door); /* takes NULL; every caller is gone */

struct troth_json_page {
    unsigned status;
    struct troth_span body; /* JSON; copied */
    const char *allow;      /* with 405: the methods that are allowed; else NULL */
};
/* The answer to the caller's present request. */
void troth_caller_answer(struct troth_caller *caller, const struct troth_json_page *page);

/*
 * troth_caller_wait - the answer comes later.
 *
 *   waiting, forget   called once if the caller is gone before it; answering ends that
 */
void troth_caller_wait(struct troth_caller *caller, void *waiting,
                       void (*forget)(void *waiting));

size_t troth_door_callers(const struct troth_door *door); /* now */

#endif
