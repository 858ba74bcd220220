/* vectors_file.h - docs/protocol-vectors.json, as the tests that replay it read it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_FILE_H
#define TROTH_TEST_VECTORS_FILE_H

#include <jansson.h>

#include "troth/channel.h"

/* NULL, and a line that says why, if it cannot be read; the caller lets it go. */
json_t *vectors_load(void);

/* Members of an object; "", nothing, 0 where there is none. */
const char *vectors_text(const json_t *from, const char *name);
struct troth_span vectors_hex(const json_t *from, const char *name);
long long vectors_number(const json_t *from, const char *name);
enum troth_role vectors_role(const json_t *from, const char *name);
enum troth_level vectors_level(const char *name);

/* What TLS would export in this connection; empty: nothing was exported under that. */
struct troth_span vectors_exporter(const json_t *connection, struct troth_span context);

#endif
