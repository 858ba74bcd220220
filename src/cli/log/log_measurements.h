/* log_measurements.h - measurements as somebody wrote them, in a record's only form. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_MEASUREMENTS_H
#define TROTH_CLI_LOG_MEASUREMENTS_H

#include "base/writer.h"
#include "codec/tree.h"

/*
 * troth_log_measurements_write - {"nitro":{"pcr0":"…"}} without white space, keys
 * ascending, hex in small letters.
 *
 * Errors   TROTH_ERR_TYPE: not a map of maps of texts; TROTH_ERR_LIMIT. What else is
 *          wrong is for the record to say
 */
TROTH_MUST_USE enum troth_err
troth_log_measurements_write(struct troth_writer *w, const struct troth_tree_node *tree);

#endif
