/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/yaml_bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/vectors/cut.h"

/* The indented lines of a block: a literal one keeps its line ends, a folded one here is
 * one word. */
static void copy_block(FILE *out, char **rest, int is_literal)
{
    (void)fputc('"', out);
    while (*rest && **rest == ' ') {
        const char *line = cut_at(rest, '\n');

        (void)fprintf(out, "%s%s", line + strspn(line, " "), is_literal ? "\\n" : "");
    }
    (void)fputc('"', out);
}

struct troth_span yaml_bundle_to_json(struct troth_span yaml)
{
    char *copy = strndup((const char *)yaml.ptr, yaml.len), *rest = copy, *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    const char *comma = "{";

    if (!copy || !out)
        abort();
    while (rest && *rest) {
        char *value = cut_at(&rest, '\n');
        const char *key = cut_at(&value, ':');

        if (!value)
            continue;
        (void)fprintf(out, "%s\"%s\":", comma, key);
        comma = ",";
        if (value[1] == '|' || value[1] == '>')
            copy_block(out, &rest, value[1] == '|');
        else
            (void)fputs(value, out);
    }
    (void)fputc('}', out);
    (void)fclose(out);
    free(copy);
    return (struct troth_span){(const uint8_t *)text, len};
}
