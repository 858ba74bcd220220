/*
 * snp_message.h - what AMD's firmware answers to a request for a report, and the table of
 * certificates that the host adds.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_SNP_MESSAGE_H
#define TROTH_ATTESTER_SNP_MESSAGE_H

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_SNP_ANSWER_SIZE 4000   /* room for one, as the driver has it */
#define TROTH_SNP_REPORT_SIZE 1184   /* [SNP-ABI] ATTESTATION_REPORT */
#define TROTH_SNP_TABLE_MAX   0x4000 /* the driver gives no more */

/*
 * troth_snp_answer_parse - the report in an answer.
 *
 *   out_report   borrows `raw`
 *   out_status   the firmware's; there is a report only if it is 0
 *
 * Shape    status, size of the report, 24 reserved bytes, report, unused room
 * Errors   TROTH_ERR_SHORT; TROTH_ERR_VALUE: a report of another size
 * Spec     [SNP-ABI] MSG_REPORT_RSP
 */
TROTH_MUST_USE enum troth_err troth_snp_answer_parse(struct troth_span *out_report,
                                                     uint32_t *out_status,
                                                     struct troth_span raw);

/*
 * troth_snp_table_trim - the table without the zeros behind it.
 *
 * Shape    rows of GUID, offset, length, a row of zeros, then what the rows point to
 * Errors   none: where the host sent no table, or one whose rows point out of it, what is
 *          returned is empty, for certificates can be had elsewhere
 * Spec     [GHCB] SNP Extended Guest Request
 */
struct troth_span troth_snp_table_trim(struct troth_span raw);

#endif
