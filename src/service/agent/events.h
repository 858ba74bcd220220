/*
 * events.h - what was recorded at run time, as far as the register has it.
 *
 * An event is logged when the register was extended by it and not before, so the log
 * replays to the register's value unless something beside this agent extends it, too.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_EVENTS_H
#define TROTH_SERVICE_AGENT_EVENTS_H

#include "troth/event_log.h"

struct troth_events {
    struct troth_event *rows; /* copies, our own */
    size_t count;
    size_t promised;  /* on their way to the register: each has a row to come */
    size_t text_len;  /* no less than what the log takes as text, promises included */
    bool is_sealed;   /* the boundary is among them */
    bool is_sealing;  /* it is on its way */
    bool is_final;    /* it is there, and the device was told so */
    bool is_doubtful; /* nobody knows whether the register has one that is not here */
};

TROTH_MUST_USE enum troth_err troth_events_init(struct troth_events *out);
void troth_events_finish(struct troth_events *events);

/* troth_event_check()'s errors; TROTH_ERR_LIMIT: no room; TROTH_ERR_MEMORY. */
TROTH_MUST_USE enum troth_err troth_events_promise(struct troth_events *events,
                                                   struct troth_event *out_copy,
                                                   const struct troth_event *event);
/* The register has it: the copy is taken. */
void troth_events_keep(struct troth_events *events, const struct troth_event *copy);
/* It does not: the copy is freed. */
void troth_events_drop(struct troth_events *events, struct troth_event *copy);

/* `register_claim`: "tdx.rtmr3". Borrows `events`. */
struct troth_event_log troth_events_log(const struct troth_events *events,
                                        const char *register_claim);

/*
 * troth_events_load - what an earlier process of this boot logged; an absent file is an
 * empty log.
 *
 * Errors   returns 0 or an errno; EBADMSG: no log of this register, or nobody knows
 */
TROTH_MUST_USE int troth_events_load(struct troth_events *events, const char *path,
                                     const char *register_claim);
/* The same file anew. */
TROTH_MUST_USE int troth_events_save(const struct troth_events *events, const char *path,
                                     const char *register_claim);

#endif
