/* kept.h - the answers that are kept, with their floors: nothing may go back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_KEPT_H
#define TROTH_COLLATERAL_KEPT_H

#include "collateral/entry.h"
#include "store/store.h"

/* Entries a cache may hold: four statements a kind of platform, one certificate a chip.
 */
#define TROTH_KEPT_MAX 10000

struct troth_kept {
    struct troth_store store;
    const struct troth_patience *patience;
};

enum troth_kept_result {
    TROTH_KEPT_FAILED = 0, /* the system says why */
    TROTH_KEPT_DONE,
    TROTH_KEPT_ABSENT,
    TROTH_KEPT_DAMAGED,  /* a file is there and is no entry */
    TROTH_KEPT_GOES_BACK /* what was offered is older than what is kept */
};

/* Why it was not DONE. */
struct troth_kept_fault {
    int error;       /* of FAILED: an errno */
    const char *why; /* of DAMAGED and GOES_BACK: a clause */
};

/* The entry of a name (troth_entry_name()); give it to troth_entry_release(). */
enum troth_kept_result troth_kept_find(struct troth_kept_entry *out,
                                       struct troth_kept_fault *fault,
                                       const struct troth_kept *kept, const char *name);

/* Put an entry under its name, unless it is older than what is there. */
enum troth_kept_result troth_kept_put(struct troth_kept_fault *fault,
                                      const struct troth_kept *kept,
                                      const struct troth_kept_entry *entry);

#endif
