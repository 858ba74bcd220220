/* errand.h - something slow, done by a thread of its own while the loop goes on. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_ERRAND_H
#define TROTH_CLI_CONNECT_ERRAND_H

#include <pthread.h>
#include <stdbool.h>

#include <event2/event.h>

/* One at a time; zeroed, it may be ended. It stays where it began. */
struct troth_errand {
    struct event *bell; /* rings in the loop when it is done */
    int ends[2];        /* of the bell's pipe */
    pthread_t thread;
    bool is_running;
    void (*run)(void *state);  /* in the thread: nobody else uses what it uses */
    void (*done)(void *state); /* in the loop, afterwards */
    void *state;
};

/* Returns 0 or an errno. */
int troth_errand_begin(struct troth_errand *errand, struct event_base *base,
                       void (*run)(void *state), void (*done)(void *state), void *state);

/* False: one is under way, or none can be sent. */
bool troth_errand_send(struct troth_errand *errand);

/* False: it is still under way, and what it uses has to stay until the process ends. */
bool troth_errand_end(struct troth_errand *errand);

#endif
