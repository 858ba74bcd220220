/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_verbs.h"

#include <stdio.h>

#include "cli/help.h"
#include "cli/policy_file.h"
#include "cli/policy_lines.h"
#include "cli/question.h"
#include "cli/result_json.h"
#include "cli/status.h"
#include "cli/why_page.h"
#include "troth/provider.h"

/* One command line being carried out; rows of `troth verify` take its order. */
struct session {
    struct troth_order order;
    struct troth_problem problem;
    const char *files[2]; /* the policy and the evidence; borrow */
    size_t file_count;
};

const struct troth_option troth_policy_explain_options[] = {
    TROTH_ASKING_OPTIONS,
    TROTH_LOG_PROOF_OPTION,
    {"json", NULL, "print the result as JSON (docs/verify.schema.json)", false,
     troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

static bool take_file(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->file_count == 2)
        return troth_problem_usage(problem, "'%s' is one file too many", value);
    s->files[s->file_count++] = value;
    return true;
}

static bool has_files(struct session *s)
{
    if (s->file_count == 2)
        return true;
    (void)troth_problem_usage(&s->problem, "%s is missing",
                              s->file_count ? "EVIDENCE" : "FILE");
    troth_problem_hint(&s->problem, "first the policy, then the evidence; '-' is "
                                    "standard input");
    return false;
}

static bool read_policy(struct session *s, struct troth_policy_document *document,
                        const struct troth_crypto *crypto)
{
    const char *file = s->files[0];

    if (!troth_policy_document_read(document, &s->order.inputs, &s->problem, crypto,
                                    file))
        return false;
    s->order.policy = file;
    s->order.policy_read = document->policy;
    return document->policy ||
           troth_policy_complain(&s->problem, troth_inputs_name(file), &document->issue);
}

static bool print(struct session *s, const struct troth_result *result)
{
    struct troth_page page = troth_page_of_output();

    if (s->order.json)
        return troth_result_json_print(&s->order.inputs, &s->problem, result);
    troth_why_page_print(&page, troth_inputs_name(s->files[0]), result);
    return true;
}

static bool explain(struct session *s, struct troth_question *question,
                    const struct troth_crypto *crypto)
{
    struct troth_policy_document document;

    if (!has_files(s) || !read_policy(s, &document, crypto) ||
        !troth_question_ask(question, &s->problem, &s->order, crypto, s->files[1]))
        return false;
    troth_policy_lines_add(&question->result, document.tree);
    if (!print(s, &question->result))
        return false;
    troth_question_hint(question);
    return true;
}

static int work(struct session *s)
{
    struct troth_crypto crypto;
    struct troth_question question = {.order = &s->order};
    struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    bool fine = fault.err ? troth_problem_fault(&s->problem, "", &fault)
                          : explain(s, &question, &crypto);

    troth_question_end(&question);
    troth_provider_destroy(&crypto);
    return fine ? troth_status_of(question.result.answer) : TROTH_STATUS_UNDETERMINED;
}

int troth_policy_explain(const struct troth_command *command, const char *const *words)
{
    struct session s = {.file_count = 0};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (troth_order_begin(&s.order, &s.problem, words))
        parsing = troth_options_parse_files(&s, &s.problem, command->options, words,
                                            take_file);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = work(&s);
    }
    if (s.problem.name)
        status = troth_problem_print(&s.problem, troth_options_want_json(words)
                                                     ? "\"verdict\":\"undetermined\""
                                                     : NULL);
    troth_order_release(&s.order);
    return status;
}
