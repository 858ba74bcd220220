/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_order.h"

#include <string.h>

#define TEXT(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        ((struct troth_run_order *)order)->member = value;                               \
        return true;                                                                     \
    }
TEXT(listen)
TEXT(upstream)
TEXT(run_file)
TEXT(state)
TEXT(policy)
TEXT(ask)
TEXT(certificate)
TEXT(key)
#undef TEXT

#define FLAG(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        (void)value;                                                                     \
        ((struct troth_run_order *)order)->member = true;                                \
        return true;                                                                     \
    }
FLAG(image_holds_run_file)
FLAG(measure)
FLAG(json)
#undef FLAG

static bool take_path(struct troth_problem *problem, const char **paths, size_t *count,
                      const char *option, const char *value)
{
    if (*count == TROTH_RUN_ORDER_PATHS_MAX)
        return troth_problem_usage(problem, "%s: no more than %d times", option,
                                   TROTH_RUN_ORDER_PATHS_MAX);
    paths[(*count)++] = value;
    return true;
}

static bool take_root(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_run_order *order = given;

    return take_path(problem, order->roots, &order->root_count, "--root", value);
}

static bool take_collateral(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_run_order *order = given;

    return take_path(problem, order->collateral, &order->collateral_count, "--collateral",
                     value);
}

/* clang-format off */
const struct troth_option troth_run_options[] = {
    {"listen", "ADDR", "where clients come: 0.0.0.0:8443, [::]:8443, vsock:8443", false, take_listen},
    {"upstream", "ADDR", "where the program answers: 127.0.0.1:PORT, its own and nobody else's, or "
     "the path of a Unix socket in STATE/program", false, take_upstream},
    {"run-file", "FILE", "what the program may see, write and reach (docs/run.md); it is measured",
     false, take_run_file},
    {"state", "DIR", "for the agent's socket and its log; " TROTH_RUN_STATE " unless given", false,
     take_state},
    {"ask", "none|epoch|strict", "what clients have to prove; nothing unless given", false, take_ask},
    {"policy", "FILE", "what their evidence is held against: JSON (docs/policy.md)", false, take_policy},
    {"root", "FILE", "trust this root for their evidence, too", true, take_root},
    {"collateral", "PATH", "certificates, revocation lists and statements for it: a file or every "
     "file in a folder", true, take_collateral},
    {"certificate", "FILE", "the server's own, PEM, its chain behind it; made at start unless given",
     false, take_certificate},
    {"key", "FILE", "its private key, PEM; nobody else may read the file", false, take_key},
    {"image-holds-run-file", NULL, "this machine's own measurement covers the run file: where no "
     "register takes events", false, take_image_holds_run_file},
    {"measure", NULL, "print what evidence will say of the run file and the program, and end", false,
     take_measure},
    {"json", NULL, "print that as JSON", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_run_example[] = "troth run --listen 0.0.0.0:8443 --upstream "
                                 "127.0.0.1:8000 -- python3 -m http.server 8000 --bind "
                                 "127.0.0.1";

const char troth_run_notes[] =
    "PROGRAM runs as a user of its own, without the device, with a network that has\n"
    "nothing but itself; who comes to ADDR is let through to it once this machine has\n"
    "proven itself. What the run file says cannot be said by an option, too.\n"
    "Status: the program's, 128 and more: a signal ended it; 125: it was not run, 126:\n"
    "it cannot be, 127: there is none; 2: the command line or the run file is wrong.\n\n";

/* Words before "--" that are no options would be taken for the program's otherwise. */
static bool take_word(void *given, struct troth_problem *problem, const char *word)
{
    struct troth_run_order *order = given;

    if (order->program && order->program[order->taken] == word) {
        order->taken++;
        return true;
    }
    (void)troth_problem_usage(problem, "'%s' is no option", word);
    troth_problem_hint(problem, "the program and its arguments stand behind --");
    return false;
}

static bool check(const struct troth_run_order *order, struct troth_problem *problem)
{
    if (order->program && !*order->program)
        return troth_problem_usage(problem, "there is no program behind --");
    if (order->json && !order->measure)
        return troth_problem_usage(problem, "--json means nothing without --measure");
    if (order->image_holds_run_file && !order->run_file)
        return troth_problem_usage(
            problem, "--image-holds-run-file means nothing without --run-file");
    return true;
}

bool troth_run_order_parse(struct troth_run_order *out, struct troth_problem *problem,
                           bool *out_help, const char *const *words)
{
    struct troth_parsing parsing;

    *out = (struct troth_run_order){.state = TROTH_RUN_STATE};
    for (const char *const *w = words; *w && !out->program; w++)
        if (strcmp(*w, "--") == 0)
            out->program = w + 1;
    parsing = troth_options_parse_files(out, problem, troth_run_options, words,
                                        take_word);
    *out_help = parsing.parsed == TROTH_PARSED_HELP;
    return *out_help || (parsing.parsed == TROTH_PARSED && check(out, problem));
}
