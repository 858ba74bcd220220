/* cmdline.h - what the kernel's command line says to the first process. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_CMDLINE_H
#define TROTH_INIT_CMDLINE_H

#include <stdbool.h>

#include "init/fault.h"
#include "troth/span.h"

/* Where whoever started the machine waits for a sign of life. It guards nothing: what
 * the command line may change must not. */
struct troth_init_heartbeat {
    bool is_off;
    uint32_t cid, port;
};

#define TROTH_INIT_HEARTBEAT_CID  3    /* the parent of an AWS Nitro enclave */
#define TROTH_INIT_HEARTBEAT_PORT 9000 /* nitro-cli waits there */

/*
 * troth_init_cmdline_parse - words divided by white space; of ours there is one,
 * "troth.heartbeat=CID:PORT" or "troth.heartbeat=off". The last one counts.
 *
 *   out   the default where nothing is said
 *
 * Errors   false: a word that begins "troth." and is no such one
 */
bool troth_init_cmdline_parse(struct troth_init_heartbeat *out,
                              struct troth_init_fault *fault, struct troth_span text);

#endif
