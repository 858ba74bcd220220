/* log_source.h - "a FOLDER or a URL" of a command line, as a place to read a log from. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_SOURCE_H
#define TROTH_CLI_LOG_SOURCE_H

#include "cli/problem.h"
#include "service/log/remote.h"

/* It points into itself: it stays where it began. Zeroed, it may be closed. */
struct troth_log_source {
    const char *name; /* as the command line has it */
    bool is_remote;
    struct troth_log_place place;
    struct troth_log_remote remote;
};

/* "http://…" or "https://…". */
bool troth_log_is_url(const char *where);

/* Is this the whole path of a local socket, where a log's server may listen? */
bool troth_log_is_socket(const char *where);

/* Is there anything of that name that is a folder? */
bool troth_log_is_folder(const char *where);

/* False, with a problem: an address that must not be asked. `ca_file` may be NULL. What
 * is there is only looked at later. */
bool troth_log_source_open(struct troth_log_source *out, struct troth_problem *problem,
                           const char *where, const char *ca_file);
void troth_log_source_close(struct troth_log_source *source);

/* The latest checkpoint; for troth_file_release(). */
bool troth_log_source_checkpoint(struct troth_file *out, struct troth_problem *problem,
                                 const struct troth_log_source *source);

#endif
