/* notify.h - a word to the service manager, as systemd's sd_notify(3) has it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_NOTIFY_H
#define TROTH_SERVICE_RUN_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>
#include <sys/un.h>

struct troth_run_notify {
    int descriptor; /* -1: nobody wants to know */
    struct sockaddr_un address;
    socklen_t len;
    int64_t watchdog_ms; /* how often it wants a sign of life; 0: not */
};

/*
 * troth_run_notify_open - the manager's socket, by what it put into the environment.
 *
 *   socket_name   NOTIFY_SOCKET: a path, or '@' and an abstract name; NULL: none
 *   watchdog      WATCHDOG_USEC: microseconds without a sign of life; NULL: none
 *   watched       WATCHDOG_PID: for whom that was meant; NULL: whoever reads it
 *
 * Shape    what makes no sense is as if it were not there: no service fails for it
 */
void troth_run_notify_open(struct troth_run_notify *out, const char *socket_name,
                           const char *watchdog, const char *watched);
void troth_run_notify_close(struct troth_run_notify *notify);

/* "READY=1\nSTATUS=…". Waits for a second at most: a manager that
 * does not listen misses it. */
void troth_run_notify_say(const struct troth_run_notify *notify, const char *text);

#endif
