/* descriptors.h - how many files and sockets this process may have open. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_DESCRIPTORS_H
#define TROTH_OS_DESCRIPTORS_H

#include <stddef.h>

/* Ask for room for so many. Returns how many there may be, which may be fewer; more stay
 * as they are. */
size_t troth_descriptors_raise(size_t wanted);

#endif
