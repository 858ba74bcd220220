/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/build_paths.h"
#include "builder/building.h"
#include "os/beside.h"

/* What is in every image, and where. */
static const struct {
    const char *name, *at;
} runtime[] = {
    {"troth-init", "init"},
    {"troth-agent", "troth/troth-agent"},
    {"troth-outbound", "troth/troth-outbound"},
    {"troth-run", "troth/troth-run"},
};

/* How the kernel takes modules: as they are, or packed. */
static const char *const suffixes[] = {".ko", ".ko.xz", ".ko.zst", ".ko.gz"};

/* ---- Troth's own programs ---- */

const char *troth_build_runtime_program(size_t i)
{
    return i < sizeof runtime / sizeof runtime[0] ? runtime[i].name : NULL;
}

bool troth_build_find_runtime(char out[static TROTH_BUILD_RUNTIME_MAX],
                              struct troth_build_problem *problem, const char *asked)
{
    static const char *const places[] = {"image", "../lib/troth/image"};

    if (asked) {
        const int len = snprintf(out, TROTH_BUILD_RUNTIME_MAX, "%s", asked);

        return (len > 0 && len < TROTH_BUILD_RUNTIME_MAX) ||
               troth_build_fail(problem, asked, "is too long");
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char init[TROTH_BUILD_RUNTIME_MAX + 16];

        if (troth_beside_find(out, places[i]))
            continue;
        (void)snprintf(init, sizeof init, "%s/%s", out, runtime[0].name);
        if (access(init, R_OK) == 0)
            return true;
    }
    (void)troth_build_fail(problem, runtime[0].name,
                           "the programs that go into images are not beside this one");
    troth_build_hint(problem, "--runtime DIR says where they are");
    return false;
}

static bool add_program(struct troth_building *b, const char *name, const char *at)
{
    struct troth_input input = {.kind = TROTH_INPUT_RUNTIME, .name = name};
    char path[TROTH_BUILDING_PATH + 32];
    const struct troth_tree_entry *entry;
    int file;

    (void)snprintf(path, sizeof path, "%s/%s", b->runtime, name);
    /* The user's own word, from the folder that the program was started in. */
    file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return troth_build_fail_errno(b->problem, path, "cannot be opened", errno);

    const struct troth_program_input program = {
        .name = name, .file = file, .at = at, .aarch64 = b->file->aarch64};

    if (!troth_building_hold(b, file) || !troth_building_watch_file(b, path, file) ||
        !troth_source_program(b->base, b->problem, &program, SIZE_MAX))
        return false;
    entry = troth_file_tree_find(b->base, troth_span_of_text(at));
    if (!entry || !troth_building_digest(b, input.sha256, entry))
        return false;
    input.size = entry->entry.size;
    return troth_inputs_add(&b->out->inputs, b->problem, &input);
}

/* ---- modules ---- */

/* To the kernel, '-' and '_' in a module's name are one. */
static unsigned letter(unsigned character)
{
    return character == '-' ? '_' : character;
}

static bool same_name(struct troth_span a, const char *b)
{
    size_t i = 0;

    while (i < a.len && b[i] && letter(a.ptr[i]) == letter((uint8_t)b[i]))
        i++;
    return i == a.len && !b[i];
}

/* "nsm" of "usr/lib/modules/6.12/kernel/drivers/misc/nsm.ko.xz"; the suffix, or NULL. */
static const char *module_name(struct troth_span *out, struct troth_span path)
{
    size_t start = path.len;

    while (start > 0 && path.ptr[start - 1] != '/')
        start--;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        const struct troth_span suffix = troth_span_of_text(suffixes[i]);

        if (path.len - start > suffix.len &&
            troth_span_equal(troth_span_slice(path, path.len - suffix.len, path.len),
                             suffix)) {
            *out = troth_span_slice(path, start, path.len - suffix.len);
            return suffixes[i];
        }
    }
    return NULL;
}

static bool add_module(struct troth_building *b, const char *name, size_t number,
                       const struct troth_tree_entry *found)
{
    struct troth_entry entry = {
        .kind = TROTH_ENTRY_FILE, .mode = 0644, .size = found->entry.size};
    struct troth_span stem;
    char at[TROTH_ENTRY_PATH_MAX + 1];
    const char *suffix = module_name(&stem, found->entry.path);

    if (!suffix)
        return troth_build_fail(b->problem, name, "is no kernel module by its name");
    (void)snprintf(at, sizeof at, "modules/%02zu-%.*s%s", number, (int)stem.len,
                   (const char *)stem.ptr, suffix);
    entry.path = troth_span_of_text(at);
    return troth_file_tree_add(b->base, b->problem, &entry, &found->content, SIZE_MAX,
                               TROTH_TREE_REFUSE);
}

static const struct troth_tree_entry *find_module(struct troth_building *b,
                                                  const struct troth_file_tree *packages,
                                                  const char *name)
{
    const struct troth_tree_entry *found = NULL;

    for (size_t i = 0; i < troth_file_tree_count(packages); i++) {
        const struct troth_tree_entry *entry = troth_file_tree_at(packages, i);
        struct troth_span stem;

        if (entry->entry.kind != TROTH_ENTRY_FILE ||
            !troth_span_starts_with(entry->entry.path,
                                    TROTH_LITERAL("usr/lib/modules/")) ||
            !module_name(&stem, entry->entry.path) || !same_name(stem, name))
            continue;
        if (found) {
            (void)troth_build_fail(b->problem, name,
                                   "the kernel's packages have several such modules");
            return NULL;
        }
        found = entry;
    }
    if (!found) {
        (void)troth_build_fail(b->problem, name,
                               "the kernel's packages have no such module");
        troth_build_hint(b->problem, "what is built into the kernel is not to be loaded");
    }
    return found;
}

static bool add_packaged(struct troth_building *b, const struct troth_file_tree *packages,
                         const char *name, size_t number)
{
    struct troth_input input = {.kind = TROTH_INPUT_MODULE, .name = name};
    const struct troth_tree_entry *found = find_module(b, packages, name);

    if (!found || !troth_building_digest(b, input.sha256, found))
        return false;
    input.size = found->entry.size;
    return troth_inputs_add(&b->out->inputs, b->problem, &input) &&
           add_module(b, name, number, found);
}

static bool add_modules(struct troth_building *b, const struct troth_file_tree *packages)
{
    const struct troth_build_words *names = &b->file->kernel.modules;
    const struct troth_build_words *files = &b->file->kernel.module_files;

    /* Two digits make the order of names that of loading. */
    if (names->count + files->count > 100)
        return troth_build_fail(b->problem, "kernel.modules", "are more than 100");
    if (names->count > 0 && !packages)
        return troth_build_fail(b->problem, "kernel.modules",
                                "are looked for in kernel.packages, which are not there");
    for (size_t i = 0; i < names->count; i++)
        if (!add_packaged(b, packages, names->rows[i], i))
            return false;
    for (size_t i = 0; i < files->count; i++) {
        const struct troth_building_own *own = troth_building_find_own(b, files->rows[i]);

        if (!own || own->is_folder)
            return troth_build_fail(b->problem, files->rows[i], "is no file");
        if (!add_module(b, files->rows[i], names->count + i,
                        troth_file_tree_at(own->tree, 0)))
            return false;
    }
    return true;
}

bool troth_building_base(struct troth_building *b)
{
    struct troth_file_tree *packages;

    if (!troth_building_tree(b, &b->base) ||
        !troth_build_find_runtime(b->runtime, b->problem, b->order->runtime))
        return false;
    for (size_t i = 0; i < sizeof runtime / sizeof runtime[0]; i++)
        if (!add_program(b, runtime[i].name, runtime[i].at))
            return false;
    return troth_building_kernel(b, &packages) && add_modules(b, packages) &&
           troth_file_tree_finish(b->base, b->problem);
}
