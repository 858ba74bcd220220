/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/span.h"
#include "cli/armour.h"
#include "evidence/format.h"
#include "os/directory.h"
#include "os/file.h"

/* Decoded once (PEM, hex), or unescaped and then decoded (certificates inside JSON). */
#define COLLATERAL_ROOM(len) (TROTH_ARMOUR_ROOM(len) + TROTH_COLLATERAL_ROOM(len))

/* Takes `block`, which may be NULL, and gives it back if it can be kept. */
static void *keep(struct troth_inputs *inputs, struct troth_problem *problem, void *block)
{
    void **blocks = realloc(inputs->blocks, (inputs->block_count + 1) * sizeof *blocks);

    if (blocks)
        inputs->blocks = blocks;
    if (blocks && block) {
        blocks[inputs->block_count++] = block;
        return block;
    }
    free(block);
    (void)troth_problem_memory(problem);
    return NULL;
}

void *troth_inputs_allocate(struct troth_inputs *inputs, struct troth_problem *problem,
                            size_t size)
{
    return keep(inputs, problem, calloc(1, size ? size : 1));
}

static bool is_standard(const char *path)
{
    return path[0] == '-' && path[1] == '\0';
}

const char *troth_inputs_name(const char *path)
{
    return is_standard(path) ? "standard input" : path;
}

static bool fail_reading(struct troth_problem *problem, const char *path, size_t max,
                         int error)
{
    if (error == ENOMEM)
        return troth_problem_memory(problem);
    (void)troth_problem_io(problem, is_standard(path) ? "cannot read" : "cannot open",
                           troth_inputs_name(path), error);
    if (error == EFBIG)
        (void)snprintf(problem->text, sizeof problem->text,
                       "'%s' is longer than %zu bytes", problem->subject, max);
    return false;
}

bool troth_inputs_read(struct troth_inputs *inputs, struct troth_problem *problem,
                       struct troth_span *out, const char *path, size_t max)
{
    bool standard = is_standard(path);
    struct troth_file file;
    int failed;

    *out = (struct troth_span){NULL, 0};
    if (standard && inputs->standard_is_read)
        return troth_problem_usage(problem, "standard input can be read only once");
    inputs->standard_is_read = inputs->standard_is_read || standard;
    failed = standard ? troth_file_read_standard(&file, max)
                      : troth_file_read(&file, path, max);
    if (failed)
        return fail_reading(problem, path, max, failed);
    *out = (struct troth_span){keep(inputs, problem, file.bytes), file.len};
    return out->ptr != NULL;
}

/* Text that is not what its characters make it look like. */
static bool fail_armour(struct troth_problem *problem, const char *path,
                        const struct troth_fault *fault)
{
    (void)troth_problem_fault(problem, troth_inputs_name(path), fault);
    if (fault->err != TROTH_ERR_MEMORY)
        troth_problem_hint(problem, "by its characters this is text for bytes: is it cut "
                                    "short, or something else?");
    return false;
}

static bool take_arena(struct troth_inputs *inputs, struct troth_problem *problem,
                       struct troth_arena *arena, size_t size)
{
    *arena = (struct troth_arena){troth_inputs_allocate(inputs, problem, size), size, 0};
    return arena->base != NULL;
}

bool troth_inputs_read_evidence(struct troth_inputs *inputs,
                                struct troth_problem *problem, const char *path)
{
    struct troth_arena arena;
    struct troth_fault fault;
    struct troth_span raw;

    if (!troth_inputs_read(inputs, problem, &raw, path, TROTH_INPUT_MAX))
        return false;
    inputs->evidence = raw;
    if (troth_format_recognise(raw))
        return true;
    if (!take_arena(inputs, problem, &arena, TROTH_ARMOUR_ROOM(raw.len)))
        return false;
    if (troth_armour_remove(&inputs->evidence, &fault, raw, &arena))
        return fail_armour(problem, path, &fault);
    return true;
}

/* Hex and base64 are ours to remove; PEM and the rest are troth_collateral_read()'s. */
static bool unpack(struct troth_inputs *inputs, struct troth_problem *problem,
                   struct troth_collateral_item *items, size_t *count, const char *path)
{
    enum troth_armour armour;
    struct troth_arena arena;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_span content;

    if (!troth_inputs_read(inputs, problem, &content, path, TROTH_INPUT_MAX) ||
        !take_arena(inputs, problem, &arena, COLLATERAL_ROOM(content.len)))
        return false;
    armour = troth_armour_recognise(content);
    if (armour != TROTH_ARMOUR_NONE && armour != TROTH_ARMOUR_PEM &&
        troth_armour_remove(&content, &fault, content, &arena))
        return fail_armour(problem, path, &fault);
    if (!troth_collateral_read(items, count, &fault, content, &arena))
        return true;
    (void)troth_problem_fault(problem, troth_inputs_name(path), &fault);
    if (fault.err == TROTH_ERR_KIND) {
        (void)snprintf(
            problem->text, sizeof problem->text,
            "neither certificates, revocation lists nor a vendor's statements");
        troth_problem_hint(problem,
                           "X.509 in DER, PEM, hex or base64; Intel's signed JSON, as "
                           "answered or in a bundle; an SNP certificate table; Azure's "
                           "host certificate JSON");
    }
    return false;
}

bool troth_inputs_read_collateral(struct troth_inputs *inputs,
                                  struct troth_problem *problem, const char *path)
{
    struct troth_directory directory;
    int failed = ENOTDIR;
    bool fine = true;

    if (!is_standard(path))
        failed = troth_directory_list(&directory, path, TROTH_COLLATERAL_MAX);
    if (failed == ENOTDIR)
        return unpack(inputs, problem, inputs->items, &inputs->item_count, path);
    if (failed == EFBIG)
        return troth_problem_usage(problem, "'%s' holds more than %d files", path,
                                   TROTH_COLLATERAL_MAX);
    if (failed)
        return fail_reading(problem, path, TROTH_INPUT_MAX, failed);
    for (size_t i = 0; fine && i < directory.count; i++)
        fine = unpack(inputs, problem, inputs->items, &inputs->item_count,
                      directory.paths[i]);
    troth_directory_release(&directory);
    return fine;
}

/* Room for the built-in anchors and as many again as one call can read. */
static bool begin_anchors(struct troth_inputs *inputs, struct troth_problem *problem)
{
    struct troth_anchors built_in = troth_anchors_built_in();

    if (inputs->anchors)
        return true;
    inputs->anchors = troth_inputs_allocate(
        inputs, problem, (built_in.count + TROTH_COLLATERAL_MAX) * sizeof *built_in.rows);
    if (!inputs->anchors)
        return false;
    memcpy(inputs->anchors, built_in.rows, built_in.count * sizeof *built_in.rows);
    inputs->anchor_count = built_in.count;
    return true;
}

static bool add_anchor(struct troth_inputs *inputs, struct troth_problem *problem,
                       const struct troth_crypto *crypto, const char *path,
                       const struct troth_collateral_item *item)
{
    size_t most = troth_anchors_built_in().count + TROTH_COLLATERAL_MAX;
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (item->kind != TROTH_COLLATERAL_CERTIFICATE)
        return troth_problem_usage(problem, "'%s' holds a revocation list, not a root",
                                   path);
    if (inputs->anchor_count == most)
        return troth_problem_usage(problem, "more than %d roots", TROTH_COLLATERAL_MAX);
    if (!troth_anchor_from_certificate(&inputs->anchors[inputs->anchor_count], &fault,
                                       crypto, item->bytes)) {
        inputs->anchor_count++;
        return true;
    }
    (void)troth_problem_fault(problem, troth_inputs_name(path), &fault);
    troth_problem_hint(problem, "--root takes root certificates, which sign themselves; "
                                "others go to --collateral");
    return false;
}

bool troth_inputs_read_root(struct troth_inputs *inputs, struct troth_problem *problem,
                            const struct troth_crypto *crypto, const char *path)
{
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    size_t count = 0;
    bool fine = begin_anchors(inputs, problem) &&
                unpack(inputs, problem, items, &count, path);

    for (size_t i = 0; fine && i < count; i++)
        fine = add_anchor(inputs, problem, crypto, path, &items[i]);
    return fine;
}

void troth_inputs_release(struct troth_inputs *inputs)
{
    for (size_t i = 0; i < inputs->block_count; i++)
        free(inputs->blocks[i]);
    free(inputs->blocks);
    *inputs = (struct troth_inputs){0};
}
