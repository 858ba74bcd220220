/* image_json.h - JSON of any length on standard output, as the commands of images print
 * it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_JSON_H
#define TROTH_CLI_IMAGE_JSON_H

#include "cli/problem.h"
#include "codec/json_writer.h"

typedef void troth_image_json_body(struct troth_json_writer *w, const void *state);

/* What `body` writes, which may be called again with more room; false with a problem. */
bool troth_image_json_print(struct troth_problem *problem, troth_image_json_body *body,
                            const void *state);

/* A member: a text or null, a number. */
void troth_image_json_text(struct troth_json_writer *w, const char *key,
                           const char *text);
void troth_image_json_span(struct troth_json_writer *w, const char *key,
                           struct troth_span text);
void troth_image_json_number(struct troth_json_writer *w, const char *key,
                             uint64_t number);
void troth_image_json_bool(struct troth_json_writer *w, const char *key, bool value);
/* Null where it is empty. */
void troth_image_json_hex(struct troth_json_writer *w, const char *key,
                          struct troth_span bytes);

#endif
