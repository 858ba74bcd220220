/* utf8.h - is this text? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_UTF8_H
#define TROTH_BASE_UTF8_H

#include <stdbool.h>

#include "troth/span.h"

/* No overlong forms, no surrogates, nothing above U+10FFFF. [RFC3629] 4 */
bool troth_utf8_is_valid(struct troth_span text);

/* Bytes of `code_point` in UTF-8 into `out`; 0 for a surrogate or above U+10FFFF. */
size_t troth_utf8_encode(uint8_t out[static 4], uint32_t code_point);

#endif
