/* hint.h - what would help against a refusal. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_HINT_H
#define TROTH_CLI_CONNECT_HINT_H

#include "troth/connection.h"

#define TROTH_CONNECT_HINT_ROOM 512

/* Of a connection that is CLOSED; empty: nothing known would. */
void troth_connect_hint(char out[static TROTH_CONNECT_HINT_ROOM],
                        const struct troth_connection *connection, bool asks_strict);

#endif
