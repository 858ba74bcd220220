/* fault.h - fill in why a device did not do what it should. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_FAULT_H
#define TROTH_ATTESTER_FAULT_H

#include "troth/attester.h"

/*
 * troth_attester_fail - fill `fault`; always returns false, for the caller to return.
 *
 *   error   an errno
 *   step    static
 *   path    cut to the room there is
 */
bool troth_attester_fail(struct troth_attester_fault *fault, int error, const char *step,
                         const char *path);

/* The device's own word: cut to the room there is, and what is no printable ASCII becomes
 * '?'. */
void troth_attester_fault_say(struct troth_attester_fault *fault, struct troth_span word);

#endif
