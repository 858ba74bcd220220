/* descriptors.h - files and sockets that are open: how many there may be, and where they
 * lie. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_DESCRIPTORS_H
#define TROTH_OS_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>

/* Ask for room for so many. Returns how many there may be, which may be fewer; more stay
 * as they are. */
size_t troth_descriptors_raise(size_t wanted);

/* Is what is open still what lies at that path, links not followed? */
bool troth_descriptor_lies_at(int descriptor, const char *path);

#endif
