/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

enum { ROWS_MAX = 2000, TEXT_ROOM = 4096, TEXTS = 32 };

static struct {
    struct troth_span rows[ROWS_MAX]; /* [0] is the heading */
    size_t count;
    char texts[TEXTS][TEXT_ROOM]; /* handed out in turn */
    size_t next_text;
    char files[ROWS_MAX][128];
} manifest;

static struct troth_span cut(struct troth_span *rest, char mark)
{
    const uint8_t *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
    size_t len = at ? (size_t)(at - rest->ptr) : rest->len;
    struct troth_span before = {rest->ptr, len};

    len += at != NULL;
    *rest = (struct troth_span){rest->ptr + len, rest->len - len};
    return before;
}

static struct troth_span value_at(struct troth_span row, size_t column)
{
    struct troth_span value = cut(&row, '\t');

    while (column-- > 0)
        value = cut(&row, '\t');
    return value;
}

static bool is_text(struct troth_span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.ptr, text, span.len) == 0;
}

static void load(void)
{
    struct troth_span text;

    if (manifest.count)
        return;
    text = test_vector("MANIFEST.tsv");
    while (text.len && manifest.count < ROWS_MAX) {
        struct troth_span row = cut(&text, '\n'), file = value_at(row, 0);

        (void)snprintf(manifest.files[manifest.count], sizeof manifest.files[0], "%.*s",
                       (int)file.len, (const char *)file.ptr);
        manifest.rows[manifest.count++] = row;
    }
}

struct troth_span manifest_value(const char *file, const char *column)
{
    size_t number = 0;

    load();
    if (!manifest.count)
        return (struct troth_span){NULL, 0};
    while (!is_text(value_at(manifest.rows[0], number), column))
        if (++number > 32)
            abort();
    for (size_t i = 1; i < manifest.count; i++)
        if (strcmp(manifest.files[i], file) == 0)
            return value_at(manifest.rows[i], number);
    return (struct troth_span){NULL, 0};
}

const char *manifest_text(const char *file, const char *column)
{
    struct troth_span value = manifest_value(file, column);
    char *text = manifest.texts[manifest.next_text++ % TEXTS];

    (void)snprintf(text, TEXT_ROOM, "%.*s", (int)value.len,
                   value.len ? (const char *)value.ptr : "");
    return text;
}

long long manifest_number(const char *file, const char *column)
{
    const char *text = manifest_text(file, column);

    return *text ? strtoll(text, NULL, 10) : -1;
}

bool manifest_says(const char *file, const char *column, const char *text)
{
    return strstr(manifest_text(file, column), text) != NULL;
}

const char *manifest_checked(const char *file, const char *label)
{
    char *text = manifest.texts[manifest.next_text++ % TEXTS];
    struct troth_span rest = manifest_value(file, "independent_check");
    size_t len = strlen(label);

    text[0] = 0;
    while (rest.len) {
        struct troth_span word = cut(&rest, ' ');

        if (word.len > len && memcmp(word.ptr, label, len) == 0 && word.ptr[len] == '=')
            (void)snprintf(text, TEXT_ROOM, "%.*s", (int)(word.len - len - 1),
                           (const char *)word.ptr + len + 1);
    }
    return text;
}

const char *manifest_file(size_t n)
{
    load();
    return n + 1 < manifest.count ? manifest.files[n + 1] : NULL;
}
