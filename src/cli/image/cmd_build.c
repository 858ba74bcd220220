/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "builder/statements.h"
#include "cli/help.h"
#include "cli/image/build_check.h"
#include "cli/image/build_page.h"
#include "cli/image/build_problem.h"
#include "cli/image/run_check.h"
#include "cli/json_page.h"
#include "cli/status.h"
#include "troth/provider.h"

/* One image, and what goes with it, on its way. */
struct session {
    struct troth_image_build_order order;
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_progress progress;
    struct troth_build_output output;
    struct troth_build_result result;
    struct troth_span measurements; /* allocated */
};

enum { IMAGE = 0, STATEMENTS = 3 };

/* ---- what is being waited for ---- */

static void tell_step(void *state, const char *text)
{
    struct session *s = state;

    troth_progress_tell(&s->progress, text);
}

static void tell_progress(void *state, uint64_t done, uint64_t total)
{
    struct session *s = state;
    char text[80];

    if (total == 0)
        return;
    (void)snprintf(text, sizeof text, "writing the image: %u %%",
                   (unsigned)((double)done * 100 / (double)total));
    troth_progress_tell(&s->progress, text);
}

/* ---- what goes with an image ---- */

static bool make_measurements(uint8_t **out, size_t *out_len,
                              const struct troth_build_file *file,
                              const struct troth_build_result *result)
{
    (void)file;
    return troth_statement_measurements(out, out_len, result);
}

static const struct {
    const char *ending;
    bool (*make)(uint8_t **out, size_t *out_len, const struct troth_build_file *file,
                 const struct troth_build_result *result);
} statements[STATEMENTS] = {
    {".measurements.json", make_measurements},
    {".provenance.json", troth_statement_provenance},
    {".spdx.json", troth_statement_sbom},
};

static bool write_statement(struct session *s, unsigned i)
{
    const struct troth_build_file *file = s->result.file;
    uint8_t *text;
    size_t len;
    bool fine;

    if (!statements[i].make(&text, &len, file, &s->result))
        return troth_problem_memory(&s->problem);
    fine = troth_build_output_add(&s->output, &s->problem) >= 0 &&
           troth_build_output_name(&s->output, &s->problem, i + 1, file->name,
                                   statements[i].ending) &&
           troth_build_output_write(&s->output, &s->problem, i + 1,
                                    (struct troth_span){text, len});
    /* The first is what --json prints. */
    if (i == 0)
        s->measurements = (struct troth_span){text, len};
    else
        free(text);
    return fine;
}

/* ---- building ---- */

static bool write_image(struct session *s)
{
    const struct troth_build_order order = {
        .path = s->order.path,
        .store = s->order.store,
        .runtime = s->order.runtime,
        .lock = s->order.lock ? TROTH_BUILD_LOCK_ANEW : TROTH_BUILD_AS_LOCKED,
        .fetch = s->order.fetch,
        .step = tell_step,
        .progress = tell_progress,
        .check_run = troth_image_check_run,
        .state = s,
        .said = STDERR_FILENO,
    };
    struct troth_build_problem problem;
    const int file = troth_build_output_add(&s->output, &s->problem);
    bool fine;

    if (file < 0)
        return false;
    fine = troth_build(&s->result, &problem, &s->crypto, &order, file);
    troth_progress_tell(&s->progress, NULL);
    return fine ? troth_build_output_name(&s->output, &s->problem, IMAGE,
                                          s->result.file->name, ".eif")
                : troth_problem_of_build(&s->problem, &problem);
}

static bool build(struct session *s)
{
    const char *folder = s->order.output ? s->order.output : ".";
    bool fine = troth_build_output_begin(&s->output, &s->problem, folder) &&
                write_image(s);

    for (unsigned i = 0; fine && i < STATEMENTS; i++)
        fine = write_statement(s, i);
    return fine && troth_build_output_commit(&s->output, &s->problem);
}

static void print(struct session *s)
{
    struct troth_page page = troth_page_of_output();

    if (s->order.json)
        troth_json_page_print(stdout, s->measurements);
    else
        troth_build_page_print(&page, &s->result, &s->output);
}

static int work(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};

    if (fault.err) {
        (void)troth_problem_fault(&s->problem, "crypto", &fault);
        return TROTH_STATUS_UNDETERMINED;
    }
    s->progress = troth_progress_begin();
    if (s->order.check)
        return troth_build_check(&s->problem, &s->crypto, &s->order, &s->progress);
    if (!build(s))
        return TROTH_STATUS_UNDETERMINED;
    print(s);
    return TROTH_STATUS_YES;
}

int troth_cmd_build(const struct troth_command *command, const char *const *words)
{
    struct session s = {.output = {.folder = -1}};
    bool wants_help = false;
    int status = TROTH_STATUS_YES;

    if (troth_image_build_order_parse(&s.order, &s.problem, &wants_help, words)) {
        if (wants_help)
            troth_help_print_command(stdout, command);
        else
            status = work(&s);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"built\":false" : NULL);
    troth_build_output_end(&s.output);
    troth_build_result_release(&s.result);
    free((void *)s.measurements.ptr);
    troth_provider_destroy(&s.crypto);
    return status;
}
