/* thread.h - threads of the log's own, which no signal interrupts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_THREAD_H
#define TROTH_LOG_THREAD_H

#include <pthread.h>
#include <stdint.h>

#include "troth/error.h"

/* A lock and what is waited for under it, by a clock that nobody sets. 0 or an errno. */
struct troth_log_gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};
TROTH_MUST_USE int troth_log_gate_init(struct troth_log_gate *gate);
void troth_log_gate_finish(struct troth_log_gate *gate);

void troth_log_gate_enter(struct troth_log_gate *gate);
void troth_log_gate_leave(struct troth_log_gate *gate);

/* Inside: tell all that wait; wait for that, or until an instant of
 * troth_clock_monotonic_ms(). */
void troth_log_gate_tell(struct troth_log_gate *gate);
void troth_log_gate_wait(struct troth_log_gate *gate);
void troth_log_gate_wait_until(struct troth_log_gate *gate, int64_t deadline_ms);

/* For pthread_join(). 0 or an errno. */
TROTH_MUST_USE int troth_log_thread_start(pthread_t *out, void *(*run)(void *state),
                                          void *state);

#endif
