/* measure.h - what evidence says of a run file and a program: two events and a boundary.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_MEASURE_H
#define TROTH_SERVICE_RUN_MEASURE_H

#include "troth/event_log.h"

/* In the order in which the agent records them; then TROTH_EVENT_BOUNDARY. */
#define TROTH_RUN_EVENT_FILE    "run-file"
#define TROTH_RUN_EVENT_PROGRAM "program"

struct troth_run_measure {
    uint8_t
        run_file[32];    /* SHA-256 of the file's bytes; of none where there is no file */
    uint8_t program[32]; /* SHA-256 of LP(word) for each word of the program's */
    uint8_t value[48];   /* the register's behind both and the boundary, from zeros */
};

/*
 * troth_run_measure - before anything of it runs.
 *
 *   program  words, ending with NULL
 *
 * Errors   TROTH_ERR_CRYPTO, TROTH_ERR_MEMORY; `out` is zeroed then
 */
TROTH_MUST_USE enum troth_err troth_run_measure(struct troth_run_measure *out,
                                                const struct troth_crypto *crypto,
                                                struct troth_span run_file,
                                                const char *const *program);

#endif
