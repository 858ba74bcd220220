/* event.h - what an event of a log may look like. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVENT_LOG_EVENT_H
#define TROTH_EVENT_LOG_EVENT_H

#include "troth/event_log.h"

/* Names of events, and of claims, are of letters, digits, '.', '_', '-', '/'. */
bool troth_event_name_is_valid(struct troth_span name);

bool troth_event_is_boundary(const struct troth_event *event);

#endif
