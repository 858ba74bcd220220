/* event_file.h - --event-log FILE: read, and looked at before anything is judged. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_EVENT_FILE_H
#define TROTH_CLI_EVENT_FILE_H

#include "cli/inputs.h"

/* The text of a log that can be read as one; false with a problem that names the file and
 * the place in it. What a verdict has to say of the log is left to it. */
bool troth_event_file_read(struct troth_span *out, struct troth_inputs *inputs,
                           struct troth_problem *problem, const char *path);

#endif
