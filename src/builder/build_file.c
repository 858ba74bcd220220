/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_file.h"

#include <string.h>

#include "base/span.h"
#include "builder/build_keys.h"
#include "yaml/yaml.h"

/* The first second that archives of every kind can hold. */
#define DEFAULT_TIME_S  INT64_C(315532800)
#define DEFAULT_CMDLINE "console=ttyS0 reboot=k panic=30 random.trust_cpu=on"
#define DEFAULT_MEMORY  (UINT64_C(2) << 30)
#define DOCUMENT        "build file"

/* clang-format off */
/* What has to be said, each where the one before it is. */
static const char *const needed[] = {
    "name", "kernel", "kernel.file", "run", "compile.packages", "compile.command",
    "firmware.snp.file", "firmware.snp.vcpu", "firmware.tdx.file",
};
/* clang-format on */

enum { NEEDED = sizeof needed / sizeof needed[0] };

/* From the root along the dots of a name; NULL: it is not there. `owner` is the last map
 * that is. */
static const struct troth_tree_node *follow(const struct troth_tree_node *root,
                                            const char *name,
                                            const struct troth_tree_node **owner,
                                            bool *is_last)
{
    struct troth_span rest = troth_span_of_text(name);
    const struct troth_tree_node *node = root;

    while (node && rest.len > 0) {
        const struct troth_span part = troth_span_next_item(&rest, '.');
        const struct troth_tree_node *child = node->first_child;

        *owner = node;
        *is_last = rest.len == 0;
        while (child && !troth_span_equal(child->key, part))
            child = child->next;
        node = child;
    }
    return node;
}

static bool check_needed(struct troth_build_reading *r,
                         const struct troth_tree_node *root)
{
    for (size_t i = 0; i < NEEDED; i++) {
        const struct troth_tree_node *owner = root;
        bool is_last = false;

        if (!follow(root, needed[i], &owner, &is_last) && is_last)
            return troth_build_object(r, owner->place, "% is missing", needed[i],
                                      owner->text);
    }
    return true;
}

/* Modules come from packages; of packages the kernel is a file inside. */
static bool check_kernel(struct troth_build_reading *r,
                         const struct troth_build_file *file,
                         const struct troth_tree_node *root)
{
    const struct troth_tree_node *kernel = troth_tree_find(root, "kernel");
    const struct troth_tree_node *path = troth_tree_find(kernel, "file");
    const struct troth_tree_node *modules = troth_tree_find(kernel, "modules");

    if (file->kernel.packages.count == 0)
        return file->kernel.modules.count == 0 ||
               troth_build_object(r, modules->place,
                                  "kernel.modules: there are no packages they are in, or "
                                  "they go into %",
                                  "module_files", modules->text);
    if (troth_build_rule_inside.holds(file->kernel.file))
        return true;
    (void)troth_build_object(r, path->place, "%: '%' is no path within the packages",
                             "kernel.file", path->text);
    troth_build_advise(r, troth_build_rule_inside.hint);
    return false;
}

static bool read_maps(struct troth_build_reading *r, struct troth_build_file *out,
                      const struct troth_tree_node *root)
{
    const struct troth_tree_node *firmware = troth_tree_find(root, "firmware");

    return troth_build_read_map(r, out, root, "") &&
           troth_build_read_map(r, out, troth_tree_find(root, "kernel"), "kernel.") &&
           troth_build_read_map(r, out, troth_tree_find(root, "compile"), "compile.") &&
           troth_build_read_map(r, out, firmware, "firmware.") &&
           troth_build_read_map(r, out, troth_tree_find(firmware, "snp"),
                                "firmware.snp.") &&
           troth_build_read_map(r, out, troth_tree_find(firmware, "tdx"),
                                "firmware.tdx.");
}

static bool read_tree(struct troth_build_reading *r, struct troth_build_file *out,
                      const struct troth_tree_node *root)
{
    static const struct troth_build_key document = {DOCUMENT, NULL, 0, NULL};

    if (!troth_build_take_map(r, &document, root, NULL) || !read_maps(r, out, root) ||
        !check_needed(r, root) || !check_kernel(r, out, root) ||
        !troth_build_read_layers(r, out, root))
        return false;
    out->compile.there = troth_tree_find(root, "compile") != NULL;
    return true;
}

bool troth_build_file_parse(struct troth_build_file *out,
                            struct troth_build_problem *problem, struct troth_span text,
                            struct troth_arena *arena)
{
    static const struct troth_build_file empty = {.name = NULL};
    struct troth_build_problem unseen;
    struct troth_build_reading r = {arena, problem ? problem : &unseen};
    const struct troth_tree_node *root;
    struct troth_tree_issue why = {.text = ""};

    *r.problem = (struct troth_build_problem){.text = ""};
    *out = empty;
    out->version = "1";
    out->time_s = DEFAULT_TIME_S;
    out->cmdline = DEFAULT_CMDLINE;
    out->compile.cores = 1;
    out->snp = (struct troth_build_firmware){.vcpus = 1, .vmm = "qemu", .features = 1};
    out->tdx = (struct troth_build_firmware){.memory = DEFAULT_MEMORY};
    if (troth_tree_from_yaml(&root, &why, text, arena)) {
        (void)troth_build_fail(r.problem, "", "%s", why.text[0] ? why.text : "too much");
        r.problem->place = why.place;
    } else if (read_tree(&r, out, root)) {
        return true;
    }
    *out = empty;
    return false;
}
