/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/statement_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/span.h"

/* Enough for what is there once, and for an input with a name of usual length: what is
 * not written to takes no memory, and writing all of it once more takes time. */
#define FIRST_ROOM ((size_t)64 * 1024)
#define INPUT_ROOM ((size_t)1024)
/* More inputs than a lock file holds do not fill that. */
#define MOST_ROOM  ((size_t)1024 * 1024 * 1024)

bool troth_statement_render(uint8_t **out, size_t *out_len,
                            void (*body)(struct troth_json_writer *w,
                                         const struct troth_statement *statement),
                            const struct troth_statement *statement)
{
    const size_t first = FIRST_ROOM + INPUT_ROOM * statement->result->inputs.count;

    for (size_t room = first; room <= MOST_ROOM; room *= 2) {
        uint8_t *text = malloc(room);
        struct troth_writer writer = troth_writer_over(text, text ? room : 0);
        struct troth_json_writer w = troth_json_writer_over(&writer, true);

        if (!text)
            break;
        body(&w, statement);
        troth_write_text(&writer, "\n");
        if (!writer.full) {
            *out = text;
            *out_len = writer.len;
            return true;
        }
        free(text);
    }
    *out = NULL;
    *out_len = 0;
    return false;
}

void troth_statement_put_text(struct troth_json_writer *w, const char *key,
                              const char *value)
{
    troth_json_write_key(w, key);
    troth_json_write_text(w, value);
}

void troth_statement_put_hex(struct troth_json_writer *w, const char *key,
                             struct troth_span value)
{
    troth_json_write_key(w, key);
    troth_json_write_hex(w, value);
}

void troth_statement_put_image(struct troth_json_writer *w, const char *key,
                               const struct troth_statement *statement)
{
    char name[512];

    (void)snprintf(name, sizeof name, "%s.eif", statement->file->name);
    troth_statement_put_text(w, key, name);
}

/* What may stand in a package URL as it is; Debian's names and versions have little else.
 */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '-' || c == '_' || c == '~';
}

static void write_escaped(struct troth_writer *w, const char *text)
{
    for (; *text; text++) {
        const uint8_t byte = (uint8_t)*text;

        if (is_plain(*text)) {
            troth_write_u8(w, byte);
            continue;
        }
        troth_write_u8(w, '%');
        troth_write_u8(w, (uint8_t) "0123456789ABCDEF"[byte >> 4]);
        troth_write_u8(w, (uint8_t) "0123456789ABCDEF"[byte & 15]);
    }
}

void troth_statement_put_purl(struct troth_json_writer *w, const char *key,
                              const struct troth_input *package)
{
    uint8_t text[2048];
    struct troth_writer purl = troth_writer_over(text, sizeof text);

    troth_write_text(&purl, "pkg:deb/debian/");
    write_escaped(&purl, package->name);
    troth_write_text(&purl, "@");
    write_escaped(&purl, package->version ? package->version : "");
    troth_write_text(&purl, "?arch=");
    write_escaped(&purl, package->architecture ? package->architecture : "");
    troth_json_write_key(w, key);
    troth_json_write_string(w, troth_writer_span(&purl));
}
