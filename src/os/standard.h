/* standard.h - the three streams that every program is given. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_STANDARD_H
#define TROTH_OS_STANDARD_H

/*
 * troth_standard_hold - make sure that the descriptors 0, 1 and 2 are taken.
 *
 * Whoever starts a program may have closed them; the next file that it opens would then
 * be standard output. What was closed stays unusable: reading or writing it fails.
 *
 * Errors   returns 0 or an errno
 */
int troth_standard_hold(void);

/* How many columns the terminal behind a descriptor has: 0 if there is no terminal, 80 if
 * it does not say. */
unsigned troth_standard_columns(int descriptor);

#endif
