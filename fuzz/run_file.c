/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a run file: what is refused has a place and a reason, what is not obeys
 * the rules. */
#include "service/run/run_file.h"

#include <stdlib.h>
#include <string.h>

#include "service/run/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, const struct troth_run_rule *rule)
{
    require(!text || rule->holds(text));
}

static void check_words(struct troth_run_words words, const struct troth_run_rule *rule)
{
    require(words.rows ? !words.rows[words.count] : words.count == 0);
    for (size_t i = 0; i < words.count; i++)
        require(!rule || rule->holds(words.rows[i]));
}

static void check(const struct troth_run_file *file)
{
    check_text(file->listen, &troth_run_rule_listen);
    check_text(file->upstream, &troth_run_rule_upstream);
    check_text(file->upstream_outside, &troth_run_rule_outside);
    check_text(file->ask, &troth_run_rule_ask);
    check_text(file->policy, &troth_run_rule_path);
    check_text(file->directory, &troth_run_rule_path);
    check_words(file->program, NULL);
    require(!file->program.rows || *file->program.rows[0]);
    check_words(file->roots, &troth_run_rule_path);
    check_words(file->read, &troth_run_rule_path);
    check_words(file->write, &troth_run_rule_path);
    check_words(file->outbound, &troth_run_rule_name);
    check_words(file->outbound_plain, &troth_run_rule_name);
    check_words(file->environment, NULL);
    for (size_t i = 0; i < file->environment.count; i++)
        require(strchr(file->environment.rows[i], '=') > file->environment.rows[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[TROTH_RUN_FILE_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    const struct troth_span text = {data, size};
    struct troth_run_file file;
    struct troth_run_issue issue;
    enum troth_err err;

    if (size > TROTH_RUN_FILE_MAX)
        return 0;
    err = troth_run_file_parse(&file, &issue, text, &arena);
    require(err != TROTH_ERR_MEMORY);
    if (err)
        require(issue.text[0] && issue.place.line >= 1 && issue.place.column >= 1);
    else
        check(&file);
    return 0;
}
