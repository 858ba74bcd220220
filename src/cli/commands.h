/* commands.h - every command there is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_COMMANDS_H
#define TROTH_CLI_COMMANDS_H

#include "cli/options.h"

/* clang-format off */
#define TROTH_COMMANDS(X)                                                                   \
    /* name    usage             does                                                    */ \
    X(verify, "[OPTION]... FILE", "judge evidence: accepted, refused or undetermined")      \
    X(show,   "[--json] FILE",    "print what evidence says of itself, unverified")          \
    X(collateral, "VERB ...",     "fetch and keep what vendors say of their hardware")      \
    X(policy, "VERB ...",         "write, check and test what is demanded of evidence")     \
    X(result, "verify ...",       "judge a result that another verifier signed")            \
    X(run,    "... -- PROGRAM",   "put a program behind proof of this machine")             \
    X(connect, "[OPTION]... ADDR", "reach a program only after the machine is proven")  \
    X(build,  "[OPTION]... FILE",  "make an image from source, the same bytes everywhere")      \
    X(measure, "[OPTION]... FILE", "say what a platform will measure of an image")          \
    X(reproduce, "... EVIDENCE DIR", "build anew what runs somewhere, and compare")         \
    X(image,  "VERB ...",         "show, compare, take apart and sign images")               \
    X(log,    "VERB ...",         "keep a record that others can check, or check one")   \
    X(completion, "bash|zsh",     "print a script by which a shell finishes command lines")
/* clang-format on */

struct troth_command {
    const char *name;
    const char *usage;
    const char *does;
    const struct troth_option *options;
    const char *example; /* a command line that works */
    const char *notes;   /* paragraphs under the table of options */
    /* `words` are those behind the command's name; returns the exit status. */
    int (*run)(const struct troth_command *command, const char *const *words);
    const char *operands; /* " FILE": what stands behind the options */
};

/* What each command's own file has to give. */
#define X(name, usage, does)                                                             \
    extern const struct troth_option troth_##name##_options[];                           \
    extern const char troth_##name##_example[];                                          \
    extern const char troth_##name##_notes[];                                            \
    extern const char troth_##name##_operands[];                                         \
    int troth_cmd_##name(const struct troth_command *command, const char *const *words);
TROTH_COMMANDS(X)
#undef X

/* All of them, ending with a NULL name. */
const struct troth_command *troth_commands(void);

/* The whole program; returns the exit status. */
int troth_main(const char *const *argv);

#endif
