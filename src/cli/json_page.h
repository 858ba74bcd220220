/* json_page.h - JSON on standard output, in ASCII alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_JSON_PAGE_H
#define TROTH_CLI_JSON_PAGE_H

#include <stdio.h>

#include "troth/span.h"

/*
 * troth_json_page_print - a JSON text and a line end.
 *
 * What is not ASCII is written as \uXXXX: the same value to every reader of JSON, and
 * nothing that a terminal could take for a control character or turn around.
 *
 *   json   well-formed, its control characters escaped; bytes that are no UTF-8 become
 * U+FFFD
 */
void troth_json_page_print(FILE *to, struct troth_span json);

#endif
