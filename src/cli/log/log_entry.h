/* log_entry.h - an entry as it is shown: a record by its fields, anything else as bytes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_ENTRY_H
#define TROTH_CLI_LOG_ENTRY_H

#include "cli/inputs.h"
#include "cli/page.h"
#include "codec/json_writer.h"
#include "troth/record.h"

struct troth_log_entry {
    uint64_t index;
    struct troth_span bytes; /* borrowed */
    bool is_record;
    struct troth_record record;
};

/* Entries may be anything: what is no record is not refused. False, with a problem, only
 * without memory, which goes with the inputs. */
bool troth_log_entry_take(struct troth_log_entry *out, struct troth_problem *problem,
                          struct troth_inputs *inputs, uint64_t index,
                          struct troth_span bytes);

void troth_log_entry_print(struct troth_page *page, const struct troth_log_entry *entry);

/* Members of the object that is open: "index", "entry" in base64, "record" or null. */
void troth_log_entry_json(struct troth_json_writer *w,
                          const struct troth_log_entry *entry);

#endif
