/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/nearest.h"
#include "base/span.h"

/* More rows than any command has. */
#define OPTIONS_MAX 32

/* A reading in progress. */
struct reading {
    void *order;
    struct troth_problem *problem;
    const struct troth_option *options;
    const char *const *words;
    bool (*take_file)(void *order, struct troth_problem *problem, const char *value);
    bool seen[OPTIONS_MAX];
    struct troth_parsing result;
};

const char *troth_option_dashes(const struct troth_option *option)
{
    return option->name[1] ? "--" : "-";
}

static bool is_word(const char *word, struct troth_span text)
{
    return troth_span_equal(troth_span_of_text(word), text);
}

static bool fail_unknown(struct reading *r, const char *word, struct troth_span name)
{
    struct troth_nearest near = {NULL, 0};

    for (const struct troth_option *o = r->options; o->name; o++)
        troth_nearest_offer(&near, name, o->name);
    (void)troth_problem_usage(r->problem, "no such option '%s'", word);
    if (near.word)
        troth_problem_hint(r->problem, "did you mean %s%s?", near.word[1] ? "--" : "-",
                           near.word);
    else
        troth_problem_hint(r->problem, "--help lists the options");
    return false;
}

static const struct troth_option *find(const struct reading *r, struct troth_span name)
{
    const struct troth_option *o = r->options;

    while (o->name && !is_word(o->name, name))
        o++;
    return o->name ? o : NULL;
}

/* The value behind "=" or the next word; NULL with a problem where there is none. */
static const char *value_of(struct reading *r, const struct troth_option *option,
                            const char *attached)
{
    if (attached)
        return attached;
    if (r->words[1])
        return *++r->words;
    (void)troth_problem_usage(r->problem, "%s%s needs a value: %s",
                              troth_option_dashes(option), option->name,
                              option->argument);
    return NULL;
}

static bool take(struct reading *r, const struct troth_option *option,
                 const char *attached)
{
    bool *seen = &r->seen[option - r->options];
    const char *value = NULL;

    if (!option->argument && attached)
        return troth_problem_usage(r->problem, "%s%s takes no value",
                                   troth_option_dashes(option), option->name);
    if (*seen && !option->repeats)
        return troth_problem_usage(r->problem, "%s%s is given twice",
                                   troth_option_dashes(option), option->name);
    *seen = true;
    if (!option->take) {
        r->result.parsed = TROTH_PARSED_HELP;
        return true;
    }
    if (option->argument && !(value = value_of(r, option, attached)))
        return false;
    return option->take(r->order, r->problem, value);
}

static bool take_option(struct reading *r)
{
    const char *word = *r->words;
    struct troth_span name = troth_span_of_text(word + 1);
    const struct troth_option *option;
    size_t end = 0;

    if (*word == '-' && word[1] == '-')
        name = troth_span_of_text(word + 2);
    while (end < name.len && name.ptr[end] != '=')
        end++;

    bool has_value = end < name.len;
    const char *attached = has_value ? (const char *)name.ptr + end + 1 : NULL;

    name.len = end;
    option = (word[1] == '-') != (name.len == 1) ? find(r, name) : NULL;
    return option ? take(r, option, attached) : fail_unknown(r, word, name);
}

static bool take_operand(struct reading *r)
{
    if (r->take_file)
        return r->take_file(r->order, r->problem, *r->words);
    if (r->result.file)
        return troth_problem_usage(r->problem, "one FILE is enough, '%s' is another",
                                   *r->words);
    r->result.file = *r->words;
    return true;
}

static void parse(struct reading *r)
{
    bool options_end = false, fine = true;

    *r->problem = (struct troth_problem){0};
    for (; fine && *r->words && r->result.parsed == TROTH_PARSED; r->words++) {
        const char *word = *r->words;

        if (options_end || word[0] != '-' || word[1] == '\0')
            fine = take_operand(r);
        else if (word[1] == '-' && word[2] == '\0')
            options_end = true;
        else
            fine = take_option(r);
    }
    if (fine && r->result.parsed == TROTH_PARSED && !r->result.file && !r->take_file) {
        fine = troth_problem_usage(r->problem, "FILE is missing");
        troth_problem_hint(r->problem, "'-' is standard input; --help says the rest");
    }
    if (!fine)
        r->result.parsed = TROTH_PARSED_NOT;
}

struct troth_parsing troth_options_parse(void *order, struct troth_problem *problem,
                                         const struct troth_option *options,
                                         const char *const *words)
{
    struct reading r = {
        .order = order, .problem = problem, .options = options, .words = words};

    parse(&r);
    return r.result;
}

struct troth_parsing troth_options_parse_files(
    void *order, struct troth_problem *problem, const struct troth_option *options,
    const char *const *words,
    bool (*take_file)(void *order, struct troth_problem *problem, const char *value))
{
    struct reading r = {.order = order,
                        .problem = problem,
                        .options = options,
                        .words = words,
                        .take_file = take_file};

    parse(&r);
    return r.result;
}

bool troth_options_want_json(const char *const *words)
{
    for (; *words; words++) {
        if (is_word(*words, TROTH_LITERAL("--")))
            return false;
        if (is_word(*words, TROTH_LITERAL("--json")))
            return true;
    }
    return false;
}

bool troth_options_refuse_word(void *order, struct troth_problem *problem,
                               const char *word)
{
    (void)order;
    (void)troth_problem_usage(problem, "'%s' is no option", word);
    troth_problem_hint(problem, "--help lists the options");
    return false;
}
