/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_verbs.h"

#include <stdlib.h>

#include "cli/help.h"
#include "cli/image/image_diff_page.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    bool json;
    const char *paths[2];
    struct troth_image_view views[2];
};

static bool take_json(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->json = true;
    return true;
}

const struct troth_option troth_image_diff_options[] = {
    {"json", NULL, "print it as JSON (docs/image-diff.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

static bool take_file(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->paths[1])
        return troth_options_refuse_word(session, problem, value);
    s->paths[s->paths[0] != NULL] = value;
    return true;
}

static bool print(struct session *s, const struct troth_image_difference *difference)
{
    struct troth_page page = troth_page_of_output();

    if (s->json)
        return troth_image_diff_json_print(&s->problem, difference);
    troth_image_diff_page_print(&page, difference);
    return true;
}

static int compare(struct session *s, struct troth_image_difference *difference)
{
    for (int i = 0; i < 2; i++)
        if (!troth_image_view_open(&s->views[i], &s->problem, &s->crypto, s->paths[i]))
            return TROTH_STATUS_UNDETERMINED;
    if (!troth_image_difference_make(difference, &s->problem, &s->views[0],
                                     &s->views[1]) ||
        !print(s, difference))
        return TROTH_STATUS_UNDETERMINED;
    return difference->is_same ? TROTH_STATUS_YES : TROTH_STATUS_NO;
}

static int diff(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    struct troth_image_difference *difference = calloc(1, sizeof *difference);
    int status = TROTH_STATUS_UNDETERMINED;

    if (fault.err)
        (void)troth_problem_fault(&s->problem, "", &fault);
    else if (!difference)
        (void)troth_problem_memory(&s->problem);
    else
        status = compare(s, difference);
    if (difference)
        troth_image_difference_release(difference);
    free(difference);
    for (int i = 0; i < 2; i++)
        troth_image_view_close(&s->views[i]);
    troth_provider_destroy(&s->crypto);
    return status;
}

int troth_image_diff_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.json = false};
    const struct troth_parsing parsing = troth_options_parse_files(
        &s, &s.problem, command->options, words, take_file);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED && !s.paths[1])
        (void)troth_problem_usage(&s.problem, "two images are compared: FIRST and "
                                              "SECOND");
    else if (parsing.parsed == TROTH_PARSED)
        status = diff(&s);
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"same\":null" : NULL);
    return status;
}
