/* rtmr.h - the run-time measurement register of TDX that applications extend. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_RTMR_H
#define TROTH_ATTESTER_RTMR_H

#include "troth/attester.h"

/* Does this kernel hand RTMR3 out to be extended? (Linux 6.16 and later) */
bool troth_rtmr_is_present(void);

/* Let another user extend it; where it is not present there is nothing to give. */
TROTH_MUST_USE bool troth_rtmr_give(struct troth_attester_fault *fault, uint32_t user,
                                    uint32_t group);

/* Errors   returns false and fills `fault`; ENOTSUP where it is not present */
TROTH_MUST_USE bool troth_rtmr_extend(struct troth_attester_fault *fault,
                                      const uint8_t digest[static 48]);

#endif
