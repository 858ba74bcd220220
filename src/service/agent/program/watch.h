/* watch.h - a witnessed checkpoint in a file, read again whenever it changes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROGRAM_WATCH_H
#define TROTH_SERVICE_AGENT_PROGRAM_WATCH_H

#include "cli/problem.h"
#include "service/agent/agent.h"

#define TROTH_WATCH_S 5 /* how often the file is looked at */

struct troth_watch;

/* The first reading has to succeed: false with a problem. */
bool troth_watch_create(struct troth_watch **out, struct troth_problem *problem,
                        struct troth_agent *agent, const char *path);
void troth_watch_destroy(struct troth_watch *watch); /* takes NULL */

#endif
