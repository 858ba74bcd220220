/* check.h - is an answer what was asked for, genuine, and current? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_CHECK_H
#define TROTH_COLLATERAL_CHECK_H

#include "collateral/fetch.h"

/*
 * troth_check_answer - read and judge an answer to `facts->need`, at the clock of
 * `fetcher`.
 *
 *   facts    what the answer says of itself is filled in
 *   file     the answer as it would be kept
 *   beside   see troth_fetch()
 *
 * Returns  NULL, or what is wrong, as a clause; it lives in `room`
 */
const char *troth_check_answer(struct troth_entry_facts *facts,
                               char room[static TROTH_FETCH_WHY_ROOM],
                               const struct troth_fetcher *fetcher,
                               struct troth_span file,
                               const struct troth_collateral *beside);

#endif
