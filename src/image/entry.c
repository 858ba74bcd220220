/* SPDX-License-Identifier: Apache-2.0 */
#include "image/entry.h"

#include "base/memory.h"
#include "base/span.h"

/* Of one component, as Linux has it. */
enum { NAME_MAX_BYTES = 255 };

static bool is_control(uint8_t byte)
{
    return byte < 0x20 || byte == 0x7f;
}

static bool has_control(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_control(text.ptr[i]))
            return true;
    return false;
}

static bool is_dots(struct troth_span name)
{
    return troth_span_is_text(name, ".") || troth_span_is_text(name, "..");
}

bool troth_entry_path_is_plain(struct troth_span path)
{
    if (path.len == 0)
        return true;
    if (path.len > TROTH_ENTRY_PATH_MAX || path.ptr[path.len - 1] == '/' ||
        has_control(path))
        return false;

    while (path.len) {
        const struct troth_span name = troth_span_next_item(&path, '/');

        if (name.len == 0 || name.len > NAME_MAX_BYTES || is_dots(name))
            return false;
    }
    return true;
}

enum troth_err troth_entry_path_clean(uint8_t *out, size_t *out_len,
                                      struct troth_span path)
{
    size_t len = 0;

    *out_len = 0;
    if (has_control(path))
        return TROTH_ERR_VALUE;
    while (path.len) {
        const struct troth_span name = troth_span_next_item(&path, '/');

        if (name.len == 0 || troth_span_is_text(name, "."))
            continue;
        if (is_dots(name))
            return TROTH_ERR_VALUE;
        if (name.len > NAME_MAX_BYTES || name.len >= TROTH_ENTRY_PATH_MAX - len)
            return TROTH_ERR_LIMIT;
        if (len)
            out[len++] = '/';
        /* Never behind where it is read from, so that a path may be cleaned in place. */
        memmove(out + len, name.ptr, name.len);
        len += name.len;
    }
    *out_len = len;
    return TROTH_OK;
}

const char *troth_entry_kind_name(enum troth_entry_kind kind)
{
    switch (kind) {
    case TROTH_ENTRY_NONE:
        break;
    case TROTH_ENTRY_FILE:
        return "file";
    case TROTH_ENTRY_FOLDER:
        return "folder";
    case TROTH_ENTRY_SYMLINK:
        return "symbolic link";
    case TROTH_ENTRY_HARD_LINK:
        return "hard link";
    case TROTH_ENTRY_DEVICE:
        return "device";
    case TROTH_ENTRY_PIPE:
        return "named pipe";
    case TROTH_ENTRY_SOCKET:
        return "socket";
    }
    return "nothing";
}
