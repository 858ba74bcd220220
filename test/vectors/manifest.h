/* manifest.h - what is known of the genuine vectors: the rows of their MANIFEST.tsv. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_MANIFEST_H
#define TROTH_TEST_VECTORS_MANIFEST_H

#include <stdbool.h>

#include "troth/span.h"

/* A file's value in the column of this name, quotes and all; {NULL, 0} if it has no row.
 */
struct troth_span manifest_value(const char *file, const char *column);

/* The same as text that lives until the program ends, and as a number; "" and -1 where it
 * is empty. */
const char *manifest_text(const char *file, const char *column);
long long manifest_number(const char *file, const char *column);

/* Does the column hold this text? */
bool manifest_says(const char *file, const char *column, const char *text);

/* From "… label=VALUE …" in the column independent_check: VALUE, or "". */
const char *manifest_checked(const char *file, const char *label);

/* The file of the n-th row, or NULL behind the last. */
const char *manifest_file(size_t n);

#endif
