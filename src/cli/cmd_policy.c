/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/policy_verbs.h"
#include "cli/verbs.h"

/* clang-format off */
const struct troth_command troth_policy_verbs[] = {
    {"policy check", "FILE...", "read policies: what each demands, what it leaves open, what is wrong with it",
     troth_policy_check_options, "troth policy check policy.yaml",
     "FILE is a policy (docs/policy.md) in YAML or JSON; '-' is standard input.\n"
     "Status 1: a policy cannot be used. Status 2: a file cannot be read.\n\n",
     troth_policy_check, " FILE..."},
    {"policy digest", "FILE", "print what names a policy, whatever way it is written",
     troth_policy_digest_options, "troth policy digest policy.yaml",
     "Comments, order, notation and `tests` do not count. Tokens name the policy by this\n"
     "('troth result verify --policy-id').\n\n",
     troth_policy_digest_verb, " FILE"},
    {"policy explain", "FILE EVIDENCE", "judge evidence and say what in the policy decided",
     troth_policy_explain_options, "troth policy explain policy.yaml evidence.bin",
     "FILE is a policy, EVIDENCE as for 'troth verify'; one of them may be '-'.\n"
     "What the policy says comes with its line; of a rule that does not hold, the part that\n"
     "decided, and its values.\n\n",
     troth_policy_explain, " FILE EVIDENCE"},
    {"policy test", "FILE", "run the tests that a policy carries",
     troth_policy_test_options, "troth policy test policy.yaml",
     "Paths are from where FILE lies. Neither the cache nor a service is asked, so that it comes\n"
     "out the same everywhere. Output is TAP.\n"
     "Status 1: a test came out otherwise. Status 2: a test could not be run.\n\n",
     troth_policy_test, " FILE"},
    {"policy init", "EVIDENCE", "write a first policy: exactly this image, on this machine",
     troth_policy_init_options, "troth policy init evidence.bin > policy.yaml",
     "The evidence is verified first, with any code, nonce and finding allowed: what it needed\n"
     "stands in the policy, with a warning. Status 1: it does not verify, and there is no policy.\n\n",
     troth_policy_init, " EVIDENCE"},
    {.name = NULL},
};
/* clang-format on */

const struct troth_option troth_policy_options[] = {
    {"help", NULL, "print this", false, NULL}, {NULL, NULL, NULL, false, NULL}};

const char troth_policy_operands[] = " check|digest|explain|test|init ...";

const char troth_policy_example[] = "troth policy init evidence.bin > policy.yaml";

const char troth_policy_notes[] =
    "check FILE...          what it demands, what it leaves open, what is wrong with it\n"
    "digest FILE            what names it, whatever way it is written\n"
    "explain FILE EVIDENCE  judge evidence and say what in the policy decided\n"
    "test FILE              run the tests that it carries\n"
    "init EVIDENCE          write a first policy: exactly this image, on this machine\n\n"
    "'troth policy VERB --help' lists the options of each.\n\n";

int troth_cmd_policy(const struct troth_command *command, const char *const *words)
{
    return troth_verbs_run(command, words);
}
