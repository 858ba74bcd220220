/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_order.h"

#include "cli/commands.h"

#define TEXT(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        ((struct troth_image_build_order *)order)->member = value;                       \
        return true;                                                                     \
    }
TEXT(output)
TEXT(store)
TEXT(runtime)
#undef TEXT

#define FLAG(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        (void)value;                                                                     \
        ((struct troth_image_build_order *)order)->member = true;                        \
        return true;                                                                     \
    }
FLAG(lock)
FLAG(fetch)
FLAG(check)
FLAG(json)
#undef FLAG

/* clang-format off */
const struct troth_option troth_build_options[] = {
    {"lock", NULL, "take every input as it is, look packages up anew and fetch them; write the lock file",
     false, take_lock},
    {"fetch", NULL, "fetch the locked packages that the store lacks", false, take_fetch},
    {"check", NULL, "write nothing: build twice, with all different that must not matter, and compare",
     false, take_check},
    {"output", "DIR", "where the image and what goes with it are written; here unless given", false,
     take_output},
    {"store", "DIR", "where fetched packages are kept, if not in the user's own cache", false, take_store},
    {"runtime", "DIR", "Troth's own programs for images, if not those beside this program", false,
     take_runtime},
    {"json", NULL, "print the measurements as JSON (docs/build.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_build_operands[] = " FILE";

const char troth_build_example[] = "troth build --lock examples/hello";

const char troth_build_notes[] =
    "FILE says what the image is made of (docs/build-file.md), or is the folder of a\n"
    "build.yaml. The lock file beside it has every input by its digest: one that differs "
    "is\nan error. Written are NAME.eif, its measurements, where it came from "
    "(provenance) and\nwhat is in it (SPDX): all of them, or nothing. Without --lock and "
    "--fetch nobody is\nasked for anything.\n"
    "Status 1: two builds of --check differ. Status 2: there is no image.\n\n";

static bool take_word(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_image_build_order *o = order;

    if (o->path)
        return troth_problem_usage(problem, "one FILE is enough, '%s' is another", value);
    o->path = value;
    return true;
}

static bool check(const struct troth_image_build_order *order,
                  struct troth_problem *problem)
{
    if (!order->path) {
        (void)troth_problem_usage(problem, "FILE is missing");
        troth_problem_hint(problem, "a build file, or the folder of a build.yaml; --help "
                                    "says the rest");
        return false;
    }
    if (!order->check)
        return true;
    if (order->lock)
        return troth_problem_usage(problem, "--check builds what is locked already: "
                                            "--lock does not go with it");
    return !order->output || troth_problem_usage(problem, "--check writes nothing: "
                                                          "--output does not go with it");
}

bool troth_image_build_order_parse(struct troth_image_build_order *out,
                                   struct troth_problem *problem, bool *out_help,
                                   const char *const *words)
{
    struct troth_parsing parsing;

    *out = (struct troth_image_build_order){.path = NULL};
    parsing = troth_options_parse_files(out, problem, troth_build_options, words,
                                        take_word);
    *out_help = parsing.parsed == TROTH_PARSED_HELP;
    return *out_help || (parsing.parsed == TROTH_PARSED && check(out, problem));
}
