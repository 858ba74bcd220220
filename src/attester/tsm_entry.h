/*
 * tsm_entry.h - a folder of our own in Linux's report interface, and what is asked there.
 *
 * Every call here waits for the kernel, as long as that takes: tsm.c sees to it that
 * nobody waits for a call that hangs.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_TSM_ENTRY_H
#define TROTH_ATTESTER_TSM_ENTRY_H

#include "attester/tsm_file.h"
#include "attester/tsm_kind.h"

#define TROTH_TSM_REPORTS "/sys/kernel/config/tsm/report"

struct troth_tsm_entry {
    struct troth_tsm_folder folder; /* locked: it is ours as long as it is open */
    const struct troth_tsm_kind *kind;
};

/*
 * troth_tsm_entry_open - make a folder and learn who answers in it.
 *
 * Shape    its name is the first of 64 that no living process holds; what a dead one left
 *          is made anew
 * Errors   returns false and fills `fault`; ENODEV: nobody answers on this machine;
 *          ENOTSUP: somebody whose answers we do not know, `said` names them
 */
TROTH_MUST_USE bool troth_tsm_entry_open(struct troth_tsm_entry *out,
                                         struct troth_attester_fault *fault);

/* Let another user write what is written for each question: the rest anybody may read. */
TROTH_MUST_USE bool troth_tsm_entry_give(const struct troth_tsm_entry *entry,
                                         struct troth_attester_fault *fault,
                                         uint32_t user, uint32_t group);

/* Removes the folder. */
void troth_tsm_entry_close(struct troth_tsm_entry *entry);

/*
 * troth_tsm_entry_quote - troth_device_ops.quote.
 *
 * Shape    one write, one generation on; what anybody else wrote meanwhile, or EINTR or
 *          EBUSY, is another try, until the deadline and a bounded number of times
 * Errors   EBADMSG: what came is no answer to what was asked; EFBIG beyond 64 KiB; EBUSY,
 *          EINTR: it still was when the tries or the time were over
 * Spec     [LINUX] ABI/testing/configfs-tsm-report: inblob, outblob, auxblob, generation
 */
TROTH_MUST_USE bool troth_tsm_entry_quote(const struct troth_tsm_entry *entry,
                                          struct troth_quote *out,
                                          struct troth_attester_fault *fault,
                                          const uint8_t report_data[static 64],
                                          int64_t deadline_ms);

#endif
