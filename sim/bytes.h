/* bytes.h - the byte strings that minting makes; whoever is handed one frees it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_BYTES_H
#define TROTH_SIM_BYTES_H

#include "troth/span.h"

/* Grows as it is appended to; {0} is empty. Out of memory ends the program. */
struct sim_bytes {
    uint8_t *ptr;
    size_t len;
};

/* Frees the contents and leaves it empty. */
void sim_bytes_free(struct sim_bytes *bytes);

void sim_bytes_append(struct sim_bytes *bytes, struct troth_span more);
void sim_bytes_append_byte(struct sim_bytes *bytes, uint8_t byte);
void sim_bytes_append_zeros(struct sim_bytes *bytes, size_t count);

/* Append `more` and free it. */
void sim_bytes_take(struct sim_bytes *bytes, struct sim_bytes more);

struct troth_span sim_bytes_span(struct sim_bytes bytes);

/* A span over a whole array object. */
#define SIM_ARRAY(array) ((struct troth_span){(array), sizeof(array)})

/* The characters of a zero-terminated text. */
struct troth_span sim_text(const char *text);

/*
 * A change to make to bytes that are about to be signed or put into place: the last word
 * a test has when no field says what it wants to break. No `apply`, no change.
 */
struct sim_edit {
    void (*apply)(struct sim_bytes *bytes, const void *context);
    const void *context;
};

void sim_edit_apply(struct sim_edit edit, struct sim_bytes *bytes);

/* For sim_edit.apply: change the last bit, so that a signature is well-formed and wrong.
 */
void sim_flip_last_bit(struct sim_bytes *bytes, const void *context);

/* Say what the caller got wrong and end the program: minting has no other errors. */
_Noreturn void sim_die(const char *why);

#endif
