/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "cli/help.h"
#include "cli/image/build_problem.h"
#include "cli/image/reproduce.h"
#include "cli/image/run_check.h"
#include "cli/progress.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_reproduce_order order; /* first: rows of options take it */
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_progress progress;
    struct troth_build_result built;
    struct troth_question question;
    struct troth_reproduction reproduction;
    struct troth_image_view views[2]; /* deployed, built */
    struct troth_image_difference *difference;
    int image; /* the built one, without a name; -1: not yet */
};

/* ---- the command line ---- */

static bool take_store(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_reproduce_order *)order)->store = value;
    return true;
}

static bool take_runtime(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_reproduce_order *)order)->runtime = value;
    return true;
}

static bool take_image(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_reproduce_order *)order)->image = value;
    return true;
}

static bool take_fetch(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct troth_reproduce_order *)order)->fetch = true;
    return true;
}

/* clang-format off */
const struct troth_option troth_reproduce_options[] = {
    {"policy", "FILE", "hold the evidence against this policy, too (docs/policy.md)", false,
     troth_order_policy},
    TROTH_ASKING_OPTIONS,
    TROTH_LOG_PROOF_OPTION,
    {"expect", "CLAIM=VALUE", "a claim that is not compared must have this value", true,
     troth_order_expect},
    {"any", "CLAIM", "take any value of nonce, or of a register that no source tells", true,
     troth_order_any},
    {"allow", "CLAIM", "accept what is refused by default, such as debug", true, troth_order_allow},
    {"image", "FILE", "the image that is deployed, if you have it: says file by file what differs", false,
     take_image},
    {"store", "DIR", "where inputs are kept, if not in the user's own cache", false, take_store},
    {"runtime", "DIR", "where Troth's programs for images are, if not beside this one", false, take_runtime},
    {"fetch", NULL, "get locked packages that the store lacks", false, take_fetch},
    {"json", NULL, "print it as JSON (docs/reproduce.schema.json)", false, troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_reproduce_operands[] = " EVIDENCE DIR";

const char troth_reproduce_example[] =
    "troth reproduce --any nonce evidence.bin examples/hello";

const char troth_reproduce_notes[] =
    "EVIDENCE is as for 'troth verify', and judged so. DIR holds a build.yaml, or is one "
    "itself; it is\n"
    "built anew, and every register held against the evidence. Sources may differ from "
    "the lock, and\n"
    "it is said which do; what came from elsewhere may not.\n"
    "Status 0: the evidence is accepted, and what runs there is what this source makes. "
    "Status 1: no.\n\n";

static bool take_word(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_reproduce_order *o = order;

    if (o->source)
        return troth_options_refuse_word(order, problem, value);
    *(o->evidence ? &o->source : &o->evidence) = value;
    return true;
}

/* ---- building ---- */

static void note_change(void *state, enum troth_lock_change change,
                        const struct troth_input *locked, const struct troth_input *seen)
{
    struct troth_reproduction *r = &((struct session *)state)->reproduction;
    const struct troth_input *input = locked ? locked : seen;

    if (r->change_count < TROTH_REPRODUCE_CHANGES) {
        struct troth_reproduce_change *row = &r->changes[r->change_count];

        row->change = change;
        row->kind = input->kind;
        (void)snprintf(row->name, sizeof row->name, "%s", input->name);
    }
    r->change_count++;
}

static void tell_step(void *state, const char *text)
{
    troth_progress_tell(&((struct session *)state)->progress, text);
}

/* Gone with its descriptor. */
static bool create_image(struct session *s)
{
    const char *folder = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
    char path[4096];

    (void)snprintf(path, sizeof path, "%.4000s/troth-reproduce-XXXXXX",
                   folder && *folder ? folder : "/tmp");
    s->image = mkostemp(path, O_CLOEXEC);
    if (s->image < 0)
        return troth_problem_io(&s->problem, "cannot write", path, errno);
    (void)unlink(path);
    return true;
}

static bool build(struct session *s)
{
    const struct troth_build_order order = {
        .path = s->order.source,
        .store = s->order.store,
        .runtime = s->order.runtime,
        .lock = TROTH_BUILD_OWN_MAY_DIFFER,
        .fetch = s->order.fetch,
        .changed = note_change,
        .step = tell_step,
        .check_run = troth_image_check_run,
        .state = s,
        .said = STDERR_FILENO,
    };
    struct troth_build_problem why = {.subject = ""};
    bool fine;

    if (!create_image(s))
        return false;
    s->progress = troth_progress_begin();
    fine = troth_build(&s->built, &why, &s->crypto, &order, s->image);
    troth_progress_tell(&s->progress, NULL);
    return fine || troth_problem_of_build(&s->problem, &why);
}

static bool choose_measurements(struct session *s)
{
    const struct troth_measurements *rows[] = {&s->built.nitro, &s->built.snp,
                                               &s->built.tdx};
    const char *kind = s->reproduction.format->name;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i]->count > 0 && strcmp(rows[i]->kind, kind) == 0)
            s->reproduction.measurements = rows[i];
    if (s->reproduction.measurements)
        return true;
    (void)troth_problem_usage(
        &s->problem,
        "%s: the evidence is of a machine of kind %s, and this says "
        "nothing of one",
        s->order.source, kind);
    troth_problem_hint(
        &s->problem, "firmware: {%s: ...} in the build file (docs/build-file.md)", kind);
    return false;
}

/* ---- judging ---- */

static bool read_evidence(struct session *s)
{
    struct troth_inputs *inputs = &s->order.common.inputs;

    if (!troth_inputs_read_evidence(inputs, &s->problem, s->order.evidence))
        return false;
    s->reproduction.format = troth_format_recognise(inputs->evidence);
    if (s->reproduction.format)
        return troth_reproduce_check(&s->order, &s->problem, s->reproduction.format);
    return troth_problem_fault(&s->problem, troth_inputs_name(s->order.evidence),
                               &(struct troth_fault){TROTH_ERR_KIND, NULL, 0});
}

/* Is the image that was given what the evidence is of? Only then it says anything. */
static bool check_deployed(struct session *s)
{
    const struct troth_claims *claims = &s->question.result.claims;
    struct troth_measurements rows;

    troth_image_measurements(&rows, &s->views[0].facts);
    for (size_t i = 0; i < rows.count; i++) {
        const struct troth_claim *seen = troth_claims_find(
            claims, troth_span_of_text(rows.rows[i].claim));

        if (!seen ||
            !troth_span_equal(seen->value.bytes,
                              (struct troth_span){rows.rows[i].value, rows.rows[i].len}))
            return troth_problem_usage(&s->problem,
                                       "%s: is not what the evidence is of: %s differs",
                                       s->order.image, rows.rows[i].claim);
    }
    /* What nobody signed has no row of its own for that. */
    if (s->reproduction.is_signed && !s->views[0].facts.is_signed)
        return troth_problem_usage(&s->problem,
                                   "%s: is not what the evidence is of: nitro.pcr8 says "
                                   "that it was signed, and this is not",
                                   s->order.image);
    return true;
}

static bool compare_image(struct session *s)
{
    if (!s->order.image)
        return true;
    s->difference = calloc(1, sizeof *s->difference);
    if (!s->difference)
        return troth_problem_memory(&s->problem);
    if (!troth_image_view_open(&s->views[0], &s->problem, &s->crypto, s->order.image) ||
        !check_deployed(s) ||
        !troth_image_view_over(&s->views[1], &s->problem, &s->crypto, "what was built",
                               s->image) ||
        !troth_image_difference_make(s->difference, &s->problem, &s->views[0],
                                     &s->views[1]))
        return false;
    s->reproduction.image = s->difference;
    return true;
}

static enum troth_answer answer_of(const struct troth_reproduction *r)
{
    return r->is_same ? r->result->answer : TROTH_REFUSED;
}

static bool judge(struct session *s)
{
    struct troth_reproduction *r = &s->reproduction;

    if (!troth_reproduce_expect(&s->order, &s->problem, r->format, r->measurements) ||
        !troth_question_ask(&s->question, &s->problem, &s->order.common, &s->crypto,
                            s->order.evidence))
        return false;
    r->result = &s->question.result;
    troth_reproduction_compare(r, &s->question.result.claims);
    r->answer = answer_of(r);
    return compare_image(s);
}

static bool print(struct session *s)
{
    if (s->order.common.json)
        return troth_reproduce_json_print(&s->order, &s->problem, &s->reproduction);
    troth_reproduce_page_print(&s->reproduction);
    if (s->reproduction.is_same)
        troth_question_hint(&s->question);
    return true;
}

/* ---- all of it ---- */

static int work(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};

    if (fault.err) {
        (void)troth_problem_fault(&s->problem, "", &fault);
        return TROTH_STATUS_UNDETERMINED;
    }
    if (!s->order.source) {
        (void)troth_problem_usage(&s->problem, "it takes evidence and what to build: "
                                               "EVIDENCE and DIR");
        return TROTH_STATUS_UNDETERMINED;
    }
    return read_evidence(s) && build(s) && choose_measurements(s) && judge(s) && print(s)
               ? troth_status_of(s->reproduction.answer)
               : TROTH_STATUS_UNDETERMINED;
}

static void end(struct session *s)
{
    if (s->difference)
        troth_image_difference_release(s->difference);
    free(s->difference);
    troth_image_view_close(&s->views[0]);
    troth_image_view_close(&s->views[1]);
    troth_question_end(&s->question);
    troth_build_result_release(&s->built);
    if (s->image >= 0)
        (void)close(s->image);
    troth_provider_destroy(&s->crypto);
    troth_order_release(&s->order.common);
    free(s);
}

int troth_cmd_reproduce(const struct troth_command *command, const char *const *words)
{
    struct session *s = calloc(1, sizeof *s);
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (!s) {
        struct troth_problem problem;

        (void)troth_problem_memory(&problem);
        return troth_problem_print(&problem, NULL);
    }
    s->image = -1;
    if (troth_order_begin(&s->order.common, &s->problem, words))
        parsing = troth_options_parse_files(&s->order, &s->problem, command->options,
                                            words, take_word);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = work(s);
    }
    if (s->problem.name)
        status = troth_problem_print(&s->problem, troth_options_want_json(words)
                                                      ? "\"reproduced\":\"undetermined\""
                                                      : NULL);
    end(s);
    return status;
}
