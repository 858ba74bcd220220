/* first.h - one connection that is waited for: the first proof, and --stdio's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_FIRST_H
#define TROTH_CLI_CONNECT_FIRST_H

#include "cli/connect/side.h"
#include "cli/connect/tell.h"
#include "service/dial.h"

enum troth_first_result {
    TROTH_FIRST_UNREACHED = 0, /* or there was no answer to judge */
    TROTH_FIRST_REFUSED,
    TROTH_FIRST_PROVEN
};

/* It stays where it began; zeroed, it may be ended. */
struct troth_first {
    struct troth_side *side;
    struct troth_dial dial;
    bool has_found; /* collateral that was not there when the connection began */
};

/*
 * troth_first_prove - connect, fetch what is missing, and tell what came of it.
 *
 *   first   PROVEN: its dial is open; give it to troth_first_end() in any case
 */
enum troth_first_result troth_first_prove(struct troth_first *first,
                                          struct troth_side *side,
                                          struct troth_teller *teller);
void troth_first_end(struct troth_first *first);

#endif
