/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/package_path.h"

#include <string.h>

#include "base/span.h"

static const struct {
    const char *name;
    bool always;
} folders[] = {
    {"bin", true},    {"sbin", true},    {"lib", true},     {"lib32", false},
    {"lib64", false}, {"libo32", false}, {"libx32", false},
};

const char *troth_package_folder(size_t i, bool *out_always)
{
    const bool there = i < sizeof(folders) / sizeof(folders[0]);

    *out_always = there && folders[i].always;
    return there ? folders[i].name : NULL;
}

static bool is_moved(struct troth_span name)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (troth_span_is_text(name, folders[i].name))
            return true;
    return false;
}

struct troth_span troth_package_path(uint8_t *out, size_t size,
                                     enum troth_entry_kind kind, struct troth_span path)
{
    const struct troth_span usr = TROTH_LITERAL("usr/");
    struct troth_span rest = path;
    const struct troth_span first = troth_span_next_item(&rest, '/');

    if (!is_moved(first) || (first.len == path.len && kind == TROTH_ENTRY_SYMLINK))
        return path;
    if (path.len > size || usr.len > size - path.len)
        return (struct troth_span){NULL, 0};
    memcpy(out, usr.ptr, usr.len);
    memcpy(out + usr.len, path.ptr, path.len);
    return (struct troth_span){out, usr.len + path.len};
}
