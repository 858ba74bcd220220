/* json_text.h - what stands between the quotes of a JSON string. For json.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_TEXT_H
#define TROTH_CODEC_JSON_TEXT_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

/*
 * troth_json_text_scan - check a string up to its closing quote.
 *
 *   rest   begins after the opening quote; moved to the closing one, or on failure to
 *          the character at fault
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VALUE (control character, escape), TROTH_ERR_TEXT
 * Spec     [RFC8259] 7
 */
TROTH_MUST_USE enum troth_err troth_json_text_scan(struct troth_span *rest);

/* Do two checked strings decode to the same text? */
bool troth_json_text_equal(struct troth_span a, struct troth_span b);

#endif
