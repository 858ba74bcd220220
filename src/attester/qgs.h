/* qgs.h - have a TDX report turned into a quote by the service on the host. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_QGS_H
#define TROTH_ATTESTER_QGS_H

#include "attester/qgs_message.h"
#include "troth/attester.h"

/*
 * troth_qgs_quote - ask the service at vsock CID 2, port 4050.
 *
 *   out           released by troth_quote_release()
 *   deadline_ms   an instant of troth_clock_monotonic_ms()
 *
 * Errors   returns false and fills `fault`; ETIMEDOUT
 */
TROTH_MUST_USE bool troth_qgs_quote(struct troth_quote *out,
                                    struct troth_attester_fault *fault,
                                    const uint8_t report[static TROTH_TDX_REPORT_SIZE],
                                    int64_t deadline_ms);

#endif
