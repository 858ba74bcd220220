/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/oci_layout.h"

/* Indexes that lead to another: what builders write has one such step. */
enum { INDEXES_MAX = 4, SHA256_SIZE = 32 };

struct reading {
    struct troth_oci_layout layout;
    struct troth_file_tree *tree;
    struct troth_spool *spool;
    struct troth_oci_wanted wanted;
    size_t row;
    struct troth_oci_manifest manifest;
    uint8_t digests[TROTH_OCI_LAYERS_MAX][32]; /* of the layers once unpacked */
    size_t digest_count;
    struct troth_arena arena;
    uint8_t memory[TROTH_OCI_ARENA_SIZE];
};

static bool fail_document(const struct reading *all, const char *path,
                          const struct troth_fault *fault)
{
    char subject[512];

    (void)snprintf(subject, sizeof(subject), "%s/%s", all->layout.name, path);
    return troth_build_fail(all->layout.problem, subject, "%s: %s",
                            fault->field ? fault->field : "document",
                            troth_err_text(fault->err));
}

static bool check_layout(struct reading *all)
{
    struct troth_fault fault;
    struct troth_file file;
    enum troth_err err;

    if (!troth_oci_layout_read(&file, &all->layout, "oci-layout"))
        return false;
    err = troth_oci_layout_check(&fault, (struct troth_span){file.bytes, file.len},
                                 &all->arena);
    troth_file_release(&file);
    return err ? fail_document(all, "oci-layout", &fault) : true;
}

/* What one index says; `found` is what it was itself found as, NULL for the first. */
static bool search(struct reading *all, struct troth_oci_blob *found, bool *out_index,
                   bool is_first)
{
    char path[TROTH_OCI_BLOB_PATH_SIZE] = "index.json";
    struct troth_oci_wanted wanted = all->wanted;
    struct troth_fault fault;
    struct troth_file file;
    enum troth_err err;

    if (!is_first)
        troth_oci_layout_blob_path(path, found);
    if (!(is_first ? troth_oci_layout_read(&file, &all->layout, path)
                   : troth_oci_layout_document(&file, &all->layout, found)))
        return false;
    /* Names stand in the first index alone. */
    if (!is_first)
        wanted.reference = (struct troth_span){NULL, 0};
    err = troth_oci_index_find(found, out_index, &fault,
                               (struct troth_span){file.bytes, file.len}, &wanted,
                               &all->arena);
    troth_file_release(&file);
    if (err == TROTH_ERR_MISSING)
        return troth_oci_layout_fail(&all->layout, path,
                                     is_first && all->wanted.reference.len
                                         ? "has no image of this name and architecture"
                                         : "has no image for this architecture");
    if (err == TROTH_ERR_DUPLICATE && fault.field &&
        strcmp(fault.field, "oci.manifests") == 0) {
        (void)troth_oci_layout_fail(&all->layout, path, "has several images");
        troth_build_hint(all->layout.problem, "say which by `reference: NAME`");
        return false;
    }
    return err ? fail_document(all, path, &fault) : true;
}

static bool find_manifest(struct reading *all, struct troth_oci_blob *out)
{
    bool is_index = true;

    for (unsigned i = 0; i < INDEXES_MAX && is_index; i++)
        if (!search(all, out, &is_index, i == 0))
            return false;
    return is_index ? troth_oci_layout_fail(&all->layout, "index.json",
                                            "leads to too many other indexes")
                    : true;
}

static bool read_manifest(struct reading *all, const struct troth_oci_blob *blob)
{
    char path[TROTH_OCI_BLOB_PATH_SIZE];
    struct troth_fault fault;
    struct troth_file file;
    enum troth_err err;

    troth_oci_layout_blob_path(path, blob);
    if (!troth_oci_layout_document(&file, &all->layout, blob))
        return false;
    err = troth_oci_manifest_read(&all->manifest, &fault,
                                  (struct troth_span){file.bytes, file.len}, &all->arena);
    troth_file_release(&file);
    return err ? fail_document(all, path, &fault) : true;
}

static bool read_config(struct reading *all)
{
    char path[TROTH_OCI_BLOB_PATH_SIZE];
    struct troth_fault fault;
    struct troth_file file;
    enum troth_err err;

    troth_oci_layout_blob_path(path, &all->manifest.config);
    if (!troth_oci_layout_document(&file, &all->layout, &all->manifest.config))
        return false;
    err = troth_oci_config_read(all->digests, &all->digest_count, &fault,
                                (struct troth_span){file.bytes, file.len},
                                all->wanted.architecture, &all->arena);
    troth_file_release(&file);
    if (err)
        return fail_document(all, path, &fault);
    return all->digest_count == all->manifest.count ||
           troth_oci_layout_fail(&all->layout, path,
                                 "has not as many layers as the manifest");
}

static bool read_layer(struct reading *all, size_t i)
{
    const struct troth_oci_blob *const blob = &all->manifest.layers[i];
    char path[TROTH_OCI_BLOB_PATH_SIZE];
    uint8_t digest[32];
    int file;
    bool good;

    troth_oci_layout_blob_path(path, blob);
    if (!troth_oci_layout_open(&file, &all->layout, blob))
        return false;

    const struct troth_tar_input input = {.name = path,
                                          .input = file,
                                          .packing = (int)blob->packing,
                                          .manner = TROTH_TAR_LAYER,
                                          .max = TROTH_SOURCE_UNPACKED_MAX,
                                          .out_sha256 = digest};

    good = troth_source_tar(all->tree, all->layout.problem, all->spool, &input, all->row);
    (void)close(file);
    return good &&
           (troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(digest),
                             (struct troth_span)TROTH_ARRAY_SPAN(all->digests[i])) ||
            troth_oci_layout_fail(&all->layout, path,
                                  "is not, once unpacked, what the image's "
                                  "configuration says"));
}

static bool read_image(struct reading *all, uint8_t *out_sha256)
{
    struct troth_oci_blob manifest;

    if (!check_layout(all) || !find_manifest(all, &manifest) ||
        !read_manifest(all, &manifest) || !read_config(all))
        return false;
    for (size_t i = 0; i < all->manifest.count; i++)
        if (!read_layer(all, i))
            return false;
    memcpy(out_sha256, manifest.sha256, sizeof(manifest.sha256));
    return true;
}

bool troth_source_oci(struct troth_file_tree *tree, struct troth_build_problem *problem,
                      struct troth_spool *spool, const struct troth_oci_input *input,
                      size_t row)
{
    struct reading *const all = malloc(sizeof(*all));
    bool good;

    memset(input->out_sha256, 0, SHA256_SIZE);
    if (!all)
        return troth_build_fail(problem, input->name, "cannot be read: out of memory");
    all->layout = (struct troth_oci_layout){problem, input->name, input->layout};
    all->tree = tree;
    all->spool = spool;
    all->wanted = (struct troth_oci_wanted){
        .reference = troth_span_of_text(input->reference),
        .architecture = troth_span_of_text(input->aarch64 ? "arm64" : "amd64")};
    all->row = row;
    all->arena = TROTH_ARENA_OVER(all->memory);
    good = read_image(all, input->out_sha256);
    free(all);
    return good;
}
