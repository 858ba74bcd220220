/* SPDX-License-Identifier: Apache-2.0 */
#include "test/channel/vectors_file.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"

json_t *vectors_load(void)
{
    json_error_t why;
    json_t *all = json_load_file(TROTH_SOURCE_DIR "/docs/protocol-vectors.json",
                                 JSON_REJECT_DUPLICATES, &why);

    if (!all)
        printf("Bail out! %s\n", why.text);
    return all;
}

const char *vectors_text(const json_t *from, const char *name)
{
    const char *text = json_string_value(json_object_get(from, name));

    return text ? text : "";
}

struct troth_span vectors_hex(const json_t *from, const char *name)
{
    return test_hex(vectors_text(from, name));
}

long long vectors_number(const json_t *from, const char *name)
{
    return json_integer_value(json_object_get(from, name));
}

enum troth_role vectors_role(const json_t *from, const char *name)
{
    return strcmp(vectors_text(from, name), "client") ? TROTH_SERVER : TROTH_CLIENT;
}

enum troth_level vectors_level(const char *name)
{
    for (int level = 0; level < TROTH_LEVEL_COUNT; level++)
        if (!strcmp(troth_level_name((enum troth_level)level), name))
            return (enum troth_level)level;
    FAIL(name);
    return TROTH_LEVEL_NONE;
}

struct troth_span vectors_exporter(const json_t *connection, struct troth_span context)
{
    const json_t *all = json_object_get(connection, "exporters"), *one;
    size_t i;

    json_array_foreach(all, i, one)
    {
        if (troth_span_equal(vectors_hex(one, "context"), context))
            return vectors_hex(one, "value");
    }
    return (struct troth_span){NULL, 0};
}
