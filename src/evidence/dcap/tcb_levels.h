/* tcb_levels.h - the arrays "tcbLevels" in what Intel states. For tcb_info.c and
 * qe_identity.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_TCB_LEVELS_H
#define TROTH_EVIDENCE_DCAP_TCB_LEVELS_H

#include "evidence/dcap/statement.h"

/* In what ways a level's components are written. */
enum {
    TROTH_LEVEL_NUMBERED = 1, /* sgxtcbcomp01svn, …: version 2 */
    TROTH_LEVEL_LISTED = 2,   /* sgxtcbcomponents: version 3 */
    TROTH_LEVEL_TDX = 4       /* tdxtcbcomponents */
};

/* A platform's levels, as they stand; room for them is taken and the rest given back. */
struct troth_tcb_levels {
    struct troth_tcb_level *rows;
    size_t count;
    unsigned forms; /* those that all rows have in common */
};

/* Members of a level: "tcb" and what it says of it. `path` is a literal. */
/* clang-format off */
#define TROTH_LEVEL_MEMBERS(path)                                                        \
    TROTH_MEMBER(path, "tcb", true), TROTH_MEMBER(path, "tcbDate", true),                \
    TROTH_MEMBER(path, "tcbStatus", true), TROTH_MEMBER(path, "advisoryIDs", false)
/* clang-format on */
#define TROTH_LEVEL_MEMBER_COUNT 4

/* At least one level; more than TROTH_TCB_LEVELS_MAX is TROTH_ERR_LIMIT. */
struct troth_tcb_levels troth_tcb_levels_read(struct troth_json *json,
                                              struct troth_arena *arena,
                                              const char *field);

/* Sort them, the highest first. False if one is there twice. */
bool troth_tcb_levels_sort(struct troth_tcb_levels *levels);

/* A module's or an enclave's, sorted; at least one, no more than TROTH_ISV_LEVELS_MAX,
 * none twice (TROTH_ERR_DUPLICATE). `rows` are the level's members. */
const struct troth_isv_level *
troth_isv_levels_read(size_t *out_count, struct troth_json *json,
                      const struct troth_member rows[static TROTH_LEVEL_MEMBER_COUNT],
                      struct troth_arena *arena, const char *field);

#endif
