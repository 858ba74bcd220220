/* heartbeat.h - a sign of life for whoever started the machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_HEARTBEAT_H
#define TROTH_INIT_HEARTBEAT_H

#include "init/cmdline.h"

/*
 * troth_init_beat - one byte to there, which comes back; with some seconds of patience
 * for each part. nitro-cli ends an enclave that does not.
 *
 * Errors   false: nobody is there, or says something else
 * Effects  blocks
 */
bool troth_init_beat(const struct troth_init_heartbeat *heartbeat,
                     struct troth_init_fault *fault);

#endif
