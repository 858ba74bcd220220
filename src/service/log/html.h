/* html.h - text from anybody, put into a page. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_HTML_H
#define TROTH_SERVICE_LOG_HTML_H

#include "base/writer.h"

/*
 * Text for between two tags or between double quotes. Its control characters, those that
 * turn text around or are not seen, and what is no UTF-8 become U+FFFD; so nothing in it
 * can look like something else.
 */
void troth_html_text(struct troth_writer *w, struct troth_span text);

/* The same of at most `most` bytes of it, with an ellipsis where it was longer. */
void troth_html_brief(struct troth_writer *w, struct troth_span text, size_t most);

/* "12,345". */
void troth_html_count(struct troth_writer *w, uint64_t count);

/* "1 second", "2 days": how long that is, about. */
void troth_html_duration(struct troth_writer *w, int64_t seconds);

/* A <time>, its text "2026-05-01 00:00:00 UTC". */
void troth_html_time(struct troth_writer *w, int64_t time_s);

#endif
