/* ready.h - a word to whoever started this process, once it can be reached. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_READY_H
#define TROTH_SERVICE_READY_H

#include "troth/error.h"

/*
 * troth_ready_take - "3": a descriptor that was handed in to be told at, a pipe's as a
 * rule. From now on exec closes it. Before anything else is opened: a number that was not
 * handed in must not be one of our own.
 *
 *   out   -1 on failure
 *
 * Errors   returns 0 or an errno. EINVAL: no number; EBADF: not open for writing, or one
 *          of the three that are the standard streams; EISCONN: a socket that listens
 */
TROTH_MUST_USE int troth_ready_take(int *out, const char *text);

/*
 * troth_ready_tell - one byte there, and it is closed.
 *
 *   descriptor   -1: nobody asked
 *
 * Errors   returns 0 or an errno; EPIPE: nobody is there any more
 */
TROTH_MUST_USE int troth_ready_tell(int descriptor);

#endif
