/* log_page.h - how the verbs of a log lay out what they print. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_PAGE_H
#define TROTH_CLI_LOG_PAGE_H

#include "cli/page.h"
#include "cli/problem.h"
#include "codec/json_writer.h"

/* "label      …": what follows is the caller's. Labels are cut, as they may be others'.
 */
void troth_log_page_begin(struct troth_page *page, const char *label);

/* A whole line of it. */
void troth_log_page_text(struct troth_page *page, const char *label, const char *text);
void troth_log_page_span(struct troth_page *page, const char *label,
                         struct troth_span text);
void troth_log_page_hex(struct troth_page *page, const char *label,
                        struct troth_span bytes);
void troth_log_page_number(struct troth_page *page, const char *label, uint64_t number);

/* An object on standard output, its members written by `body`, which may be called again
 * with more room; false with a problem. */
bool troth_log_json_print(struct troth_problem *problem,
                          void (*body)(struct troth_json_writer *w, const void *state),
                          const void *state);

/* Members whose value is base64; a value that is JSON already, and known to be. */
void troth_log_json_base64(struct troth_json_writer *w, const char *key,
                           struct troth_span bytes);
void troth_log_json_raw(struct troth_json_writer *w, const char *key,
                        struct troth_span json);

#endif
