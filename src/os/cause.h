/* cause.h - what an errno means, in the system's own words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_CAUSE_H
#define TROTH_OS_CAUSE_H

#define TROTH_CAUSE_MAX 96

/* "Connection refused"; cut if it is longer. Any thread may ask. */
void troth_cause_text(char out[static TROTH_CAUSE_MAX], int error);

#endif
