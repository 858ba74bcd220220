/* wipe.h - overwrite a secret so that the compiler cannot leave it out. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_WIPE_H
#define TROTH_BASE_WIPE_H

#include <stddef.h>

void troth_wipe(void *secret, size_t len);

#endif
