/* SPDX-License-Identifier: Apache-2.0 */
/* Which instructions an expression becomes, and what is worked out before them. */
#include "cel/code.h"

#include <stdio.h>

#include "cel/machine.h"
#include "test/harness.h"
#include "test/support/cel_trial.h"

/* The steps by name, as a trial would read them. */
static const char *name_of(troth_cel_step_function *step)
{
#define X(name)                                                                          \
    if (step == troth_cel_step_##name)                                                   \
        return #name;
    TROTH_CEL_STEPS(X)
#undef X
    return "?";
}

static const char *listing(const struct troth_cel_code *code)
{
    static char text[1000];
    const struct troth_cel_instruction *in = code->instructions;
    size_t len = 0;

    text[0] = 0;
    for (; in->step != troth_cel_step_end && len < sizeof text; in++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ", name_of(in->step));
    return text;
}

static void check_listings(void)
{
    static const struct {
        const char *why, *text, *wanted;
    } rows[] = {
        {"a literal", "1", "constant "},
        {"arithmetic of literals", "1 + 2 * 3 == 7", "constant "},
        {"a list of literals", "[1, 2, [3]]", "constant "},
        {"a map of literals", "{'a': 1, 'b': [true]}", "constant "},
        {"functions of literals", "hex.decode('00ff') + b'a'", "constant "},
        {"times", "timestamp('2026-01-01T00:00:00Z') + duration('1h')", "constant "},
        {"errors are left", "1 / 0", "constant constant operate "},
        {"and keys that are there twice", "{1: 1, 1: 2}",
         "constant constant constant constant map "},
        {"a host's functions are left", "host.twice(1)", "constant call "},
        {"int", "i < 2", "variable less_int "},
        {"every order", "[i == 1, i != 1, i <= 1, i > 1, i >= 1]",
         "variable is_int variable differs_int variable at_most_int variable greater_int "
         "variable at_least_int list "},
        {"text", "s == 'a'", "variable is_text "},
        {"bytes", "b != b'a'", "variable differs_text "},
        {"a constant before it", "2 > i", "constant variable operate "},
        {"another operator", "i + 1", "variable operate_with "},
        {"in", "i in [1, 2]", "variable operate_with "},
        {"a field", "m.a", "variable operate_with "},
        {"has", "has(m.a)", "variable operate_with "},
        {"a name with dots", "p.q", "variable "},
        {"a pattern", "s.matches('a')", "variable matches "},
        {"no pattern", "s.matches('(')", "variable constant call "},
        {"and", "p.q && i < 2", "variable unless_false variable less_int and "},
        {"or", "p.q || p.q", "variable unless_true variable or "},
        {"if", "p.q ? i : 2", "variable branch variable jump constant note "},
        {"let", "cel.bind(x, i, x)", "variable store local note "},
        {"all", "xs.all(x, x < 2)",
         "variable range constant store next local operate go_on local unless_false "
         "local less_int and store jump local note "},
        {"map", "xs.map(x, x)",
         "variable range constant store next local local append store jump local note "},
        {"two variables", "xs.transformMap(k, v, v)",
         "variable range constant store next_pair local local local insert_new store "
         "jump local note "},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        test_case("%s: %s", rows[i].why, rows[i].text);
        if (CHECK_ERR(cel_trial_compile(&trial, rows[i].text), TROTH_OK))
            CHECK_TEXT(listing(trial.program.code), rows[i].wanted);
    }
}

/* Slots of loops that are not inside one another are the same. The stack has room for
 * a constant that became a part of its operator, too. */
static void check_room(void)
{
    static const struct {
        const char *text;
        uint32_t slots, room;
    } rows[] = {
        {"1", 0, 2},
        {"i + (i + (i + i))", 0, 5},
        {"xs.all(x, x < 2)", 5, 9},
        {"xs.all(x, x < 2) && xs.all(x, x < 2)", 5, 10},
        {"xs.all(x, xs.all(y, x < y))", 10, 15},
        {"cel.bind(x, i, x + cel.bind(y, i, x + y))", 2, 6},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        test_case("room: %s", rows[i].text);
        CHECK_ERR(cel_trial_compile(&trial, rows[i].text), TROTH_OK);
        CHECK_INT(trial.program.code->slots, rows[i].slots);
        CHECK_INT(trial.program.code->room, rows[i].room);
    }
}

int main(void)
{
    check_listings();
    check_room();
    return test_finish();
}
