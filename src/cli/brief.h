/* brief.h - values short enough to compare by eye. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_BRIEF_H
#define TROTH_CLI_BRIEF_H

#include "base/writer.h"
#include "troth/claims.h"

/* Room for any value in full; longer texts, which are the caller's own, are cut. */
#define TROTH_BRIEF_ROOM 4096

/*
 * troth_brief_write - a value as people read it: of a long run of hex digits the first
 * sixteen and the last eight.
 */
void troth_brief_write(struct troth_writer *w, const struct troth_value *value);

/* " (48 bytes)", if those are so many that the above cuts them. */
void troth_brief_write_size(struct troth_writer *w, const struct troth_value *value);

/* All of it. */
void troth_brief_write_full(struct troth_writer *w, const struct troth_value *value);

#endif
