/* voice.h - how a program of Troth's speaks: lines on standard error under its own name,
 * and its --help. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_VOICE_H
#define TROTH_CLI_VOICE_H

#include "cli/options.h"

/* "NAME: KINDTEXT", with nothing in it that moves a terminal; KIND is "" or "error: ". In
 * one write, as other processes write to the same place. */
void troth_voice_say(const char *name, const char *kind, const char *text);

/* "NAME: error: …", and a hint where there is one. */
void troth_voice_complain(const char *name, const struct troth_problem *problem);

/* On standard output: how it is used, its options, and what else there is to say. */
void troth_voice_help(const char *usage, const struct troth_option *options,
                      const char *notes, const char *example);

#endif
