/* fault.h - why a step of the start failed, as one clause for people. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_FAULT_H
#define TROTH_INIT_FAULT_H

#include <stdbool.h>

struct troth_init_fault {
    char text[256]; /* "/modules/00-vsock.ko: Exec format error" */
};

/* Always false, so that a caller can return it. */
__attribute__((format(printf, 2, 3))) bool troth_init_fail(struct troth_init_fault *fault,
                                                           const char *format, ...);

/* The same: "SUBJECT: " and what errno `error` means. */
bool troth_init_fail_errno(struct troth_init_fault *fault, const char *subject,
                           int error);

#endif
