/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_verbs.h"

#include <stdlib.h>

#include "cli/help.h"
#include "cli/image/image_show_page.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    bool json;
};

static bool take_json(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->json = true;
    return true;
}

const struct troth_option troth_image_show_options[] = {
    {"json", NULL, "print it as JSON (docs/image-show.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

static bool print(struct session *s, const struct troth_image_report *report)
{
    struct troth_page page = troth_page_of_output();

    if (s->json)
        return troth_image_show_json_print(&s->problem, report);
    troth_image_show_page_print(&page, report);
    return true;
}

static int show(struct session *s, const char *path)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    struct troth_image_report *report = malloc(sizeof *report);
    struct troth_image_view view = {.name = NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (fault.err)
        (void)troth_problem_fault(&s->problem, "", &fault);
    else if (!report)
        (void)troth_problem_memory(&s->problem);
    else if (troth_image_view_open(&view, &s->problem, &s->crypto, path) &&
             troth_image_report_make(report, &s->problem, &view) && print(s, report))
        status = view.facts.is_signed && !view.facts.signature_good ? TROTH_STATUS_NO
                                                                    : TROTH_STATUS_YES;
    troth_image_view_close(&view);
    free(report);
    troth_provider_destroy(&s->crypto);
    return status;
}

int troth_image_show_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.json = false};
    const struct troth_parsing parsing = troth_options_parse(&s, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED)
        status = show(&s, parsing.file);
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"image\":null" : NULL);
    return status;
}
