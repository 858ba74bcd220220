/* debian_ask.h - what debian*.c ask of apt-get. For them alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_DEBIAN_ASK_H
#define TROTH_BUILDER_DEBIAN_ASK_H

#include "builder/child.h"
#include "builder/debian.h"

/*
 * troth_debian_ask - apt-get with these words, as on a machine that has no packages.
 *
 *   subject  which package problems are of
 *   folder   where it is started; NULL: here
 *
 * Errors   false, and nothing to release: it cannot be asked, or it fails
 */
TROTH_MUST_USE bool troth_debian_ask(struct troth_child_output *said,
                                     struct troth_build_problem *problem,
                                     const char *subject, const char *const *words,
                                     size_t count, const char *folder);

#endif
