/* events_page.h - the events of a log that makes its register, for people. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_EVENTS_PAGE_H
#define TROTH_CLI_EVENTS_PAGE_H

#include "cli/page.h"
#include "troth/event_log.h"

/* Those that count, and how many do not; nothing for an empty log. */
void troth_events_print(struct troth_page *page, const struct troth_event_log *log);

#endif
