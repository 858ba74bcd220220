/* file.h - whole files in memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_FILE_H
#define TROTH_OS_FILE_H

#include "troth/error.h"
#include "troth/span.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_file {
    uint8_t *bytes;
    size_t len;
};

/*
 * troth_file_read - read a file, a pipe or a device to its end.
 *
 *   out    filled on success, zeroed on failure; give it to troth_file_release()
 *   path   "-" has no special meaning here
 *   max    longer content is refused, without reading much more of it
 *
 * Errors   returns 0 or an errno; EFBIG beyond `max`
 */
TROTH_MUST_USE int troth_file_read(struct troth_file *out, const char *path, size_t max);

/* The same from what is open; it stays open. */
TROTH_MUST_USE int troth_file_read_open(struct troth_file *out, int descriptor,
                                        size_t max);

/* The same from standard input. */
TROTH_MUST_USE int troth_file_read_standard(struct troth_file *out, size_t max);

/*
 * troth_file_write - put bytes into a file, instead of what is there.
 *
 * Shape    a file is there whole or stays as it was; what is no file (a terminal, a pipe)
 *          is written to
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_file_write(const char *path, struct troth_span bytes);

void troth_file_release(struct troth_file *file);

#endif
