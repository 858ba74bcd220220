/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sources.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "builder/file_resolve.h"
#include "builder/package_path.h"
#include "builder/spool.h"
#include "builder/unpack.h"
#include "image/oci.h"
#include "image/tar.h"

enum { PIECE = 64 * 1024 };

struct unpacking {
    struct troth_file_tree *tree;
    struct troth_build_problem *problem;
    struct troth_spool *spool;
    const struct troth_tar_input *input;
    struct troth_unpack *stream;
    size_t row;
    struct troth_tar tar;
    struct troth_resolved path,
        target; /* of the present entry, as they are in the tree */
    uint8_t piece[PIECE];
};

static bool fail(const struct unpacking *all, const char *text)
{
    return troth_build_fail_at(all->problem, all->tar.entry.path, "%s", text);
}

static bool fail_stream(const struct unpacking *all, const char *text)
{
    return troth_build_fail(all->problem, all->input->name, "%s", text);
}

static bool fail_tar(const struct unpacking *all, const struct troth_fault *fault)
{
    return troth_build_fail(all->problem, all->input->name,
                            "is no archive that can be read: %s, in %s at byte %" PRIu64,
                            troth_err_text(fault->err), fault->field,
                            (uint64_t)fault->offset);
}

/* The bytes of the entry, up to where the next header begins, and into the spool. */
static bool take_content(struct unpacking *all, struct troth_content *out)
{
    const uint64_t size = all->tar.entry.size;
    const uint64_t padded = size + (-size & (TROTH_TAR_BLOCK - 1));

    *out = (struct troth_content){.descriptor = troth_spool_descriptor(all->spool),
                                  .offset = troth_spool_end(all->spool)};
    for (uint64_t done = 0; done < padded; done += sizeof(all->piece)) {
        const size_t part = padded - done < sizeof(all->piece) ? (size_t)(padded - done)
                                                               : sizeof(all->piece);
        const size_t kept = size - done < part ? (size_t)(size - done) : part;
        size_t got;

        if (!troth_unpack_read(all->stream, all->problem, all->piece, part, &got))
            return false;
        if (got < part)
            return fail_stream(all, "ends in the middle of a file");
        if (!troth_spool_write(all->spool, all->problem,
                               (struct troth_span){all->piece, kept}))
            return false;
    }
    troth_tar_skip(&all->tar);
    return true;
}

static bool fail_links(const struct unpacking *all)
{
    return fail(all, "lies below links that lead in a circle, or too far");
}

/* A path of the archive as it is in the tree. */
static bool place(struct unpacking *all, struct troth_resolved *out,
                  enum troth_entry_kind kind, struct troth_span path)
{
    uint8_t moved[TROTH_ENTRY_PATH_MAX];

    if (all->input->manner == TROTH_TAR_PACKAGE) {
        path = troth_package_path(moved, sizeof(moved), kind, path);
        if (!path.ptr)
            return fail(all, "has too long a path, where it is to go");
    }
    if (!troth_file_resolve(out, all->tree, path))
        return true;
    return fail_links(all);
}

static struct troth_span span_of(const struct troth_resolved *resolved)
{
    return (struct troth_span){resolved->path, resolved->len};
}

/* What a layer's whiteout says; `out_done` where it was one. */
static bool take_whiteout(struct unpacking *all, bool *out_done)
{
    const struct troth_entry *const entry = &all->tar.entry;
    struct troth_span folder, name;
    const enum troth_oci_name kind = troth_oci_name(&folder, &name, entry->path);

    *out_done = kind != TROTH_OCI_NAME_PLAIN;
    if (kind == TROTH_OCI_NAME_PLAIN)
        return true;
    if (kind == TROTH_OCI_NAME_BAD)
        return fail(all, "has a name that layers keep for themselves");
    if (entry->kind != TROTH_ENTRY_FILE || entry->size)
        return fail(all, "is a whiteout, but no empty file");
    if (troth_file_resolve_in(&all->path, all->tree, folder, name))
        return fail_links(all);
    if (kind == TROTH_OCI_NAME_REMOVES)
        troth_file_tree_hide(all->tree, span_of(&all->path));
    else
        troth_file_tree_hide_below(all->tree, span_of(&all->path));
    return true;
}

/* The entry as the tree wants it. A hard link to a symbolic one is another such. */
static bool take_target(struct unpacking *all, struct troth_entry *entry)
{
    const struct troth_tree_entry *other;

    if (entry->kind != TROTH_ENTRY_HARD_LINK)
        return true;
    if (!place(all, &all->target, TROTH_ENTRY_FILE, entry->target))
        return false;
    entry->target = span_of(&all->target);
    other = troth_file_tree_find(all->tree, entry->target);
    if (other && other->entry.kind == TROTH_ENTRY_SYMLINK) {
        const struct troth_span path = entry->path;

        *entry = other->entry;
        entry->path = path;
    }
    return true;
}

/* Debian's packages may go through a link that another one has made of a folder. */
static bool is_folder_on_link(const struct unpacking *all,
                              const struct troth_entry *entry)
{
    const struct troth_tree_entry *const there = troth_file_tree_find(all->tree,
                                                                      entry->path);

    return all->input->manner == TROTH_TAR_PACKAGE && entry->kind == TROTH_ENTRY_FOLDER &&
           there && there->entry.kind == TROTH_ENTRY_SYMLINK;
}

static bool take_entry(struct unpacking *all)
{
    const bool is_layer = all->input->manner == TROTH_TAR_LAYER;
    struct troth_entry entry = all->tar.entry;
    struct troth_content content = {.descriptor = -1};
    bool done = false;

    if (all->tar.grants_rights)
        return fail(all, "carries the attribute security.capability, which an image "
                         "cannot hold");
    if (is_layer && !take_whiteout(all, &done))
        return false;
    if (done || entry.path.len == 0)
        return true;
    if (!place(all, &all->path, entry.kind, entry.path))
        return false;
    entry.path = span_of(&all->path);
    if (is_folder_on_link(all, &entry))
        return true;
    if (!take_target(all, &entry))
        return false;
    if (entry.kind == TROTH_ENTRY_FILE && !take_content(all, &content))
        return false;
    return troth_file_tree_add(all->tree, all->problem, &entry, &content, all->row,
                               is_layer ? TROTH_TREE_LAYER : TROTH_TREE_REFUSE);
}

/* One block after another, and what belongs to it. */
static bool take_blocks(struct unpacking *all)
{
    enum troth_tar_step step = TROTH_TAR_MORE;
    struct troth_fault fault;
    size_t got;

    while (step != TROTH_TAR_END) {
        if (!troth_unpack_read(all->stream, all->problem, all->piece, TROTH_TAR_BLOCK,
                               &got))
            return false;
        if (got < TROTH_TAR_BLOCK)
            return fail_stream(all, "ends before the archive does");
        if (troth_tar_feed(&all->tar, &step, &fault, all->piece))
            return fail_tar(all, &fault);
        if (step == TROTH_TAR_ENTRY && !take_entry(all)) {
            troth_build_hint(all->problem, "it comes from %s", all->input->name);
            return false;
        }
    }
    /* The digest is of everything, and whoever writes must not be left waiting. */
    do {
        if (!troth_unpack_read(all->stream, all->problem, all->piece, sizeof(all->piece),
                               &got))
            return false;
    } while (got);
    return true;
}

bool troth_source_tar(struct troth_file_tree *tree, struct troth_build_problem *problem,
                      struct troth_spool *spool, const struct troth_tar_input *input,
                      size_t row)
{
    struct unpacking *const all = calloc(1, sizeof(*all));
    bool good;

    if (!all)
        return troth_build_fail(problem, input->name,
                                "cannot be unpacked: out of memory");
    all->tree = tree;
    all->problem = problem;
    all->spool = spool;
    all->input = input;
    all->row = row;
    if (input->manner == TROTH_TAR_LAYER)
        troth_file_tree_begin_layer(tree);
    good = troth_unpack_create(&all->stream, problem, input) && take_blocks(all) &&
           troth_spool_flush(spool, problem) &&
           (!input->out_sha256 ||
            troth_unpack_digest(all->stream, problem, input->out_sha256));
    troth_unpack_destroy(all->stream);
    free(all);
    if (!good && input->out_sha256)
        memset(input->out_sha256, 0, 32);
    return good;
}
