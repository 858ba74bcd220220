/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>

#include "cli/complaint.h"
#include "cli/help.h"
#include "cli/inputs.h"
#include "cli/json_page.h"
#include "cli/show_page.h"
#include "cli/status.h"

/* Every claim of the largest evidence, escaped, with room to spare. */
#define JSON_ROOM ((size_t)1024 * 1024)

static bool take_json(void *order, struct troth_problem *problem, const char *value)
{
    bool *json = order;

    (void)problem;
    (void)value;
    *json = true;
    return true;
}

const struct troth_option troth_show_options[] = {
    {"json", NULL, "print the claims as JSON (docs/show.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_show_operands[] = " FILE";

const char troth_show_example[] = "troth show evidence.bin";

const char troth_show_notes[] =
    "FILE is evidence as received, raw or as PEM, hex or base64; '-' is standard input.\n"
    "Nothing is checked: whoever made FILE chose what it says. 'troth verify' "
    "checks.\n\n";

static bool print_json(struct troth_inputs *inputs, struct troth_problem *problem,
                       const struct troth_showing *showing)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    uint8_t *text = troth_inputs_allocate(inputs, problem, JSON_ROOM);
    size_t len;

    if (!text)
        return false;
    fault.err = troth_showing_to_json(text, JSON_ROOM, &len, showing);
    if (fault.err)
        return troth_problem_fault(problem, "claims", &fault);
    troth_json_page_print(stdout, (struct troth_span){text, len});
    return true;
}

static bool show(struct troth_inputs *inputs, struct troth_problem *problem,
                 const char *file, bool json)
{
    struct troth_arena arena = {NULL, TROTH_VERIFY_ARENA_SIZE, 0};
    struct troth_showing showing;
    struct troth_fault fault;
    struct troth_page page;

    if (!troth_inputs_read_evidence(inputs, problem, file))
        return false;
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    if (troth_show_unverified(&showing, &fault, inputs->evidence, &arena)) {
        troth_complaint(problem, &fault, troth_inputs_name(file), NULL, &showing.claims);
        return false;
    }
    if (json)
        return print_json(inputs, problem, &showing);
    page = troth_page_of_output();
    troth_show_page_print(&page, &showing);
    return true;
}

int troth_cmd_show(const struct troth_command *command, const char *const *words)
{
    struct troth_inputs inputs = {0};
    struct troth_problem problem;
    bool json = false;
    struct troth_parsing parsing = troth_options_parse(&json, &problem, command->options,
                                                       words);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED)
        (void)show(&inputs, &problem, parsing.file, json);
    if (problem.name)
        status = troth_problem_print(
            &problem, troth_options_want_json(words) ? "\"verified\":false" : NULL);
    troth_inputs_release(&inputs);
    return status;
}
