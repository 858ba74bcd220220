/* log_disclosed.h - a private field that was opened, as a file for somebody else. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_DISCLOSED_H
#define TROTH_CLI_LOG_DISCLOSED_H

#include "base/writer.h"
#include "troth/arena.h"
#include "troth/error.h"
#include "troth/log.h"
#include "troth/record.h"

/* Of such a file: a bundle, and a value in base64. */
#define TROTH_LOG_DISCLOSED_MAX (2 * TROTH_LOG_PROOF_MAX)

/*
 * {"format":"troth-disclosure/1","origin","name","salt":HEX,"value":BASE64,"bundle":TEXT}
 *
 * The entry is the bundle's; it has the record's id, which is a part of what was
 * committed to.
 */
struct troth_log_disclosed {
    struct troth_span origin, name;
    uint8_t salt[TROTH_RECORD_SALT_SIZE];
    struct troth_span value;
    struct troth_span bundle; /* [C2SP-PROOF], its entry as extra data */
};

/* Readable JSON with a newline; w->full if there is no room. */
void troth_log_disclosed_write(struct troth_writer *w,
                               const struct troth_log_disclosed *disclosed);

/*
 * troth_log_disclosed_parse - the same read back; judges nothing.
 *
 *   out     borrows `text` and the arena; twice the text's length suffices
 *   fault   field "disclosure.…"
 *
 * Errors   the JSON reader's; TROTH_ERR_MISSING, TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 *          TROTH_ERR_MEMORY; TROTH_ERR_VERSION: another format; TROTH_ERR_UNSUPPORTED: an
 *          unknown member
 */
TROTH_MUST_USE enum troth_err troth_log_disclosed_parse(struct troth_log_disclosed *out,
                                                        struct troth_fault *fault,
                                                        struct troth_span text,
                                                        struct troth_arena *arena);

#endif
