/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "builder/build_keys.h"

#define PROGRAMS "usr/bin/"

/* Where troth-init puts Troth's own programs in the image. */
#define OWN_FOLDER "troth"

/* clang-format off */
/* The keys that say what a row of `rootfs` is; one of them stands in each. */
static const struct {
    const char *name;
    enum troth_build_layer_kind kind;
    bool takes_at;
} kinds[] = {
    {"directory", TROTH_LAYER_FOLDER,   true},
    {"oci",       TROTH_LAYER_OCI,      true},
    {"program",   TROTH_LAYER_PROGRAM,  true},
    {"packages",  TROTH_LAYER_PACKAGES, false}, /* they know where they belong */
    {"compiled",  TROTH_LAYER_COMPILED, true},
};
/* clang-format on */

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The one key that says what a row is. */
static bool read_kind(struct troth_build_reading *r, struct troth_build_layer *layer,
                      const struct troth_tree_node *node, bool *takes_at)
{
    const struct troth_tree_node *first = NULL;

    for (size_t i = 0; i < KINDS; i++) {
        const struct troth_tree_node *n = troth_tree_find(node, kinds[i].name);

        if (n && first)
            return troth_build_object(r, n->key_place, "rootfs: a row is either % or %",
                                      kinds[layer->kind].name, n->key);
        if (!n)
            continue;
        first = n;
        layer->kind = kinds[i].kind;
        *takes_at = kinds[i].takes_at;
    }
    return first ||
           troth_build_object(r, node->place,
                              "rootfs: one of directory, oci, program, packages, "
                              "compiled belongs here",
                              "", node->text);
}

static bool place_program(struct troth_build_reading *r, struct troth_build_layer *layer)
{
    const char *slash = strrchr(layer->path, '/');
    const char *base = slash ? slash + 1 : layer->path;
    const size_t room = strlen(base) + sizeof PROGRAMS;
    char *at = troth_arena_take(r->arena, room);

    if (!at)
        return troth_build_no_room(r);
    (void)snprintf(at, room, PROGRAMS "%s", base);
    layer->at = at;
    return true;
}

/* Where it goes to: nowhere that Troth needs itself. */
static bool check_place(struct troth_build_reading *r, struct troth_build_layer *layer,
                        const struct troth_tree_node *at)
{
    const size_t own = strlen(OWN_FOLDER);

    if (!at)
        return layer->kind != TROTH_LAYER_PROGRAM || place_program(r, layer);
    if (layer->kind == TROTH_LAYER_PROGRAM && !*layer->at)
        return troth_build_object(
            r, at->place, "rootfs.at: the program's own name is missing", "", at->text);
    if (strncmp(layer->at, OWN_FOLDER, own) == 0 &&
        (layer->at[own] == '\0' || layer->at[own] == '/'))
        return troth_build_object(r, at->place, "rootfs.at: % is Troth's own folder",
                                  "/" OWN_FOLDER, at->text);
    return true;
}

static bool read_layer(struct troth_build_reading *r, struct troth_build_layer *layer,
                       const struct troth_tree_node *node)
{
    static const struct troth_build_key row = {"rootfs", NULL, 0, NULL};
    const struct troth_tree_node *at, *reference;
    bool takes_at = true;

    *layer = (struct troth_build_layer){.at = "", .reference = "", .place = node->place};
    if (!troth_build_take_map(r, &row, node, NULL) ||
        !troth_build_read_map(r, layer, node, "rootfs.") ||
        !read_kind(r, layer, node, &takes_at))
        return false;
    at = troth_tree_find(node, "at");
    if (at && !takes_at)
        return troth_build_object(r, at->key_place,
                                  "rootfs.at: packages say it themselves", "", at->text);
    reference = troth_tree_find(node, "reference");
    if (reference && layer->kind != TROTH_LAYER_OCI)
        return troth_build_object(r, reference->key_place,
                                  "rootfs.reference: only oci has one", "",
                                  reference->text);
    return check_place(r, layer, at);
}

/* Two rows for one thing. */
static bool check_clash(struct troth_build_reading *r,
                        const struct troth_build_file *file, size_t i)
{
    const struct troth_build_layer *new = &file->layers[i];

    for (const struct troth_build_layer *old = file->layers; old < new; old++) {
        if (old->kind != new->kind)
            continue;
        if (new->kind == TROTH_LAYER_COMPILED)
            return troth_build_object(r, new->place, "rootfs: compiled is there twice",
                                      "", (struct troth_span){NULL, 0});
        if (new->kind == TROTH_LAYER_PROGRAM && !new->replace &&
            strcmp(old->at, new->at) == 0) {
            (void)troth_build_object(r, new->place, "rootfs: two programs are /%",
                                     new->at, (struct troth_span){NULL, 0});
            troth_build_advise(r, "say at: for one of them, or replace: true");
            return false;
        }
    }
    return true;
}

static const struct troth_build_layer *find_compiled(const struct troth_build_file *file)
{
    for (size_t i = 0; i < file->layer_count; i++)
        if (file->layers[i].kind == TROTH_LAYER_COMPILED)
            return &file->layers[i];
    return NULL;
}

/* The last row of all is what was compiled, where no row says so. */
static bool add_compiled(struct troth_build_reading *r, struct troth_build_file *out,
                         const struct troth_tree_node *compile)
{
    if (find_compiled(out))
        return true;
    if (out->layer_count == TROTH_BUILD_ROWS_MAX)
        return troth_build_object(r, compile->key_place, "%: there are too many",
                                  "rootfs", compile->key);
    out->layers[out->layer_count++] = (struct troth_build_layer){
        .kind = TROTH_LAYER_COMPILED,
        .at = "",
        .reference = "",
        .place = compile->key_place};
    return true;
}

/* Nothing is compiled. */
static bool check_without(struct troth_build_reading *r,
                          const struct troth_build_file *file,
                          const struct troth_tree_node *root)
{
    const struct troth_tree_node *rows = troth_tree_find(root, "rootfs");
    const struct troth_build_layer *compiled = find_compiled(file);

    if (compiled)
        return troth_build_object(r, compiled->place,
                                  "rootfs: nothing is compiled: % is missing", "compile",
                                  root->text);
    return file->layer_count > 0 ||
           troth_build_object(r, rows ? rows->place : root->place,
                              "%: the image would be empty", "rootfs", root->text);
}

bool troth_build_read_layers(struct troth_build_reading *r, struct troth_build_file *out,
                             const struct troth_tree_node *root)
{
    const struct troth_tree_node *rows = troth_tree_find(root, "rootfs");
    const struct troth_tree_node *compile = troth_tree_find(root, "compile");
    const struct troth_tree_node *n = rows ? rows->first_child : NULL;

    for (; n; n = n->next) {
        if (!read_layer(r, &out->layers[out->layer_count], n) ||
            !check_clash(r, out, out->layer_count))
            return false;
        out->layer_count++;
    }
    return compile ? add_compiled(r, out, compile) : check_without(r, out, root);
}
