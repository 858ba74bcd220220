/*
 * secret.h - files that hold keys: in memory that reaches neither swap nor a core dump.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_SECRET_H
#define TROTH_OS_SECRET_H

#include "troth/error.h"
#include "troth/span.h"

/* No key is longer. */
#define TROTH_SECRET_MAX ((size_t)16 * 1024)

/* Zeroed, it holds nothing and may be released. */
struct troth_secret_file {
    uint8_t *bytes;
    size_t len;
    size_t room; /* bytes mapped */
};

/*
 * troth_secret_file_read - a regular file, or what a pipe says until its end.
 *
 *   out    wiped and unmapped by troth_secret_file_release()
 *
 * Errors   returns 0 or an errno; EFBIG beyond TROTH_SECRET_MAX; EPERM where others than
 *          its owner may read the file
 * Effects  from the first call on the process leaves no core dump and cannot be traced by
 *          its user's other processes
 */
TROTH_MUST_USE int troth_secret_file_read(struct troth_secret_file *out,
                                          const char *path);
void troth_secret_file_release(struct troth_secret_file *file);

/* Room of TROTH_SECRET_MAX bytes for a secret that is made here. Errors, effects as
 * above. */
TROTH_MUST_USE int troth_secret_file_map(struct troth_secret_file *out);

/*
 * troth_secret_file_write - a new file, which nobody but its owner may ever read.
 *
 * Shape    it is there whole and on the disk, or not at all
 * Errors   returns 0 or an errno; EEXIST if there is anything of that name, which stays
 */
TROTH_MUST_USE int troth_secret_file_write(const char *path, struct troth_span secret);

#endif
