/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/run_check.h"

#include <stdlib.h>

#include "service/run/run_file.h"

/* A place in the run file is said in the text: the problem's own is in the build file. */
static bool complain(struct troth_build_problem *problem,
                     const struct troth_run_issue *issue)
{
    if (issue->place.line > 0)
        (void)troth_build_fail(problem, "", "run, line %u, column %u: %.180s",
                               (unsigned)issue->place.line, (unsigned)issue->place.column,
                               issue->text);
    else
        (void)troth_build_fail(problem, "", "run: %s", issue->text);
    troth_build_hint(problem, "%s", issue->hint);
    return false;
}

static bool parse(struct troth_build_problem *problem, struct troth_span text,
                  struct troth_arena *arena)
{
    struct troth_run_file file;
    struct troth_run_issue issue = {.text = ""};
    const enum troth_err err = troth_run_file_parse(&file, &issue, text, arena);

    if (err)
        return issue.text[0]
                   ? complain(problem, &issue)
                   : troth_build_fail(problem, "", "run: %s", troth_err_text(err));
    return file.program.count > 0 ||
           troth_build_fail(problem, "",
                            "run: program is missing: there would be nothing "
                            "to run");
}

bool troth_image_check_run(void *state, struct troth_build_problem *problem,
                           struct troth_span text)
{
    struct troth_arena arena = {malloc(TROTH_RUN_FILE_ARENA_SIZE),
                                TROTH_RUN_FILE_ARENA_SIZE, 0};
    const bool fine = arena.base
                          ? parse(problem, text, &arena)
                          : troth_build_fail(problem, "", "there is no memory left");

    (void)state;
    free(arena.base);
    return fine;
}
