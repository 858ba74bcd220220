/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>

#include "cli/help.h"
#include "cli/question.h"
#include "cli/result_json.h"
#include "cli/result_page.h"
#include "cli/status.h"
#include "cli/token.h"
#include "troth/provider.h"

/* clang-format off */
const struct troth_option troth_verify_options[] = {
    {"policy", "FILE", "hold it against this policy (docs/policy.md), which says what the flags "
     "--expect, --any and --allow would", false, troth_order_policy},
    TROTH_ASKING_OPTIONS,
    {"expect", "CLAIM=VALUE", "a claim must have this value, as 'troth show' prints it", true,
     troth_order_expect},
    {"any", "CLAIM", "take any value of measurement, nonce or another claim", true,
     troth_order_any},
    {"allow", "CLAIM", "accept what is refused by default, such as debug", true,
     troth_order_allow},
    {"event-log", "FILE", "what happened at run time (docs/event-log.md): it must make the register "
     "that the evidence carries", false, troth_order_event_log},
    {"event", "NAME=HEX", "the log's events before its boundary must hold this one, once", true,
     troth_order_event},
    TROTH_LOG_PROOF_OPTION,
    {"ear", "KEY", "print the result as a token (EAR) that this private key signs: PEM, P-256 or "
     "Ed25519", false, troth_order_ear},
    {"ear-profile", "draft|veraison", "how the token's names are spelled: as the draft has them now, "
     "or as its readers did before", false, troth_order_ear_profile},
    {"json", NULL, "print the result as JSON (docs/verify.schema.json)", false,
     troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_verify_operands[] = " FILE";

const char troth_verify_example[] =
    "troth verify --time document --any measurement --any nonce evidence.bin";

const char troth_verify_notes[] =
    "FILE is evidence as received, raw or as PEM, hex or base64; '-' is standard input.\n"
    "The code (measurement) and the challenge (nonce) must each be named, or waved "
    "through\n"
    "with --any: what is not asked for is refused.\n"
    "Collateral that is not given comes from the cache, or from its vendor's service\n"
    "('troth collateral' says more).\n\n";

static bool print(struct troth_order *order, struct troth_problem *problem,
                  const struct troth_result *result)
{
    struct troth_page page = troth_page_of_output();

    if (order->json)
        return troth_result_json_print(&order->inputs, problem, result);
    troth_result_page_print(&page, result);
    return true;
}

static bool verify(struct troth_question *question, struct troth_order *order,
                   struct troth_problem *problem, const struct troth_crypto *crypto,
                   const char *file)
{
    if (order->ear && order->json)
        return troth_problem_usage(problem, "--ear and --json: one result at a time");
    if (!troth_question_ask(question, problem, order, crypto, file))
        return false;
    if (order->ear ? !troth_token_print(order, problem, &question->result, crypto)
                   : !print(order, problem, &question->result))
        return false;
    troth_question_hint(question);
    return true;
}

static int run(struct troth_order *order, struct troth_problem *problem, const char *file)
{
    struct troth_crypto crypto;
    struct troth_question question = {.order = order};
    struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    bool fine = fault.err ? troth_problem_fault(problem, "", &fault)
                          : verify(&question, order, problem, &crypto, file);

    troth_question_end(&question);
    troth_provider_destroy(&crypto);
    return fine ? troth_status_of(question.result.answer) : TROTH_STATUS_UNDETERMINED;
}

int troth_cmd_verify(const struct troth_command *command, const char *const *words)
{
    struct troth_order order;
    struct troth_problem problem = {0};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    bool json = troth_options_want_json(words);
    int status = TROTH_STATUS_UNDETERMINED;

    if (troth_order_begin(&order, &problem, words))
        parsing = troth_options_parse(&order, &problem, command->options, words);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = run(&order, &problem, parsing.file);
    }
    if (problem.name)
        status = troth_problem_print(&problem,
                                     json ? "\"verdict\":\"undetermined\"" : NULL);
    troth_order_release(&order);
    return status;
}
