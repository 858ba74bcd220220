/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/kept.h"

#include <errno.h>

#include "os/lock.h"

/* Nobody holds the cache for longer than it takes to write a file. */
enum { LOCK_MOST_MS = 10000 };

static enum troth_kept_result fail(struct troth_kept_fault *fault, int error)
{
    *fault = (struct troth_kept_fault){error, NULL};
    return TROTH_KEPT_FAILED;
}

enum troth_kept_result troth_kept_find(struct troth_kept_entry *out,
                                       struct troth_kept_fault *fault,
                                       const struct troth_kept *kept, const char *name)
{
    struct troth_file file;
    int failed = troth_store_get(&file, &kept->store, name, TROTH_ENTRY_MAX);

    *out = (struct troth_kept_entry){.texts = NULL};
    *fault = (struct troth_kept_fault){0, NULL};
    if (failed == ENOENT)
        return TROTH_KEPT_ABSENT;
    if (failed == EFBIG)
        fault->why = "longer than any answer may be";
    else if (failed == ELOOP || failed == EISDIR)
        fault->why = "no file";
    else if (failed)
        return fail(fault, failed);
    else
        fault->why = troth_entry_read(out, &file, name);
    return fault->why ? TROTH_KEPT_DAMAGED : TROTH_KEPT_DONE;
}

/* ABSENT: nothing is in the way. */
static enum troth_kept_result check_floor(struct troth_kept_fault *fault,
                                          const struct troth_kept *kept, const char *name,
                                          const struct troth_kept_entry *offered)
{
    struct troth_kept_entry there;
    enum troth_kept_result found = troth_kept_find(&there, fault, kept, name);

    if (found != TROTH_KEPT_DONE)
        return found;
    fault->why = troth_entry_goes_back(&there, offered);
    troth_entry_release(&there);
    return fault->why ? TROTH_KEPT_GOES_BACK : TROTH_KEPT_ABSENT;
}

enum troth_kept_result troth_kept_put(struct troth_kept_fault *fault,
                                      const struct troth_kept *kept,
                                      const struct troth_kept_entry *entry)
{
    const struct troth_span bytes = {entry->file.bytes, entry->file.len};
    char name[TROTH_STORE_NAME_ROOM];
    enum troth_kept_result found;
    int lock, failed;

    if (!troth_entry_name(name, &entry->facts.need, entry->facts.update))
        return fail(fault, EINVAL);
    /* A cache that cannot be written keeps its floors, too. */
    found = check_floor(fault, kept, name, entry);
    if (found != TROTH_KEPT_ABSENT)
        return found;
    failed = troth_store_lock(&lock, &kept->store, kept->patience, LOCK_MOST_MS);
    if (failed)
        return fail(fault, failed);
    found = check_floor(fault, kept, name, entry);
    if (found == TROTH_KEPT_ABSENT) {
        failed = troth_store_put(&kept->store, lock, name, bytes);
        found = failed ? fail(fault, failed) : TROTH_KEPT_DONE;
    }
    troth_lock_release(lock);
    return found;
}
