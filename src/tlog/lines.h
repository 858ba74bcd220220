/* lines.h - the lines of which bundles, requests and checkpoints are made. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_LINES_H
#define TROTH_TLOG_LINES_H

#include "base/writer.h"
#include "troth/log.h"

/* What stands before the next newline; `rest` moves behind it. TROTH_ERR_SHORT: there is
 * none. */
TROTH_MUST_USE enum troth_err troth_line_next(struct troth_span *out,
                                              struct troth_span *rest);

/* "WORD VALUE" to VALUE; false, and `line` as it was, if it begins otherwise. */
bool troth_line_take_word(struct troth_span *line, const char *word);

/* "0", or decimal without a zero in front: TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 * TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_line_number(uint64_t *out, struct troth_span line);

/* Base64 of exactly 32 bytes: TROTH_ERR_VALUE, TROTH_ERR_ENCODING. */
TROTH_MUST_USE enum troth_err troth_line_hash(uint8_t out[static TROTH_LOG_HASH_SIZE],
                                              struct troth_span line);

/* Is it base64, however long? TROTH_ERR_VALUE, TROTH_ERR_ENCODING. */
TROTH_MUST_USE enum troth_err troth_line_check_base64(struct troth_span line);

/* Hashes, a line each, up to an empty line, which is taken too: the errors of all above.
 * After one `rest` stands where the line begins that is wrong. */
TROTH_MUST_USE enum troth_err troth_lines_path(struct troth_log_path *out,
                                               struct troth_span *rest);

/* The same written, with the empty line. */
void troth_lines_write_path(struct troth_writer *w, const struct troth_log_path *path);

#endif
