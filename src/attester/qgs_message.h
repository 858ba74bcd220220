/*
 * qgs_message.h - what is asked of Intel's Quote Generation Service, and what it answers.
 *
 * Shape    each message stands behind its length, 4 bytes, big-endian; its own numbers
 *          are little-endian
 * Spec     [QGS]
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_QGS_MESSAGE_H
#define TROTH_ATTESTER_QGS_MESSAGE_H

#include "base/writer.h"

#define TROTH_TDX_REPORT_SIZE 1024 /* [TDX-ABI] TDREPORT_STRUCT */

/* The length in front, the header, two sizes, the report. */
#define TROTH_QGS_REQUEST_SIZE (4 + 16 + 8 + TROTH_TDX_REPORT_SIZE)
#define TROTH_QGS_ANSWER_MAX   0x8000 /* behind its length; quotes have some 5000 bytes */

/* For one of the service's own keys, whichever it likes. */
void troth_qgs_write_request(struct troth_writer *w, struct troth_span tdreport);

/*
 * troth_qgs_answer_parse - a quote, or why there is none.
 *
 *   out_quote   borrows `raw`
 *   out_error   the service's code; there is a quote only if it is 0
 *   raw         what stood behind the length
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_TRAILING; TROTH_ERR_VERSION: another major one;
 *          TROTH_ERR_VALUE: the answer to something else, or no quote
 */
TROTH_MUST_USE enum troth_err troth_qgs_answer_parse(struct troth_span *out_quote,
                                                     uint32_t *out_error,
                                                     struct troth_span raw);

#endif
