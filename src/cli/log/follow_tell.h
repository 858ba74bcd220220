/* follow_tell.h - how somebody is told of what a monitor found: a page, JSON, a program.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_TELL_H
#define TROTH_CLI_LOG_FOLLOW_TELL_H

#include "cli/log/follow.h"

/* An event as one line of JSON, without a newline (docs/log-monitor.schema.json): an
 * entry is in it as base64. TROTH_ERR_LIMIT. */
#define TROTH_FOLLOW_JSON_ROOM ((size_t)512 * 1024)
TROTH_MUST_USE enum troth_err
troth_follow_event_json(struct troth_span *out, uint8_t room[TROTH_FOLLOW_JSON_ROOM],
                        const struct troth_follow_event *event);

/* Lines on standard output. */
void troth_follow_event_print(const struct troth_follow_event *event);

/* What a look came to beside its events: a line there, too. `at` is the log's place. */
void troth_follow_round_print(const struct troth_follow_round *round,
                              struct troth_span origin, const char *at, bool is_json);

/*
 * troth_follow_command - run a program with bytes at its standard input, and wait for it.
 *
 *   words   the program, which is looked for in PATH, and its arguments; no shell
 *
 * Shape    what it prints goes to standard error; after a minute it is killed
 * Returns  false, with a problem: it could not be run, or did not end with 0
 */
#define TROTH_FOLLOW_COMMAND_S 60
bool troth_follow_command(struct troth_problem *problem, const char *const *words,
                          struct troth_span input);

#endif
