/* log_verbs.h - what `troth log` can do; each verb is a command. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_VERBS_H
#define TROTH_CLI_LOG_VERBS_H

#include "cli/commands.h"

/* clang-format off */
#define TROTH_LOG_VERBS(X)                                                          \
    /* verb     usage               does                                                 */ \
    X(init,     "FOLDER",           "make a log: its folder, its name and its key")               \
    X(append,   "FOLDER [FILE]...", "put entries into a log, for good")                           \
    X(serve,    "FOLDER",           "show a log to everybody, and take entries from inside")      \
    X(prove,    "FOLDER|URL",       "write a bundle by which others check an entry offline")      \
    X(verify,   "BUNDLE",           "check a bundle, two checkpoints, or a field that was opened")\
    X(show,     "FOLDER|URL|FILE",  "print a log's tree and entries, or what a file says")        \
    X(disclose, "FOLDER",           "open one private field of a record for somebody")            \
    X(monitor,  "FOLDER|URL",       "follow a log: that it only grows, and what it says")         \
    X(witness,  "FOLDER",           "cosign others' logs, and never two trees that contradict")

/* clang-format on */

/* What each verb's own file has to give: its options, which end with a NULL name, an
 * example, notes; and its work, which returns the exit status. */
#define X(verb, usage, does)                                                             \
    extern const struct troth_option troth_log_##verb##_options[];                       \
    extern const char troth_log_##verb##_example[];                                      \
    extern const char troth_log_##verb##_notes[];                                        \
    int troth_log_##verb##_verb(const struct troth_command *command,                     \
                                const char *const *words);
TROTH_LOG_VERBS(X)
#undef X

#endif
