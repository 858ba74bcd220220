/* json.h - the text of JSON as vendors write it: no blanks, members in a fixed order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_JSON_H
#define TROTH_SIM_JSON_H

#include "sim/bytes.h"

/*
 * Each appends what it says and, where something stands before it, the comma. `name` is
 * the member's; NULL in an array and for the outermost value.
 */
void sim_json_open(struct sim_bytes *out, const char *name, char bracket); /* { or [ */
void sim_json_close(struct sim_bytes *out, char bracket);                  /* } or ] */
void sim_json_number(struct sim_bytes *out, const char *name, uint64_t number);

/* A string; quotation marks, backslashes and control characters are escaped. */
void sim_json_text(struct sim_bytes *out, const char *name, struct troth_span text);

/* Strings: bytes as hex, a moment as "2026-01-31T23:59:59Z". */
void sim_json_hex(struct sim_bytes *out, const char *name, struct troth_span bytes);
void sim_json_time(struct sim_bytes *out, const char *name, int64_t time_s);

/* As it is, JSON or not. */
void sim_json_raw(struct sim_bytes *out, const char *name, struct troth_span json);

/* Hex digits alone, upper case as Intel states identifiers, lower case for signatures. */
void sim_hex_upper(struct sim_bytes *out, struct troth_span bytes);
void sim_hex_lower(struct sim_bytes *out, struct troth_span bytes);

#endif
