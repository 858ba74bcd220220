/* compile_calls.h - what no namespace keeps a compile step from. For compile_world.c
 * alone.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_COMPILE_CALLS_H
#define TROTH_BUILDER_COMPILE_CALLS_H

#include <stdbool.h>

/*
 * troth_compile_calls_restrict - this process, and all that it starts, from now on.
 *
 * Sockets are those of files and of a network that is not there: machines and their hosts
 * speak over others, which belong to no namespace. The keys of who builds are kept by
 * nobody else; a ring of calls could be a way round. To whoever asks, the kernel has none
 * of these.
 *
 * Shape    after new privileges were given up
 * Errors   false with errno
 */
bool troth_compile_calls_restrict(void);

#endif
