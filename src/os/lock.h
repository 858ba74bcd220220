/* lock.h - a file that one process holds at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_LOCK_H
#define TROTH_OS_LOCK_H

#include "os/patience.h"
#include "troth/error.h"

/*
 * troth_lock_take - make a file and hold it, or wait for whoever does.
 *
 *   out       descriptor of the file, open for reading and writing; -1 on failure; give
 *             it to troth_lock_release()
 *   path      made if it is not there; never followed if it is a link
 *   most_ms   how long to wait
 *   why       what the wait is told as
 *
 * Errors   returns 0 or an errno; EBUSY: somebody held it all the time
 * Effects  advisory: it keeps out only those who ask, too. Ends with the process.
 */
TROTH_MUST_USE int troth_lock_take(int *out, const char *path,
                                   const struct troth_patience *patience, int64_t most_ms,
                                   const char *why);

/* Takes -1, too. */
void troth_lock_release(int descriptor);

#endif
