/* say.h - lines on the machine's console. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_SAY_H
#define TROTH_INIT_SAY_H

/* "troth-init: …" on standard error, cut after some 300 bytes; control characters of
 * what is told become '?', so that one line stays one. */
__attribute__((format(printf, 1, 2))) void troth_init_say(const char *format, ...);

/* All that was said is out. */
void troth_init_say_all(void);

#endif
