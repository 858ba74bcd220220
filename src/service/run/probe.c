/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/probe.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "service/address.h"

enum {
    STALE_MS = 1000, /* a connection that nobody answers is tried anew */
    QUICK_MS = 2000  /* most programs answer before that */
};

void troth_run_probe_begin(struct troth_run_probe *probe, int64_t now_ms)
{
    troth_run_probe_end(probe);
    probe->is_on = true;
    probe->begun_ms = probe->tried_ms = now_ms;
    probe->pause_ms = 0;
    probe->is_told = false;
}

static void hang_up(struct troth_run_probe *probe)
{
    if (probe->descriptor >= 0)
        (void)close(probe->descriptor);
    probe->descriptor = -1;
}

void troth_run_probe_end(struct troth_run_probe *probe)
{
    hang_up(probe);
    probe->is_on = false;
}

static int dial(const struct troth_run_probe *probe)
{
    struct troth_address address;

    if (probe->port)
        return troth_sandbox_connect(probe->network, probe->port);
    if (troth_address_parse(&address, probe->path))
        return -1;
    return troth_address_connect(&address);
}

/* Is the connection there? Hangs up where it has failed. */
static bool stands(struct troth_run_probe *probe, int64_t now_ms)
{
    struct pollfd one = {.fd = probe->descriptor, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;

    if (poll(&one, 1, 0) == 0) {
        if (now_ms - probe->tried_ms >= STALE_MS)
            hang_up(probe);
        return false;
    }
    if (getsockopt(probe->descriptor, SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
        error == 0)
        return true;
    hang_up(probe);
    return false;
}

static void try_again(struct troth_run_probe *probe, int64_t now_ms)
{
    probe->tried_ms = now_ms;
    probe->pause_ms = now_ms - probe->begun_ms < QUICK_MS ? TROTH_RUN_PROBE_MS
                                                          : TROTH_RUN_PROBE_MAX_MS;
    probe->descriptor = dial(probe);
}

bool troth_run_probe_try(struct troth_run_probe *probe, int64_t now_ms)
{
    bool answers = !probe->port && !probe->path;

    if (!probe->is_on)
        return false;
    if (!answers && probe->descriptor < 0 &&
        now_ms >= probe->tried_ms + probe->pause_ms) {
        try_again(probe, now_ms);
        /* A path's queue that is full is somebody's, too; of a port it says nothing of
         * the program but that something is short here. */
        answers = probe->descriptor < 0 && !probe->port && errno == EAGAIN;
    }
    if (!answers && probe->descriptor >= 0)
        answers = stands(probe, now_ms);
    if (answers)
        troth_run_probe_end(probe);
    return answers;
}

int64_t troth_run_probe_wait(const struct troth_run_probe *probe, int64_t now_ms)
{
    const int64_t then_ms = probe->tried_ms +
                            (probe->descriptor >= 0 ? STALE_MS : probe->pause_ms);

    if (!probe->is_on)
        return -1;
    return then_ms > now_ms ? then_ms - now_ms : 0;
}

bool troth_run_probe_is_late(struct troth_run_probe *probe, int64_t now_ms)
{
    if (!probe->is_on || probe->is_told ||
        now_ms - probe->begun_ms < TROTH_RUN_PROBE_LATE_MS)
        return false;
    probe->is_told = true;
    return true;
}
