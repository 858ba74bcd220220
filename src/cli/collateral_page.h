/* collateral_page.h - pieces of collateral, for people and as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_COLLATERAL_PAGE_H
#define TROTH_CLI_COLLATERAL_PAGE_H

#include "cli/page.h"
#include "codec/json_writer.h"
#include "collateral/piece.h"

/* What the state of a piece is called: of one in the cache, how fresh it is. */
const char *troth_collateral_state(const struct troth_piece *piece, int64_t now_s);

/*
 * A line for each piece: its state, what it is, until when it holds.
 *
 *   services   not NULL: where each is from, or would be asked for, too
 */
void troth_collateral_page_print(struct troth_page *page,
                                 const struct troth_pieces *pieces, int64_t now_s,
                                 const struct troth_services *services);

/* The same as elements of an array; `file`: the evidence that needs them, or NULL. */
void troth_collateral_json_write(struct troth_json_writer *json,
                                 const struct troth_pieces *pieces, int64_t now_s,
                                 const struct troth_services *services, const char *file);

#endif
