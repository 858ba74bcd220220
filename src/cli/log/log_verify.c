/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verify.h"

#include "cli/help.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_page.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"
#include "cli/status.h"
#include "troth/provider.h"

/* clang-format off */
TROTH_TAKE_TEXT(log, struct troth_log_verifying, trust.log)
TROTH_TAKE_TEXT(witnesses, struct troth_log_verifying, trust.witnesses)
TROTH_TAKE_TEXT(entry, struct troth_log_verifying, entry)
TROTH_TAKE_TEXT(disclosure, struct troth_log_verifying, disclosure)
TROTH_TAKE_TEXT(ca, struct troth_log_verifying, ca)
TROTH_TAKE_FLAG(consistency, struct troth_log_verifying, is_consistency)
TROTH_TAKE_FLAG(json, struct troth_log_verifying, json)
/* clang-format on */

static bool take_word(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_verifying *v = session;

    if (v->word_count == TROTH_LOG_VERIFY_WORDS)
        return troth_problem_usage(problem, "'%s' is one file too many", value);
    v->words[v->word_count++] = value;
    return true;
}

const struct troth_option troth_log_verify_options[] = {
    {"log", "VKEY", TROTH_LOG_TRUST_LOG_DOES, false, take_log},
    {"witnesses", "FILE", TROTH_LOG_TRUST_WITNESSES_DOES, false, take_witnesses},
    {"entry", "FILE", "the entry it is to be, instead of the one in the bundle", false,
     take_entry},
    {"consistency", NULL, "is the tree of one checkpoint the beginning of the other's?",
     false, take_consistency},
    {"disclosure", "FILE", "a private field that was opened by 'troth log disclose'",
     false, take_disclosure},
    {"ca", "FILE", "certificates to trust for the log's https address", false, take_ca},
    {"json", NULL, "print it as JSON (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_verify_example[] =
    "troth log verify --witnesses witnesses.json release.tlog-proof";

const char troth_log_verify_notes[] =
    "also: troth log verify --consistency OLD NEW FOLDER|URL\n"
    "also: troth log verify --disclosure FILE\n"
    "\n"
    "A bundle is checked with what is in it, and no network. That an entry is in a log\n"
    "says not that it is true. Without witnesses the log alone vouches, which could\n"
    "show others another tree. OLD and NEW are checkpoints, or bundles with one in\n"
    "them; the hashes between come from the log.\n\n";

int troth_log_verify_conclude(struct troth_page *page,
                              const struct troth_log_verifying *v, const char *yes)
{
    troth_page_say(page, v->why ? TROTH_STYLE_BAD : TROTH_STYLE_GOOD,
                   v->why ? "no" : "yes");
    troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
    troth_page_say(page, TROTH_STYLE_PLAIN, v->why ? v->why : yes);
    troth_page_end_line(page);
    return v->why ? TROTH_STATUS_NO : TROTH_STATUS_YES;
}

void troth_log_verify_json(struct troth_json_writer *w,
                           const struct troth_log_verifying *v)
{
    troth_json_write_key(w, "answer");
    troth_json_write_text(w, v->why ? "no" : "yes");
    troth_json_write_key(w, "why");
    if (v->why)
        troth_json_write_text(w, v->why);
    else
        troth_json_write_null(w);
}

static int fail(struct troth_log_verifying *v, const char *what, const char *hint)
{
    (void)troth_problem_usage(&v->problem, "%s", what);
    troth_problem_hint(&v->problem, "%s", hint);
    return TROTH_STATUS_UNDETERMINED;
}

static int ask(struct troth_log_verifying *v)
{
    if (v->is_consistency + (v->disclosure != NULL) + (v->entry != NULL) > 1)
        return fail(v, "--entry, --consistency and --disclosure are three questions",
                    "one at a time");
    if (v->is_consistency)
        return v->word_count == 3
                   ? troth_log_verify_consistency(v)
                   : fail(v, "--consistency takes two checkpoints and a log",
                          "troth log verify --consistency OLD NEW FOLDER|URL");
    if (v->disclosure)
        return v->word_count == 0 ? troth_log_verify_disclosure(v)
                                  : fail(v, "--disclosure has its bundle in it",
                                         "leave the other file out");
    if (v->word_count != 1)
        return fail(v, v->word_count ? "one BUNDLE is enough" : "BUNDLE is missing",
                    "'-' is standard input; --help says the rest");
    return troth_log_verify_bundle(v);
}

int troth_log_verify_verb(const struct troth_command *command, const char *const *words)
{
    struct troth_log_verifying v = {.json = false};
    const struct troth_parsing parsing = troth_options_parse_files(
        &v, &v.problem, command->options, words, take_word);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    if (parsing.parsed == TROTH_PARSED) {
        const struct troth_fault fault = {troth_provider_create(&v.crypto), NULL, 0};

        status = TROTH_STATUS_UNDETERMINED;
        if (fault.err)
            (void)troth_problem_fault(&v.problem, "", &fault);
        else if (troth_log_trust_read(&v.trust, &v.problem, &v.inputs, &v.crypto))
            status = ask(&v);
        troth_provider_destroy(&v.crypto);
    }
    if (v.problem.name)
        status = troth_problem_print(
            &v.problem, troth_options_want_json(words) ? "\"answer\":null" : NULL);
    troth_inputs_release(&v.inputs);
    return status;
}
