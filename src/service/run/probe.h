/* probe.h - does the program answer at its upstream yet? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PROBE_H
#define TROTH_SERVICE_RUN_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#define TROTH_RUN_PROBE_MS      2   /* between two tries, at first */
#define TROTH_RUN_PROBE_MAX_MS  100 /* later */
#define TROTH_RUN_PROBE_LATE_MS 10000

/* One connection at a time, tried again until it stands, then closed. */
struct troth_run_probe {
    int network;      /* where the port is */
    uint16_t port;    /* 0: */
    const char *path; /* of a Unix socket; NULL, too: there is nothing to ask */
    bool is_on;
    int descriptor; /* connecting; -1: none */
    int64_t begun_ms, tried_ms, pause_ms;
    bool is_told; /* that it takes long */
};

void troth_run_probe_begin(struct troth_run_probe *probe, int64_t now_ms);
void troth_run_probe_end(struct troth_run_probe *probe);

/* Go on. True once: it answers, and the probe is off. */
bool troth_run_probe_try(struct troth_run_probe *probe, int64_t now_ms);

/* When it wants to go on, beside when `descriptor` can be written; -1: when that is. */
int64_t troth_run_probe_wait(const struct troth_run_probe *probe, int64_t now_ms);

/* True once, where it takes long. */
bool troth_run_probe_is_late(struct troth_run_probe *probe, int64_t now_ms);

#endif
