/* need_list.h - build a list of needs in an arena (troth/needs.h has the contract). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_NEED_LIST_H
#define TROTH_EVIDENCE_NEED_LIST_H

#include "base/writer.h"
#include "troth/needs.h"

struct troth_need_list {
    struct troth_need rows[TROTH_NEEDS_MAX];
    size_t count;
    struct troth_arena *arena;
    enum troth_err err; /* sticky: no room */
};

/* Append; its texts must outlive the list (static, or from the two below). */
void troth_need_add(struct troth_need_list *list, const struct troth_need *need);

/* The text so far written, kept in the arena with a zero byte; NULL when there is no room
 * or the writer overflowed, and the list then fails. */
const char *troth_need_text(struct troth_need_list *list, struct troth_writer *w);

#endif
