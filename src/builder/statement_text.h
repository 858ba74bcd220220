/* statement_text.h - what the documents beside an image are written with. For
 * statements.c and sbom.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_STATEMENT_TEXT_H
#define TROTH_BUILDER_STATEMENT_TEXT_H

#include <stdbool.h>

#include "builder/build.h"
#include "codec/json_writer.h"

struct troth_statement {
    const struct troth_build_file *file;
    const struct troth_build_result *result;
};

/* Names of ours that nobody can take: ".invalid" is reserved. [RFC2606] 2 */
#define TROTH_STATEMENT_BASE "https://troth.invalid"

/*
 * troth_statement_render - what `body` writes, in as much memory as that takes, and a
 * line end. It is called again with more room where there was too little.
 *
 * Errors   false: no memory
 */
TROTH_MUST_USE bool troth_statement_render(
    uint8_t **out, size_t *out_len,
    void (*body)(struct troth_json_writer *w, const struct troth_statement *statement),
    const struct troth_statement *statement);

void troth_statement_put_text(struct troth_json_writer *w, const char *key,
                              const char *value);
void troth_statement_put_hex(struct troth_json_writer *w, const char *key,
                             struct troth_span value);

/* "NAME.eif" */
void troth_statement_put_image(struct troth_json_writer *w, const char *key,
                               const struct troth_statement *statement);

/* A Debian package's URL: "pkg:deb/debian/NAME@VERSION?arch=…". [PURL] */
void troth_statement_put_purl(struct troth_json_writer *w, const char *key,
                              const struct troth_input *package);

#endif
