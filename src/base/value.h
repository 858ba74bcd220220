/* value.h - make the typed values that claims and checks show (troth/claims.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_VALUE_H
#define TROTH_BASE_VALUE_H

#include "troth/claims.h"

struct troth_value troth_value_none(void);
struct troth_value troth_value_bool(bool value);
struct troth_value troth_value_uint(uint64_t value);
struct troth_value troth_value_instant(int64_t instant_s);
struct troth_value troth_value_text(const char *text); /* NULL: none */
struct troth_value troth_value_text_span(struct troth_span text);
struct troth_value troth_value_bytes(struct troth_span bytes);

#endif
