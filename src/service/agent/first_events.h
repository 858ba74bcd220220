/* first_events.h - events that are recorded before anybody can ask for others. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_FIRST_EVENTS_H
#define TROTH_SERVICE_AGENT_FIRST_EVENTS_H

#include "service/agent/agent.h"

enum troth_first {
    TROTH_FIRST_DONE = 0,
    TROTH_FIRST_ENDED,       /* somebody broke the loop meanwhile */
    TROTH_FIRST_NO_REGISTER, /* the device has none */
    TROTH_FIRST_OTHERS,      /* the log has others in their place */
    TROTH_FIRST_DEVICE,      /* it failed, or hangs: see the fault */
    TROTH_FIRST_LOG,         /* the log cannot be kept: see the fault's errno */
    TROTH_FIRST_MEMORY
};

/*
 * troth_first_events_record - have the register extended by these events before all
 * others, then by the boundary, and the log say so. No events: no boundary, either.
 *
 * The boundary is what keeps programs out: whatever they record stands behind it and
 * counts for nothing (docs/event-log.md). What the log of an earlier process has of them
 * already is not recorded again. Until it returns it runs the event loop, so that signals
 * are heard; nothing else may be in it.
 *
 *   agent    nobody can ask it yet
 *   fault    zeroed unless the answer says otherwise
 *   events   as troth_event_check() wants them; the boundary is none
 */
TROTH_MUST_USE enum troth_first
troth_first_events_record(struct troth_agent *agent, struct troth_attester_fault *fault,
                          const struct troth_event *events, size_t count);

#endif
