/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a build file: what is refused has a place and a reason, what is not obeys
 * the rules. */
#include "builder/build_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "builder/build_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, const struct troth_build_rule *rule)
{
    require(!text || rule->holds(text));
}

static void check_words(struct troth_build_words words,
                        const struct troth_build_rule *rule)
{
    require(words.rows ? !words.rows[words.count] : words.count == 0);
    for (size_t i = 0; i < words.count; i++)
        require(!rule || rule->holds(words.rows[i]));
}

static void check_layer(const struct troth_build_layer *layer)
{
    char place[4096];

    (void)snprintf(place, sizeof place, "/%s", layer->at);
    require(troth_build_rule_place.holds(place));
    require(layer->place.line >= 1);
    check_words(layer->packages, &troth_build_rule_package);
    if (layer->kind == TROTH_LAYER_FOLDER || layer->kind == TROTH_LAYER_PROGRAM)
        require(layer->path && troth_build_rule_inside.holds(layer->path));
    if (layer->kind == TROTH_LAYER_OCI)
        require(layer->path && *layer->path);
}

static void check(const struct troth_build_file *file)
{
    require(file->name && troth_build_rule_name.holds(file->name));
    require(file->kernel.file && file->version && file->cmdline);
    require(file->layer_count >= 1 && file->layer_count <= TROTH_BUILD_ROWS_MAX);
    require(file->time_s >= 315532800 && file->time_s <= UINT32_MAX);
    require(!file->run_file == (file->run_json.len > 0));
    check_text(file->run_file, &troth_build_rule_inside);
    check_text(file->compile.source, &troth_build_rule_inside);
    check_text(file->cmdline, &troth_build_rule_cmdline);
    check_words(file->kernel.packages, &troth_build_rule_package);
    check_words(file->kernel.modules, &troth_build_rule_module);
    check_words(file->kernel.module_files, &troth_build_rule_inside);
    check_words(file->compile.packages, &troth_build_rule_package);
    check_words(file->compile.command, NULL);
    require(!file->compile.there || *file->compile.command.rows[0]);
    require(file->compile.cores >= 1 && file->compile.cores <= 64);
    for (size_t i = 0; i < file->layer_count; i++)
        check_layer(&file->layers[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[TROTH_BUILD_FILE_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    const struct troth_span text = {data, size};
    struct troth_build_file file;
    struct troth_build_problem problem;

    if (size > TROTH_BUILD_FILE_MAX)
        return 0;
    if (troth_build_file_parse(&file, &problem, text, &arena))
        check(&file);
    else
        require(problem.text[0] && problem.place.line >= 1 && problem.place.column >= 1);
    return 0;
}
