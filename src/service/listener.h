/* listener.h - the port that others come in by: made here, or handed in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LISTENER_H
#define TROTH_SERVICE_LISTENER_H

#include "troth/error.h"

/*
 * troth_listener_take - listen at an address, or take a socket that listens already.
 *
 *   out    a socket, not blocking and closed by exec, which is the caller's; -1 on
 * failure text   an address of service/address.h other than a path, or "fd:3": a
 * descriptor that whoever started this process opened. Take those before anything else is
 * opened: a number that was not handed in must not be one of our own.
 *
 * Errors   returns 0 or an errno. EINVAL: `text` is neither. Of a descriptor EBADF: not
 *          open, or one of the three that are the standard streams; ENOTSOCK; EOPNOTSUPP:
 *          no stream socket, or one that does not listen
 */
TROTH_MUST_USE int troth_listener_take(int *out, const char *text);

#endif
