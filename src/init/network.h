/* network.h - the machine's own addresses: 127.0.0.1 and ::1, and no others. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_NETWORK_H
#define TROTH_INIT_NETWORK_H

#include "init/fault.h"

bool troth_init_network(struct troth_init_fault *fault);

#endif
