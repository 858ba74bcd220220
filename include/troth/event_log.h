/*
 * event_log.h - what happened at run time, replayed against the register that evidence
 * vouches for.
 *
 * The log itself proves nothing: anybody may write one. It counts when its events, in
 * their order, make the very value that verified evidence carries, and only what stands
 * before the boundary counts: after it, whatever runs may add events of its own.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVENT_LOG_H
#define TROTH_EVENT_LOG_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_EVENTS_MAX     4096
#define TROTH_EVENT_NAME_MAX 64
#define TROTH_EVENT_DATA_MAX 1024
#define TROTH_EVENT_LOG_MAX  ((size_t)1024 * 1024) /* bytes of its text */
#define TROTH_EVENT_BOUNDARY "sealed" /* a name no other event may have; without data */

struct troth_event {
    struct troth_span name; /* letters, digits, '.', '_', '-', '/' */
    struct troth_span data;
};

struct troth_event_log {
    struct troth_span target; /* the claim: "tdx.rtmr3", "nitro.pcr16" */
    const struct troth_event *events;
    size_t count;
    size_t counted; /* those before the boundary; 0 where there is none */
    bool is_sealed; /* the boundary is there */
};

/* Room for what is parsed of any log. */
#define TROTH_EVENT_LOG_ARENA_SIZE ((size_t)1024 * 1024)

/*
 * troth_event_log_parse - {"register":"tdx.rtmr3","events":[{"name":"…","data":"HEX"},…]}
 *
 *   out    borrows `text` and the arena
 *   fault  field "event_log.…"
 *
 * Shape    one spelling of each event: hex in lower case, names without escapes
 * Errors   the JSON reader's; TROTH_ERR_DUPLICATE of "event_log.boundary": two
 *          boundaries; TROTH_ERR_LIMIT, TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 *          TROTH_ERR_MISSING, TROTH_ERR_MEMORY; TROTH_ERR_UNSUPPORTED: an unknown member
 */
TROTH_MUST_USE enum troth_err troth_event_log_parse(struct troth_event_log *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span text,
                                                    struct troth_arena *arena);

/* Could this be an event of a log? TROTH_ERR_VALUE (name, a boundary with data),
 * TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_event_check(const struct troth_event *event);

/*
 * troth_event_log_write - the text that troth_event_log_parse() reads; of `log` its
 * target and its events.
 *
 *   out, size   receives the text, one line, without a terminating zero
 *
 * Errors   troth_event_check()'s; TROTH_ERR_VALUE (target); TROTH_ERR_DUPLICATE: two
 *          boundaries; TROTH_ERR_LIMIT: does not fit, or more than may be read
 */
TROTH_MUST_USE enum troth_err troth_event_log_write(uint8_t *out, size_t size,
                                                    size_t *out_len,
                                                    const struct troth_event_log *log);

/* What one event extends the register by:
 * SHA-384( LP("troth/event/v1") ‖ LP(name) ‖ LP(data) ). */
TROTH_MUST_USE enum troth_err troth_event_digest(uint8_t out[static 48],
                                                 const struct troth_crypto *crypto,
                                                 const struct troth_event *event);

/* The register after all events: from 48 zero bytes, SHA-384(register ‖ digest) each. */
TROTH_MUST_USE enum troth_err troth_event_log_replay(uint8_t out[static 48],
                                                     const struct troth_crypto *crypto,
                                                     const struct troth_event_log *log);

#endif
