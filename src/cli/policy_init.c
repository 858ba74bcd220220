/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_verbs.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/policy_file.h"
#include "cli/question.h"
#include "cli/result_json.h"
#include "cli/status.h"
#include "evidence/format.h"
#include "policy/starter.h"
#include "troth/provider.h"

/* One command line being carried out; rows of `troth verify` take its order. */
struct session {
    struct troth_order order;
    struct troth_problem problem;
    const char *name;
};

static bool take_name(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct session *)session)->name = value;
    return true;
}

const struct troth_option troth_policy_init_options[] = {
    TROTH_ASKING_OPTIONS,
    {"name", "NAME", "what the policy is called", false, take_name},
    {"json", NULL, "print the policy as JSON, or the result that refuses one", false,
     troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

/* What may be in the way of evidence that is genuine: it is seen, and written down. */
static bool wave_through(struct session *s)
{
    struct troth_requirements *r = &s->order.requirements;
    const struct troth_format *const *format;
    struct troth_span *any, *allow;
    size_t count = 0;

    for (format = troth_formats(); *format; format++)
        for (size_t i = 0; (*format)->findings[i]; i++)
            count++;
    any = troth_inputs_allocate(&s->order.inputs, &s->problem, 2 * sizeof *any);
    allow = troth_inputs_allocate(&s->order.inputs, &s->problem, count * sizeof *allow);
    if (!any || !allow)
        return false;
    any[r->any.count++] = TROTH_LITERAL("measurement");
    if (!r->has_nonce && !r->has_binding)
        any[r->any.count++] = TROTH_LITERAL("nonce");
    for (format = troth_formats(); *format; format++)
        for (size_t i = 0; (*format)->findings[i]; i++)
            allow[r->allow.count++] = troth_span_of_text((*format)->findings[i]);
    r->any.rows = any;
    r->allow.rows = allow;
    return true;
}

/* A report that a lower privilege level asked for names it in its policy. */
static bool is_in_the_way(const struct troth_check *check)
{
    return check->outcome == TROTH_FAILED &&
           !(check->id == TROTH_CHECK_REQUESTER && check->flag);
}

static enum troth_answer answer_of(const struct troth_result *result)
{
    enum troth_answer answer = TROTH_ACCEPTED;

    for (size_t i = 0; i < result->verdict.count; i++) {
        const struct troth_check *check = &result->verdict.checks[i];

        if (is_in_the_way(check))
            return TROTH_REFUSED;
        if (check->outcome == TROTH_NOT_MADE)
            answer = TROTH_UNDETERMINED;
    }
    return answer;
}

static void tell_check(const struct troth_check *check)
{
    char text[512];

    (void)snprintf(text, sizeof text, "%s: %s%s%s", troth_check_name(check->id),
                   check->subject ? check->subject : "", check->subject ? ": " : "",
                   check->why ? check->why : "not made");
    troth_say(check->outcome == TROTH_FAILED ? "refused" : "undetermined", text);
}

/* There is no policy; standard output stays empty, as it may be a policy's file. */
static bool print_refusal(struct session *s, const struct troth_question *question)
{
    const struct troth_result *result = &question->result;

    if (s->order.json && !troth_result_json_print(&s->order.inputs, &s->problem, result))
        return false;
    for (size_t i = 0; !s->order.json && i < result->verdict.count; i++) {
        const struct troth_check *check = &result->verdict.checks[i];

        if (is_in_the_way(check) || check->outcome == TROTH_NOT_MADE)
            tell_check(check);
    }
    troth_question_hint(question);
    return true;
}

/* What is printed is read first: it can be used, whatever it is called. */
static bool print_policy(struct session *s, const struct troth_question *question)
{
    uint8_t *room = troth_inputs_allocate(&s->order.inputs, &s->problem,
                                          TROTH_STARTER_ROOM);
    struct troth_writer w = troth_writer_over(room, TROTH_STARTER_ROOM);
    struct troth_policy_document document;
    struct troth_span text;

    if (!room)
        return false;
    troth_starter_write(&w, troth_span_of_text(s->name), &question->result);
    text = troth_writer_span(&w);
    if (!troth_policy_document_parse(&document, &s->order.inputs, &s->problem,
                                     question->crypto, text))
        return false;
    if (!document.policy)
        return troth_policy_complain(&s->problem, "the policy", &document.issue);
    if (s->order.json)
        troth_json_page_print(stdout, troth_policy_canonical(document.policy));
    else
        (void)fwrite(text.ptr, 1, text.len, stdout);
    return true;
}

static bool init(struct session *s, struct troth_question *question, const char *file,
                 int *status)
{
    if (!wave_through(s) ||
        !troth_question_ask(question, &s->problem, &s->order, question->crypto, file))
        return false;
    *status = troth_status_of(answer_of(&question->result));
    return *status == TROTH_STATUS_YES ? print_policy(s, question)
                                       : print_refusal(s, question);
}

static int work(struct session *s, const char *file)
{
    struct troth_crypto crypto;
    struct troth_question question = {.order = &s->order, .crypto = &crypto};
    struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    int status = TROTH_STATUS_UNDETERMINED;
    bool fine = fault.err ? troth_problem_fault(&s->problem, "", &fault)
                          : init(s, &question, file, &status);

    troth_question_end(&question);
    troth_provider_destroy(&crypto);
    return fine ? status : TROTH_STATUS_UNDETERMINED;
}

int troth_policy_init(const struct troth_command *command, const char *const *words)
{
    struct session s = {.name = "first-policy"};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (troth_order_begin(&s.order, &s.problem, words))
        parsing = troth_options_parse(&s, &s.problem, command->options, words);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = work(&s, parsing.file);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"policy\":null" : NULL);
    troth_order_release(&s.order);
    return status;
}
