/*
 * note.h - signed notes, made by hand and by OpenSSL: nothing of src/tlog is in them.
 *
 * A key follows from one byte, its seed. So everyone knows it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_NOTE_H
#define TROTH_TEST_NOTE_H

#include "troth/witness.h"

/* The text, an empty line, and signature lines, as they are added. */
struct test_note {
    char bytes[80 * 1024];
    size_t len;
    size_t text_len;
};

void test_note_begin(struct test_note *note, const char *text);

/* As a log does: type 0x01, over the text. */
void test_note_sign(struct test_note *note, const char *name, uint8_t seed);

/* As a witness does: type 0x04, over the time and the text. */
void test_note_cosign(struct test_note *note, const char *name, uint8_t seed,
                      uint64_t time_s);

/* A line of whatever else; `blob` is the key ID and what follows it. */
void test_note_line(struct test_note *note, const char *name, struct troth_span blob);

struct troth_span test_note_span(const struct test_note *note);

void test_note_key(uint8_t out[static 32], uint8_t seed);

/* "NAME+HASH+BASE64"; lives until the next call but seven. */
const char *test_note_vkey(const char *name, uint8_t seed, uint8_t type);

/* SHA-256(name ‖ newline ‖ type ‖ key), its first four bytes. */
void test_note_key_id(uint8_t out[static 4], const char *name, uint8_t seed,
                      uint8_t type);

#endif
