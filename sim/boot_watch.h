/* boot_watch.h - what a machine says on its console, and when it can be reached. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_BOOT_WATCH_H
#define TROTH_SIM_BOOT_WATCH_H

#include <pthread.h>
#include <stdbool.h>

#include "service/address.h"

struct sim_boot_watch {
    int console; /* the reading end of a pipe */
    bool is_verbose;
    const char *listen; /* the address, as it was given */
    struct troth_address address;
    pthread_t reader;
    int status; /* the program's, by the word of the image's first process; -1: none */
};

/*
 * sim_boot_watch_start - read the console from now on, in a thread; in another one, try
 * the address until it answers in TLS, and print "ready: ADDRESS" then.
 *
 *   watch   filled but for `reader` and `status`; lives as long as the process
 *
 * Shape    of the console errors alone are passed on to standard error, unless
 *          `is_verbose`
 */
void sim_boot_watch_start(struct sim_boot_watch *watch);

/* The machine has ended: wait for its last word. */
void sim_boot_watch_finish(struct sim_boot_watch *watch);

#endif
