/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/building.h"
#include "builder/input_store.h"
#include "image/eif_metadata.h"
#include "troth/version.h"

#define USUAL_NAME    "build.yaml"
#define YAML          ".yaml"
#define LOCK          ".lock"
#define METADATA_ROOM 4096

/* ---- the build file and its lock ---- */

/* "DIR/build.yaml" to the folder, the name in it, and the lock beside it. */
static bool find_names(struct troth_building *b, char *folder, size_t size)
{
    const char *path = b->order->path;
    struct stat about;
    char whole[TROTH_BUILDING_PATH];
    const char *slash;
    size_t stem;
    int len;

    if (stat(path, &about))
        return troth_build_fail_errno(b->problem, path, "cannot be opened", errno);
    len = snprintf(whole, sizeof whole, "%s%s", path,
                   S_ISDIR(about.st_mode) ? "/" USUAL_NAME : "");
    slash = strrchr(whole, '/');
    if (len < 0 || (size_t)len + sizeof LOCK > sizeof whole ||
        strlen(slash ? slash + 1 : whole) + sizeof LOCK > sizeof b->name)
        return troth_build_fail(b->problem, path, "is too long");
    (void)snprintf(folder, size, "%.*s", slash ? (int)(slash - whole) + 1 : 1,
                   slash ? whole : ".");
    (void)snprintf(b->name, sizeof b->name, "%s", slash ? slash + 1 : whole);
    stem = strlen(b->name);
    if (stem > strlen(YAML) && strcmp(b->name + stem - strlen(YAML), YAML) == 0)
        stem -= strlen(YAML);
    (void)snprintf(b->lock_name, sizeof b->lock_name, "%.*s" LOCK, (int)stem, b->name);
    len = snprintf(b->lock_path, sizeof b->lock_path, "%s%s%s", slash ? folder : "", "",
                   b->lock_name);
    return (len > 0 && (size_t)len < sizeof b->lock_path) ||
           troth_build_fail(b->problem, path, "is too long");
}

static bool list_build_file(struct troth_building *b, const struct troth_file *text)
{
    struct troth_input input = {.kind = TROTH_INPUT_BUILD_FILE, .name = b->name};

    input.size = text->len;
    if (troth_digest(b->crypto, input.sha256, TROTH_SHA256,
                     (struct troth_span){text->bytes, text->len}))
        return troth_build_fail(b->problem, b->name, "the digest failed");
    return troth_inputs_add(&b->out->inputs, b->problem, &input);
}

static bool parse(struct troth_building *b, const struct troth_file *text)
{
    struct troth_build_result *out = b->out;
    struct troth_build_file *file = malloc(sizeof *file);
    struct troth_arena arena = {malloc(TROTH_BUILD_FILE_ARENA_SIZE),
                                TROTH_BUILD_FILE_ARENA_SIZE, 0};

    out->file = b->file = file;
    out->arena = arena.base;
    if (!file || !arena.base)
        return troth_building_fail_memory(b);
    if (troth_build_file_parse(file, b->problem,
                               (struct troth_span){text->bytes, text->len}, &arena))
        return true;
    if (b->problem && !b->problem->subject[0])
        (void)snprintf(b->problem->subject, sizeof b->problem->subject, "%s", b->name);
    return false;
}

static bool read_build_file(struct troth_building *b)
{
    char folder[TROTH_BUILDING_PATH];
    struct troth_file text = {NULL, 0};
    int file, failed;

    if (!find_names(b, folder, sizeof folder))
        return false;
    b->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (b->folder < 0)
        return troth_build_fail_errno(b->problem, folder, "cannot be opened", errno);
    if (!troth_building_hold(b, b->folder) || !troth_building_open_any(b, &file, b->name))
        return false;
    failed = troth_file_read_open(&text, file, TROTH_BUILD_FILE_MAX);
    b->out->text = text.bytes;
    if (failed)
        return troth_build_fail_errno(b->problem, b->order->path, "cannot be read",
                                      failed);
    return parse(b, &text) && list_build_file(b, &text);
}

static bool read_lock(struct troth_building *b)
{
    struct troth_file text;
    int failed;
    bool fine;

    if (b->order->lock == TROTH_BUILD_LOCK_ANEW)
        return true;
    failed = troth_file_read(&text, b->lock_path, TROTH_LOCK_SIZE_MAX);
    if (failed == ENOENT) {
        (void)troth_build_fail(b->problem, b->lock_name, "is not there");
        troth_build_hint(b->problem, "troth build --lock %s makes it", b->order->path);
        return false;
    }
    if (failed)
        return troth_build_fail_errno(b->problem, b->lock_path, "cannot be read", failed);
    fine = troth_lock_read(&b->locked, b->problem,
                           (struct troth_span){text.bytes, text.len}) &&
           troth_inputs_sort(&b->locked, b->problem);
    troth_file_release(&text);
    if (!fine && b->problem && !b->problem->subject[0])
        (void)snprintf(b->problem->subject, sizeof b->problem->subject, "%s",
                       b->lock_name);
    return fine;
}

static bool write_lock(struct troth_building *b)
{
    uint8_t *text;
    size_t len;
    int failed;

    if (b->order->lock != TROTH_BUILD_LOCK_ANEW)
        return true;
    if (!troth_lock_write(&text, &len, b->problem, &b->out->inputs))
        return false;
    failed = troth_file_write(b->lock_path, (struct troth_span){text, len});
    free(text);
    return !failed ||
           troth_build_fail_errno(b->problem, b->lock_path, "cannot be written", failed);
}

/* ---- the image ---- */

static bool find_store(struct troth_building *b)
{
    if (b->order->store)
        (void)snprintf(b->store, sizeof b->store, "%s", b->order->store);
    else if (!troth_input_store_default(b->store, sizeof b->store))
        b->store[0] = '\0'; /* told by the first that needs it */
    return true;
}

static void tell_progress(void *state, uint64_t done, uint64_t total)
{
    const struct troth_build_order *order = ((struct troth_building *)state)->order;

    if (order->progress)
        order->progress(order->state, done, total);
}

static uint8_t *digest_of(void *state, const struct troth_tree_entry *entry)
{
    return troth_building_digest_of(state, entry);
}

static bool write_image(struct troth_building *b, int file)
{
    uint8_t text[METADATA_ROOM];
    struct troth_writer metadata = troth_writer_over(text, sizeof text);
    const struct troth_eif_metadata facts = {
        .name = troth_span_of_text(b->file->name),
        .version = troth_span_of_text(b->file->version),
        .built_s = b->file->time_s,
        .tool_version = troth_span_of_text(troth_version()),
        .operating_system = TROTH_LITERAL("Linux"),
        .kernel_version = troth_span_of_text(b->kernel_version),
    };
    struct troth_image_parts parts = {.aarch64 = b->file->aarch64,
                                      .kernel = b->kernel,
                                      .cmdline = troth_span_of_text(b->file->cmdline),
                                      .ramdisks = {b->base, b->application},
                                      .time_s = b->file->time_s,
                                      .no_initrd_digests = !b->file->snp.file &&
                                                           !b->file->tdx.file,
                                      .progress = tell_progress,
                                      .digest_of = digest_of,
                                      .state = b};

    troth_eif_metadata_write(&metadata, &facts);
    if (metadata.full)
        return troth_build_fail(b->problem, b->name, "name and version are too long");
    parts.metadata = troth_writer_span(&metadata);
    troth_building_step(b, "writing the image");
    return troth_building_expect_passed(b) &&
           troth_image_write(&b->out->image, b->problem, b->crypto, file, &parts) &&
           troth_building_take_passed(b);
}

/* All that goes in is known, and as it was locked, so far as it was read. */
static bool collect(struct troth_building *b)
{
    return find_store(b) && troth_spool_create(&b->spool, b->problem) &&
           troth_building_list_own(b) && troth_building_compare(b, true) &&
           troth_building_take_run(b) && troth_building_base(b) &&
           troth_building_list_rows(b) && troth_building_list_firmware(b) &&
           troth_building_compare(b, false);
}

static bool build(struct troth_building *b, int file)
{
    return read_build_file(b) && read_lock(b) && collect(b) &&
           troth_building_compile(b) && troth_building_merge_rows(b) &&
           write_image(b, file) && troth_building_check_unchanged(b) &&
           troth_building_measure(b) && write_lock(b);
}

/* A place is one in the build file; a problem with something else says so in words. */
static void tell_place(const struct troth_building *b,
                       struct troth_build_problem *problem)
{
    const size_t len = strlen(problem->text);

    if (problem->place.line == 0 || strcmp(problem->subject, b->name) == 0)
        return;
    (void)snprintf(problem->text + len, sizeof problem->text - len, " (%s:%u:%u)",
                   b->name, (unsigned)problem->place.line,
                   (unsigned)problem->place.column);
    problem->place = (struct troth_place){0, 0};
}

bool troth_build(struct troth_build_result *out, struct troth_build_problem *problem,
                 const struct troth_crypto *crypto, const struct troth_build_order *order,
                 int file)
{
    struct troth_build_problem unseen;
    struct troth_building *b = calloc(1, sizeof *b);
    bool fine;

    memset(out, 0, sizeof *out);
    if (!b)
        return troth_build_fail(problem, "", "there is no memory left");
    b->order = order;
    b->crypto = crypto;
    b->problem = problem ? problem : &unseen;
    *b->problem = (struct troth_build_problem){.text = ""};
    b->out = out;
    fine = build(b, file);
    if (!fine && problem)
        tell_place(b, problem);
    troth_building_release(b);
    free(b);
    return fine;
}

void troth_build_result_release(struct troth_build_result *result)
{
    troth_inputs_list_release(&result->inputs);
    free((void *)result->file);
    free(result->text);
    free(result->arena);
    memset(result, 0, sizeof *result);
}
