/* escape.h - what others wrote, made safe for a terminal. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_ESCAPE_H
#define TROTH_CLI_ESCAPE_H

#include "base/writer.h"

/*
 * troth_escape_write - printable ASCII as it is, a backslash twice, any other byte as
 * \xNN.
 *
 * Texts in evidence and names of files are chosen by others: one may hold what clears a
 * screen, moves a cursor, or reads from right to left. What does not fit is cut between
 * two characters, and the writer is not marked full.
 */
void troth_escape_write(struct troth_writer *w, struct troth_span text);

#endif
