/* signals.h - what of the world's signals concerns whom. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_SIGNALS_H
#define TROTH_SERVICE_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Those that are passed on, and SIGCHLD. */
sigset_t troth_run_signals(void);

/* Does it ask for the end of it all? */
bool troth_run_signal_ends(int number);

/*
 * A descriptor to read them from, not blocking, closed by exec; they are blocked from now
 * on. A pipe that nobody reads is told by write() alone. -1 and errno.
 */
int troth_run_signals_open(void);

/* The next one, or 0. */
int troth_run_signals_next(int descriptor);

/* "SIGTERM", or "signal 64". */
#define TROTH_RUN_SIGNAL_NAME_MAX 24
void troth_run_signal_name(char out[static TROTH_RUN_SIGNAL_NAME_MAX], int number);

#endif
