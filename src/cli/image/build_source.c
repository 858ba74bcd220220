/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/writer.h"
#include "builder/build_paths.h"
#include "builder/debian.h"
#include "builder/input_store.h"
#include "cli/image/build_copy.h"
#include "os/file.h"

enum { PATH_ROOM = 4096, LEVELS_MAX = 32 };

/* ---- reading ---- */

static bool find_names(struct troth_build_source *s, struct troth_build_problem *problem,
                       const char *path)
{
    char whole[PATH_ROOM + 32];
    char *real = realpath(path, NULL), *slash;
    struct stat about;
    size_t stem;

    if (!real || stat(real, &about)) {
        free(real);
        return troth_build_fail_errno(problem, path, "cannot be opened", errno);
    }
    (void)snprintf(whole, sizeof whole, "%.*s%s", PATH_ROOM - 32, real,
                   S_ISDIR(about.st_mode) ? "/build.yaml" : "");
    free(real);
    slash = strrchr(whole, '/');
    *slash = '\0';
    (void)snprintf(s->folder, sizeof s->folder, "%s", whole); /* with room to spare */
    (void)snprintf(s->name, sizeof s->name, "%.240s", slash + 1);
    stem = strlen(s->name);
    if (stem > 5 && strcmp(s->name + stem - 5, ".yaml") == 0)
        stem -= 5;
    (void)snprintf(s->lock, sizeof s->lock, "%.*s.lock", (int)stem, s->name);
    return true;
}

/* The most ".." at the beginning of any path, which is where they may stand. */
static void count_levels(struct troth_build_source *s)
{
    const char *path;
    bool is_outside;

    for (size_t i = 0; troth_build_path(&path, &is_outside, &s->file, i); i++) {
        unsigned levels = 0;

        for (const char *p = path; (p = strstr(p, "..")) && levels < LEVELS_MAX; p += 2)
            levels++;
        if (*path != '/' && levels > s->levels_up)
            s->levels_up = levels;
    }
}

static bool parse(struct troth_build_source *s, struct troth_build_problem *problem,
                  struct troth_span text)
{
    struct troth_arena arena = {malloc(TROTH_BUILD_FILE_ARENA_SIZE),
                                TROTH_BUILD_FILE_ARENA_SIZE, 0};

    s->arena = arena.base;
    if (!arena.base)
        return troth_build_fail(problem, "", "there is no memory left");
    if (troth_build_file_parse(&s->file, problem, text, &arena))
        return true;
    if (!problem->subject[0])
        (void)snprintf(problem->subject, sizeof problem->subject, "%s", s->name);
    return false;
}

static bool read_beside(struct troth_file *out, struct troth_build_problem *problem,
                        const struct troth_build_source *s, const char *name, size_t max)
{
    char path[sizeof s->folder + sizeof s->name + 1];
    int failed;

    (void)snprintf(path, sizeof path, "%s/%s", s->folder, name);
    failed = troth_file_read(out, path, max);
    return !failed || troth_build_fail_errno(problem, name, "cannot be read", failed);
}

bool troth_build_source_read(struct troth_build_source *out,
                             struct troth_build_problem *problem, const char *path)
{
    struct troth_file text, lock = {NULL, 0};
    bool fine;

    if (!find_names(out, problem, path) ||
        !read_beside(&text, problem, out, out->name, TROTH_BUILD_FILE_MAX))
        return false;
    out->text = text.bytes;
    if (!parse(out, problem, (struct troth_span){text.bytes, text.len}))
        return false;
    if (!read_beside(&lock, problem, out, out->lock, TROTH_LOCK_SIZE_MAX)) {
        troth_build_hint(problem, "troth build --lock %s makes it", path);
        return false;
    }
    fine = troth_lock_read(&out->locked, problem,
                           (struct troth_span){lock.bytes, lock.len});
    troth_file_release(&lock);
    count_levels(out);
    return fine;
}

void troth_build_source_release(struct troth_build_source *source)
{
    troth_inputs_list_release(&source->locked);
    free(source->arena);
    free(source->text);
    *source = (struct troth_build_source){.text = NULL};
}

/* ---- what is shared ---- */

static bool open_to_all(struct troth_build_problem *problem, const char *path,
                        mode_t mode)
{
    return !chmod(path, mode) ||
           troth_build_fail_errno(problem, path, "cannot be opened to others", errno);
}

static bool share_package(struct troth_build_problem *problem,
                          const struct troth_input *package, const char *from,
                          const char *store, bool fetch)
{
    struct troth_input fetched = *package;
    uint8_t sha256[32], text[PATH_ROOM];
    struct troth_writer path = troth_writer_over(text, sizeof text - 1);
    uint64_t size;
    int file;
    bool fine;

    if (troth_input_store_has(store, package->sha256))
        return true;
    if (fetch && !troth_input_store_has(from, package->sha256) &&
        !troth_debian_fetch(problem, from, &fetched))
        return false;
    if (!troth_input_store_open(&file, problem, from, package->name, package->sha256))
        return false;
    fine = troth_input_store_put(problem, store, package->name, file, sha256, &size);
    (void)close(file);
    troth_write_text(&path, store);
    troth_write_text(&path, "/sha256/");
    troth_write_hex(&path, (struct troth_span){package->sha256, sizeof package->sha256});
    text[path.len] = '\0';
    return fine && open_to_all(problem, (const char *)text, 0644);
}

bool troth_build_source_share_packages(struct troth_build_problem *problem,
                                       const struct troth_build_source *source,
                                       const struct troth_image_build_order *order,
                                       const char *store)
{
    const struct troth_build_copy plain = {.user = geteuid()};
    char from[PATH_ROOM], below[PATH_ROOM + 16];

    (void)snprintf(from, sizeof from, "%s", order->store ? order->store : "");
    if (!order->store && !troth_input_store_default(from, sizeof from))
        from[0] = '\0';
    (void)snprintf(below, sizeof below, "%s/sha256", store);
    if (!troth_build_copy_folder(problem, &plain, below))
        return false;
    for (size_t i = 0; i < source->locked.count; i++)
        if (source->locked.rows[i].kind == TROTH_INPUT_PACKAGE &&
            !share_package(problem, &source->locked.rows[i], from, store, order->fetch))
            return false;
    return true;
}

bool troth_build_source_share_runtime(struct troth_build_problem *problem,
                                      const struct troth_image_build_order *order,
                                      const char *folder)
{
    char from[TROTH_BUILD_RUNTIME_MAX];
    struct troth_build_copy plain = {.from = from, .to = folder, .user = geteuid()};
    const char *name;

    if (!troth_build_find_runtime(from, problem, order->runtime) ||
        !troth_build_copy_folder(problem, &plain, folder))
        return false;
    for (size_t i = 0; (name = troth_build_runtime_program(i)); i++)
        if (!troth_build_copy_path(problem, &plain, name))
            return false;
    return true;
}
