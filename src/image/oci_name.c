/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "image/oci.h"

#define MARK   ".wh."
#define OPAQUE ".wh..wh..opq"

static bool is_marked(struct troth_span name)
{
    return troth_span_starts_with(name, TROTH_LITERAL(MARK));
}

static bool is_dots(struct troth_span name)
{
    return troth_span_is_text(name, ".") || troth_span_is_text(name, "..");
}

/* Where the last component begins. */
static size_t name_start(struct troth_span path)
{
    size_t start = path.len;

    while (start && path.ptr[start - 1] != '/')
        start--;
    return start;
}

static enum troth_oci_name meaning(struct troth_span folder, struct troth_span name)
{
    const struct troth_span meant = troth_span_slice(name, sizeof(MARK) - 1, name.len);

    while (folder.len)
        if (is_marked(troth_span_next_item(&folder, '/')))
            return TROTH_OCI_NAME_BAD;
    if (!is_marked(name))
        return TROTH_OCI_NAME_PLAIN;
    if (troth_span_is_text(name, OPAQUE))
        return TROTH_OCI_NAME_OPAQUE;
    /* Twice is what a union file system of old kept for itself. */
    if (meant.len == 0 || is_dots(meant) || is_marked(meant))
        return TROTH_OCI_NAME_BAD;
    return TROTH_OCI_NAME_REMOVES;
}

enum troth_oci_name troth_oci_name(struct troth_span *out_folder,
                                   struct troth_span *out_name, struct troth_span path)
{
    const size_t start = name_start(path);
    const struct troth_span none = {NULL, 0};
    const struct troth_span folder = troth_span_slice(path, 0, start ? start - 1 : 0);
    const struct troth_span name = troth_span_slice(path, start, path.len);
    const enum troth_oci_name kind = meaning(folder, name);

    *out_folder = kind == TROTH_OCI_NAME_BAD ? none : folder;
    *out_name = name;
    if (kind == TROTH_OCI_NAME_REMOVES)
        *out_name = troth_span_slice(name, sizeof(MARK) - 1, name.len);
    else if (kind != TROTH_OCI_NAME_PLAIN)
        *out_name = none;
    return kind;
}
