/* agent.h - what the program inside holds: the device, its keys, its log, its counters.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_H
#define TROTH_SERVICE_AGENT_H

#include "pki/public_key.h"
#include "service/agent/door.h"
#include "service/agent/events.h"
#include "service/agent/work.h"
#include "troth/prover.h"
#include "troth/signer.h"

#define TROTH_AGENT_TIMEOUT_S 30   /* for the device, waiting in the queue included */
#define TROTH_AGENT_SLOW_MS   5000 /* from then on a call under way is called slow */
/* The longest page is a log; the next, evidence and its collateral in base64. */
#define TROTH_AGENT_PAGE_MAX  (TROTH_EVENT_LOG_MAX + (size_t)64 * 1024)

/* Values of a request's body, decoded. */
#define TROTH_AGENT_SCRATCH_SIZE (2 * TROTH_HTTP_REQUEST_BODY_MAX + 1024)

struct troth_relay; /* service/relay.h */

struct troth_agent_options {
    struct event_base *base;
    struct troth_attester *attester; /* stays the caller's */
    const struct troth_crypto *crypto;
    int64_t timeout_ms;
    int64_t epoch_s;         /* of channel keys */
    const char *events_path; /* where the log is kept; NULL: in memory alone */
};

struct troth_counters {
    uint64_t made, failed, timed_out; /* evidence */
    uint64_t refused;                 /* requests of any kind that found the queue full */
};

struct troth_agent {
    struct troth_agent_options options;
    const char *device, *kind, *register_claim; /* the last one NULL: there is none */
    struct troth_prover *prover;
    struct troth_signer key; /* the application's */
    uint8_t spki[TROTH_SPKI_P256_SIZE];
    struct troth_work *work;
    struct troth_door *door;   /* NULL until somebody may come in */
    struct troth_relay *relay; /* NULL: no channel ends here */
    const char *upstream;      /* "inside", "outside" of this machine; NULL: none */
    struct troth_events events;
    struct troth_counters counters;
    bool is_failing; /* the device's last answer was none */
    struct troth_attester_fault last_fault;
    int64_t begun_s;  /* by the clock that nobody sets */
    uint8_t *page;    /* TROTH_AGENT_PAGE_MAX, for the answer being written */
    uint8_t *scratch; /* TROTH_AGENT_SCRATCH_SIZE, for the request being read */
};

/* Returns 0 or an errno; EBADMSG: the log at `events_path` is none of this register's. */
TROTH_MUST_USE int troth_agent_create(struct troth_agent **out,
                                      const struct troth_agent_options *options);

/*
 * False: the device hangs in a call, and its thread with it; the keys are wiped, the rest
 * stays until the process ends. Takes NULL.
 */
bool troth_agent_destroy(struct troth_agent *agent);

/* What a job's end says of the device; every job's `done` begins with it. */
void troth_agent_note(struct troth_agent *agent, const struct troth_job *job);

#endif
