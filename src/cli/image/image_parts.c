/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_verbs.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/help.h"
#include "cli/image/image_extract.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    bool files;
    const char *image, *folder;
};

static bool take_files(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->files = true;
    return true;
}

const struct troth_option troth_image_extract_options[] = {
    {"files", NULL,
     "the ramdisks' contents, too, as ramdisk-N/: without devices, set-user-id and "
     "owners",
     false, take_files},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

static bool take_word(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->folder)
        return troth_options_refuse_word(session, problem, value);
    *(s->image ? &s->folder : &s->image) = value;
    return true;
}

static void note_skipped(const struct troth_image_extracted *extracted)
{
    char text[80];

    if (extracted->skipped == 0)
        return;
    (void)snprintf(text, sizeof text,
                   "%" PRIu64 " devices, pipes and sockets are left "
                   "out",
                   extracted->skipped);
    troth_say("note", text);
}

static int extract(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    struct troth_image_view view = {.name = NULL};
    struct troth_image_extracted extracted;
    int status = TROTH_STATUS_UNDETERMINED;

    if (fault.err) {
        (void)troth_problem_fault(&s->problem, "", &fault);
    } else if (troth_image_view_open(&view, &s->problem, &s->crypto, s->image) &&
               troth_image_extract(&extracted, &s->problem, &view, s->folder, s->files)) {
        note_skipped(&extracted);
        status = TROTH_STATUS_YES;
    }
    troth_image_view_close(&view);
    troth_provider_destroy(&s->crypto);
    return status;
}

int troth_image_extract_verb(const struct troth_command *command,
                             const char *const *words)
{
    struct session s = {.files = false};
    const struct troth_parsing parsing = troth_options_parse_files(
        &s, &s.problem, command->options, words, take_word);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED && (!s.folder || !*s.folder))
        (void)troth_problem_usage(&s.problem, "it takes an image and a new folder: FILE "
                                              "and DIR");
    else if (parsing.parsed == TROTH_PARSED)
        status = extract(&s);
    if (s.problem.name)
        status = troth_problem_print(&s.problem, NULL);
    return status;
}
