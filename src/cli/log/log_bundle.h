/* log_bundle.h - bundles: one made of a log's tiles, one read from a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_BUNDLE_H
#define TROTH_CLI_LOG_BUNDLE_H

#include "cli/log/log_sight.h"
#include "cli/log/log_source.h"
#include "log/reader.h"

/* A bundle in memory, and the entry it carries; both live as long as the inputs. */
struct troth_log_bundle {
    struct troth_span text;
    struct troth_log_proof proof; /* borrows the text */
    bool has_entry;
    struct troth_span entry; /* nobody's word before the bundle is verified */
};

/* Does this text begin as a bundle does? Checkpoints never do. */
bool troth_log_bundle_is_one(struct troth_span text);

/* False, with a problem about `subject`: not a bundle. */
bool troth_log_bundle_parse(struct troth_log_bundle *out, struct troth_problem *problem,
                            struct troth_inputs *inputs, const char *subject,
                            struct troth_span text);

/* A log that is being read: its reader, a checkpoint, what is known of that. Zeroed, it
 * may be closed. */
struct troth_log_reading {
    struct troth_log_source source;
    struct troth_log_home home;   /* of a folder */
    struct troth_log_trust trust; /* the options', or else the folder's own */
    struct troth_file shown;      /* the checkpoint that the log shows */
    struct troth_span note;       /* that, or another one that was named */
    struct troth_log_sight sight;
    struct troth_log_reader *reader;
    const struct troth_crypto *crypto;
    struct troth_inputs *inputs;
};

/* What a command line says of it. */
struct troth_log_where {
    const char *place;           /* FOLDER or URL */
    const char *ca;              /* --ca, or NULL */
    const char *log, *witnesses; /* --log, --witnesses, or NULL */
    const char *checkpoint;      /* --checkpoint FILE: not the latest; or NULL */
};

/* False, with a problem; close it in any case. */
bool troth_log_reading_open(struct troth_log_reading *out, struct troth_problem *problem,
                            struct troth_inputs *inputs,
                            const struct troth_crypto *crypto,
                            const struct troth_log_where *where);
void troth_log_reading_close(struct troth_log_reading *reading);

/* The entry at an index, checked against the checkpoint; it lives as long as the inputs.
 */
bool troth_log_reading_entry(struct troth_span *out, struct troth_problem *problem,
                             struct troth_log_reading *reading, uint64_t index);

/* A bundle for the entry at an index, its entry as extra data; verified before it is
 * given, as far as keys are known. */
bool troth_log_bundle_make(struct troth_log_bundle *out, struct troth_problem *problem,
                           struct troth_log_reading *reading, uint64_t index);

#endif
