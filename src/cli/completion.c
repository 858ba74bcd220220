/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

#include <string.h>

#include "cli/verbs.h"

/* What --help calls things that have a name in the file system. */
static const struct {
    const char *name;
    enum troth_expected expected;
} known[] = {
    {"FILE", TROTH_EXPECTED_FILE},       {"PATH", TROTH_EXPECTED_FILE},
    {"EVIDENCE", TROTH_EXPECTED_FILE},   {"OUT", TROTH_EXPECTED_FILE},
    {"KEY", TROTH_EXPECTED_FILE},        {"PUB", TROTH_EXPECTED_FILE},
    {"DIR", TROTH_EXPECTED_FOLDER},      {"PROGRAM", TROTH_EXPECTED_PROGRAM},
    {"COMMAND", TROTH_EXPECTED_PROGRAM},
};

enum troth_expected troth_expected_of(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].expected;
    return strchr(name, '|') ? TROTH_EXPECTED_LISTED : TROTH_EXPECTED_ANY;
}

void troth_expected_list(FILE *to, const char *name)
{
    const char *between = "";

    for (;;) {
        const size_t len = strcspn(name, "|");

        /* Capitals stand for something else. */
        if (*name >= 'a' && *name <= 'z') {
            (void)fprintf(to, "%s%.*s", between, (int)len, name);
            between = " ";
        }
        if (!name[len])
            return;
        name += len + 1;
    }
}

const char *troth_operand_next(struct troth_operand *out, const char *operands)
{
    size_t len;

    *out = (struct troth_operand){.repeats = false};
    operands += strspn(operands, " []()-");
    len = strcspn(operands, " ].");
    if (len == 0 || len >= sizeof out->name)
        return NULL;
    memcpy(out->name, operands, len);
    operands += len;
    out->expected = troth_expected_of(out->name);
    out->repeats = strncmp(operands + strspn(operands, "]"), "...", 3) == 0;
    return operands + strspn(operands, "].)");
}

const struct troth_command *troth_completion_next(struct troth_completion_walk *walk)
{
    if (walk->verb && (++walk->verb)->name)
        return walk->verb;
    walk->command = walk->command ? walk->command + 1 : troth_commands();
    if (!walk->command->name)
        return NULL;
    walk->verb = troth_verbs_of(walk->command);
    return walk->verb ? walk->verb : walk->command;
}
