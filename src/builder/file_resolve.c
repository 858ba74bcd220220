/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_resolve.h"

#include <string.h>

#include "base/span.h"

enum { WAY_MAX = 4096 };

/* What is still to be gone, at the end of the buffer, so that a link's target can be put
 * before it. */
struct way {
    uint8_t bytes[WAY_MAX];
    size_t start;
    unsigned links, steps;
};

static bool put_before(struct way *way, struct troth_span text)
{
    if (text.len + 1 > way->start)
        return false;
    way->bytes[--way->start] = '/';
    way->start -= text.len;
    memcpy(way->bytes + way->start, text.ptr, text.len);
    return true;
}

static struct troth_span next_name(struct way *way)
{
    struct troth_span rest = {way->bytes + way->start, sizeof(way->bytes) - way->start};
    const struct troth_span name = troth_span_next_item(&rest, '/');

    way->start += name.len + (way->start + name.len < sizeof(way->bytes));
    return name;
}

static void step_up(struct troth_resolved *out)
{
    while (out->len && out->path[out->len - 1] != '/')
        out->len--;
    if (out->len)
        out->len--;
}

static bool step_down(struct troth_resolved *out, struct troth_span name)
{
    const size_t slash = out->len > 0;

    if (name.len + slash > sizeof(out->path) - out->len)
        return false;
    if (slash)
        out->path[out->len++] = '/';
    memcpy(out->path + out->len, name.ptr, name.len);
    out->len += name.len;
    return true;
}

/* Down, and if that is a link, to where it leads. */
static bool follow(struct troth_resolved *out, const struct troth_file_tree *tree,
                   struct way *way, struct troth_span name)
{
    const struct troth_tree_entry *there;
    struct troth_span target;

    if (++way->steps > TROTH_FILE_RESOLVE_STEPS || !step_down(out, name))
        return false;
    there = troth_file_tree_find(tree, (struct troth_span){out->path, out->len});
    if (!there || there->entry.kind != TROTH_ENTRY_SYMLINK)
        return true;
    target = there->entry.target;
    step_up(out);
    if (target.ptr[0] == '/')
        out->len = 0;
    return ++way->links <= TROTH_FILE_RESOLVE_LINKS && put_before(way, target);
}

enum troth_err troth_file_resolve_in(struct troth_resolved *out,
                                     const struct troth_file_tree *tree,
                                     struct troth_span folder, struct troth_span name)
{
    struct way way = {.start = WAY_MAX, .links = 0, .steps = 0};
    bool good = folder.len == 0 || put_before(&way, folder);

    out->len = 0;
    while (good && way.start < sizeof(way.bytes)) {
        const struct troth_span part = next_name(&way);

        if (troth_span_is_text(part, ".."))
            step_up(out);
        else if (part.len && !troth_span_is_text(part, "."))
            good = follow(out, tree, &way, part);
    }
    good = good && (name.len == 0 || step_down(out, name));
    if (!good)
        out->len = 0;
    return good ? TROTH_OK : TROTH_ERR_LIMIT;
}

enum troth_err troth_file_resolve(struct troth_resolved *out,
                                  const struct troth_file_tree *tree,
                                  struct troth_span path)
{
    size_t start = path.len;

    while (start && path.ptr[start - 1] != '/')
        start--;
    return troth_file_resolve_in(out, tree,
                                 troth_span_slice(path, 0, start ? start - 1 : 0),
                                 troth_span_slice(path, start, path.len));
}
