/* log_draft.h - a record as a command line describes it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_DRAFT_H
#define TROTH_CLI_LOG_DRAFT_H

#include "cli/inputs.h"
#include "troth/record.h"

/* Options' values, as they stand there: "NAME=VALUE" or "NAME=@FILE"; tags are names. */
struct troth_log_draft_order {
    const char *kind;
    const char *fields[TROTH_RECORD_FIELDS_MAX];
    size_t field_count;
    const char *privates[TROTH_RECORD_PRIVATE_MAX];
    size_t private_count;
    const char *tags[TROTH_RECORD_PRIVATE_MAX];
    size_t tag_count;
    const char *tag_key; /* a file: 32 bytes in hex */
    const char *auditor; /* a file: an X25519 public key in PEM */
};

/* It lives as long as the inputs. */
struct troth_log_draft {
    struct troth_span entry;
    struct troth_span sealed; /* empty: nothing is private */
    uint8_t id[TROTH_RECORD_ID_SIZE];
};

/* Do the options fit each other? False, with a problem. */
bool troth_log_draft_check(struct troth_problem *problem,
                           const struct troth_log_draft_order *order);

/*
 * troth_log_draft_make - the record, and what is sealed beside it.
 *
 *   origin   the log's; only private fields and tags need it
 *
 * Effects  reads files, the clock and random numbers; private values are in memory of
 *          their own (os/secret.h), and wiped there
 */
bool troth_log_draft_make(struct troth_log_draft *out, struct troth_problem *problem,
                          struct troth_inputs *inputs, const struct troth_crypto *crypto,
                          const struct troth_log_draft_order *order,
                          struct troth_span origin);

#endif
