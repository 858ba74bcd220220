/* directory.h - the files in a folder, in an order that never varies. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_DIRECTORY_H
#define TROTH_OS_DIRECTORY_H

#include "troth/error.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_directory {
    char **paths; /* "FOLDER/NAME" */
    size_t count;
};

/*
 * troth_directory_list - the regular files in a folder, sorted by the bytes of their
 * names.
 *
 *   out    filled on success, zeroed on failure; give it to troth_directory_release()
 *   max    a folder that holds more is refused
 *
 * Shape    links are followed; folders in it, and names that begin with a dot, are passed
 *          over
 * Errors   returns 0 or an errno; ENOTDIR if `path` is none, EFBIG beyond `max`
 */
TROTH_MUST_USE int troth_directory_list(struct troth_directory *out, const char *path,
                                        size_t max);

void troth_directory_release(struct troth_directory *directory);

#endif
