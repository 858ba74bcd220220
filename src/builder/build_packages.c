/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/building.h"
#include "builder/debian.h"
#include "builder/input_store.h"

static bool has_use(const struct troth_input *input, const char *use)
{
    return input->kind == TROTH_INPUT_PACKAGE && input->use &&
           strcmp(input->use, use) == 0;
}

/* Is this what the word means: "NAME" or "NAME=VERSION"? */
static bool is_meant(const struct troth_input *input, const char *word)
{
    const size_t len = strcspn(word, "=");

    return strncmp(input->name, word, len) == 0 && input->name[len] == '\0' &&
           (word[len] == '\0' ||
            (input->version && strcmp(input->version, word + len + 1) == 0));
}

static bool is_named(const struct troth_input *input,
                     const struct troth_build_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (is_meant(input, words->rows[i]))
            return true;
    return false;
}

/* ---- as locked ---- */

static bool check_locked(struct troth_building *b, const struct troth_build_words *words,
                         const char *use)
{
    for (size_t i = 0; i < words->count; i++) {
        size_t k = 0;

        while (k < b->locked.count && !(has_use(&b->locked.rows[k], use) &&
                                        is_meant(&b->locked.rows[k], words->rows[i])))
            k++;
        if (k == b->locked.count) {
            (void)troth_build_fail(b->problem, words->rows[i],
                                   "is no locked package of %s", use);
            troth_build_hint(b->problem, "troth build --lock %s looks it up",
                             b->order->path);
            return false;
        }
    }
    return true;
}

static bool fetch_locked(struct troth_building *b, const struct troth_input *locked)
{
    struct troth_input fetched = *locked;

    if (!b->order->fetch || troth_input_store_has(b->store, locked->sha256))
        return true;
    troth_building_step(b, locked->name);
    if (!troth_debian_fetch(b->problem, b->store, &fetched))
        return false;
    return troth_span_equal((struct troth_span){locked->sha256, sizeof locked->sha256},
                            (struct troth_span){fetched.sha256, sizeof fetched.sha256}) ||
           troth_build_fail(b->problem, locked->name,
                            "what was fetched is not what was locked");
}

static bool list_locked(struct troth_building *b, const struct troth_build_words *words,
                        const char *use)
{
    if (!check_locked(b, words, use))
        return false;
    for (size_t i = 0; i < b->locked.count; i++) {
        const struct troth_input *row = &b->locked.rows[i];

        if (has_use(row, use) && (!fetch_locked(b, row) ||
                                  !troth_inputs_add(&b->out->inputs, b->problem, row)))
            return false;
    }
    return true;
}

/* ---- anew ---- */

/* What was locked before, if it can be read: it only tells what need not be fetched. */
static void read_earlier(struct troth_inputs_list *out, const struct troth_building *b)
{
    struct troth_build_problem problem;
    struct troth_file text;

    *out = (struct troth_inputs_list){NULL, 0, 0};
    if (troth_file_read(&text, b->lock_path, TROTH_LOCK_SIZE_MAX))
        return;
    if (!troth_lock_read(out, &problem, (struct troth_span){text.bytes, text.len}) ||
        !troth_inputs_sort(out, &problem))
        troth_inputs_list_release(out);
    troth_file_release(&text);
}

/* Digest and size of those that were locked before and are in the store; were there any?
 */
static bool take_earlier(const struct troth_building *b,
                         struct troth_input *const *wanted, size_t count)
{
    struct troth_inputs_list earlier;
    bool is_any = false;

    read_earlier(&earlier, b);
    for (size_t i = 0; i < count; i++) {
        const struct troth_input *old = troth_inputs_find(&earlier, wanted[i]);

        if (!old || strcmp(old->version, wanted[i]->version) != 0 ||
            strcmp(old->architecture, wanted[i]->architecture) != 0 ||
            !troth_input_store_has(b->store, old->sha256))
            continue;
        memcpy(wanted[i]->sha256, old->sha256, sizeof old->sha256);
        wanted[i]->size = old->size;
        is_any = true;
    }
    troth_inputs_list_release(&earlier);
    return is_any;
}

static bool is_wanted(const struct troth_input *input,
                      const struct troth_build_words *words, bool named_only)
{
    return !named_only || is_named(input, words);
}

/* What was fetched before is not fetched again, where apt says that it is still the same;
 * apt is asked for all others at once. */
static bool fetch_lacking(struct troth_building *b, struct troth_input **wanted,
                          size_t count)
{
    size_t lacking = 0;

    if (take_earlier(b, wanted, count) &&
        !troth_debian_confirm(b->problem, wanted, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (wanted[i]->size == 0)
            wanted[lacking++] = wanted[i];
    return troth_debian_fetch_all(b->problem, b->store, wanted, lacking);
}

static bool fetch_wanted(struct troth_building *b, const struct troth_inputs_list *found,
                         const struct troth_build_words *words, bool named_only)
{
    struct troth_input **wanted = calloc(found->count + 1, sizeof(struct troth_input *));
    size_t count = 0;
    bool fine;

    if (!wanted)
        return troth_building_fail_memory(b);
    for (size_t i = 0; i < found->count; i++)
        if (is_wanted(&found->rows[i], words, named_only))
            wanted[count++] = &found->rows[i];
    fine = fetch_lacking(b, wanted, count);
    free((void *)wanted);
    for (size_t i = 0; fine && i < found->count; i++)
        if (is_wanted(&found->rows[i], words, named_only))
            fine = troth_inputs_add(&b->out->inputs, b->problem, &found->rows[i]);
    return fine;
}

static bool list_anew(struct troth_building *b, const struct troth_build_words *words,
                      const char *use, bool named_only)
{
    struct troth_inputs_list found = {0};
    bool fine;

    troth_building_step(b, "looking up and fetching packages");
    fine = troth_debian_resolve(&found, b->problem, words, b->file->aarch64, use) &&
           troth_inputs_sort(&found, b->problem) &&
           fetch_wanted(b, &found, words, named_only);
    troth_inputs_list_release(&found);
    return fine;
}

bool troth_building_list_packages(struct troth_building *b,
                                  const struct troth_build_words *words, const char *use,
                                  bool named_only)
{
    if (words->count == 0)
        return true;
    return b->order->lock == TROTH_BUILD_LOCK_ANEW ? list_anew(b, words, use, named_only)
                                                   : list_locked(b, words, use);
}

/* ---- their files ---- */

static bool unpack_one(struct troth_building *b, struct troth_file_tree *tree,
                       const struct troth_input *package, size_t row)
{
    int file;
    bool fine;

    if (!troth_input_store_open(&file, b->problem, b->store, package->name,
                                package->sha256))
        return false;
    fine = troth_source_package(tree, b->problem, b->spool, package->name, file, row);
    (void)close(file);
    return fine;
}

bool troth_building_unpack(struct troth_building *b, struct troth_file_tree *tree,
                           const char *use, size_t row)
{
    troth_building_step(b, "unpacking packages");
    for (size_t i = 0; i < b->out->inputs.count; i++)
        if (has_use(&b->out->inputs.rows[i], use) &&
            !unpack_one(b, tree, &b->out->inputs.rows[i], row))
            return false;
    return troth_source_merged_usr(tree, b->problem, row) &&
           troth_file_tree_finish(tree, b->problem);
}
