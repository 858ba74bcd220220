/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/why_page.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/brief.h"
#include "cli/policy_file.h"
#include "cli/reasons.h"
#include "policy/policy.h"

/* Where labels, texts and values begin. */
enum { LABEL = 2, TEXT = 14, VALUE = 22 };

static const enum troth_style answer_styles[] = {
    [TROTH_REFUSED] = TROTH_STYLE_BAD,
    [TROTH_ACCEPTED] = TROTH_STYLE_GOOD,
    [TROTH_UNDETERMINED] = TROTH_STYLE_OPEN,
};

/* What is being explained. */
struct why {
    struct troth_page *page;
    const char *file;
    const struct troth_result *result;
    const struct troth_kind_policy *kind; /* what the policy says of such evidence */
};

static void say(const struct why *y, const char *text)
{
    troth_page_say(y->page, TROTH_STYLE_PLAIN, text);
}

static void begin(const struct why *y, enum troth_style style, const char *label)
{
    troth_page_column(y->page, LABEL);
    troth_page_say(y->page, style, label);
    troth_page_column(y->page, TEXT);
}

static void print_place(const struct why *y, uint32_t line)
{
    char place[TROTH_POLICY_PLACE_ROOM];

    if (line == 0)
        return;
    troth_policy_place(place, y->file, line, 0);
    troth_page_say(y->page, TROTH_STYLE_BOLD, place);
    say(y, ": ");
}

static void print_head(const struct why *y)
{
    const struct troth_result *r = y->result;
    const char *answer = troth_answer_name(r->answer);
    unsigned column = (unsigned)strlen(answer) + 2;
    uint8_t instant[32];
    struct troth_writer w = troth_writer_over(instant, sizeof instant);

    troth_write_rfc3339(&w, r->clock.at_s);
    troth_page_say(y->page, answer_styles[r->answer], answer);
    troth_page_column(y->page, column);
    say(y, "by ");
    troth_page_text(y->page, TROTH_STYLE_BOLD, troth_policy_name(r->policy));
    say(y, " (");
    say(y, y->file);
    say(y, ")");
    troth_page_end_line(y->page);
    troth_page_column(y->page, column);
    say(y, r->title);
    say(y, " at ");
    troth_page_text(y->page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    troth_page_end_line(y->page);
    troth_page_end_line(y->page);
}

static void print_value(const struct why *y, const char *label,
                        const struct troth_value *value)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    if (value->type == TROTH_VALUE_NONE)
        return;
    troth_brief_write_full(&w, value);
    troth_page_column(y->page, TEXT);
    troth_page_say(y->page, TROTH_STYLE_DIM, label);
    troth_page_column(y->page, VALUE);
    troth_page_text(y->page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    troth_page_end_line(y->page);
}

static void print_check(const struct why *y, const struct troth_check *check)
{
    const char *name = troth_check_name(check->id);
    const bool is_bad = check->outcome == TROTH_FAILED;

    begin(y, is_bad ? TROTH_STYLE_BAD : TROTH_STYLE_OPEN,
          troth_outcome_name(check->outcome));
    print_place(y, check->policy_line);
    say(y, name);
    if (check->subject && strcmp(check->subject, name) != 0) {
        say(y, ": ");
        say(y, check->subject);
    }
    say(y, ": ");
    say(y, check->why ? check->why : troth_check_meaning(check->id));
    troth_page_end_line(y->page);
    if (is_bad) {
        print_value(y, "seen", &check->seen);
        print_value(y, "wanted", &check->wanted);
    }
}

/* What was decided otherwise than well, in the order of enum troth_check_id; rules have a
 * place of their own. */
static void print_decided(const struct why *y, enum troth_outcome outcome)
{
    const struct troth_verdict *verdict = &y->result->verdict;

    for (unsigned id = 0; id < TROTH_CHECK_COUNT; id++)
        for (size_t i = 0; i < verdict->count && id != TROTH_CHECK_RULE; i++)
            if (verdict->checks[i].id == id && verdict->checks[i].outcome == outcome)
                print_check(y, &verdict->checks[i]);
}

static void print_allowed(const struct why *y)
{
    const struct troth_verdict *verdict = &y->result->verdict;

    for (size_t i = 0; i < verdict->count; i++) {
        const struct troth_check *check = &verdict->checks[i];

        if (!troth_check_is_allowed(check))
            continue;
        begin(y, TROTH_STYLE_OPEN, "allowed");
        print_place(y, check->policy_line);
        say(y, check->flag_argument);
        if (check->why) {
            say(y, ": ");
            say(y, check->why);
        }
        troth_page_end_line(y->page);
    }
}

/* How many of its claims are others, where it is the nearest; 0: it is not. */
static size_t count_differing(const struct why *y, const struct troth_image *image)
{
    const struct troth_verdict *verdict = &y->result->verdict;
    size_t count = 0;

    for (size_t i = 0; i < verdict->count; i++) {
        const struct troth_check *check = &verdict->checks[i];

        if (check->id != TROTH_CHECK_MEASUREMENT || check->outcome != TROTH_FAILED ||
            !check->subject)
            continue;
        for (size_t k = 0; k < image->demands.count; k++)
            count += image->demands.rows[k].line == check->policy_line &&
                     strcmp(image->demands.rows[k].claim, check->subject) == 0;
    }
    return count;
}

static void print_image(const struct why *y, const struct troth_image *image)
{
    const bool is_it = y->result->image.len > 0 &&
                       troth_span_equal(y->result->image, image->name);
    const size_t differing = is_it ? 0 : count_differing(y, image);
    char text[96];

    if (!is_it && differing == 0)
        return;
    begin(y, TROTH_STYLE_DIM, "image");
    print_place(y, image->line);
    troth_page_text(y->page, TROTH_STYLE_PLAIN, image->name);
    (void)snprintf(text, sizeof text, " is nearest: %zu of its %zu claims %s", differing,
                   image->demands.count, differing == 1 ? "differs" : "differ");
    say(y, is_it ? " matches" : text);
    troth_page_end_line(y->page);
}

static void print_machine(const struct why *y)
{
    const struct troth_check *check = troth_verdict_find(&y->result->verdict,
                                                         TROTH_CHECK_MACHINE);

    if (!check || check->outcome == TROTH_FAILED)
        return;
    begin(y, TROTH_STYLE_DIM, "machine");
    print_place(y, check->policy_line);
    say(y,
        check->outcome == TROTH_PASSED ? "is one of those that it lists" : "any will do");
    troth_page_end_line(y->page);
}

static void print_log(const struct why *y)
{
    const struct troth_check *check = troth_verdict_find(&y->result->verdict,
                                                         TROTH_CHECK_LOG);

    if (!check || check->outcome != TROTH_PASSED)
        return;
    begin(y, TROTH_STYLE_DIM, "log");
    print_place(y, check->policy_line);
    if (check->subject) {
        say(y, check->subject);
        say(y, " ");
    }
    say(y, "is a release in it");
    troth_page_end_line(y->page);
}

static void print_rule(const struct why *y, const struct troth_check *check)
{
    const bool holds = check->outcome == TROTH_PASSED;

    begin(y, holds ? TROTH_STYLE_GOOD : TROTH_STYLE_BAD, holds ? "holds" : "does not");
    print_place(y, check->policy_line);
    say(y, "rule ");
    say(y, check->subject);
    if (!holds && check->why) {
        say(y, ": ");
        say(y, check->why);
    }
    troth_page_end_line(y->page);
    if (!holds)
        troth_reasons_print(y->page, y->result, check, TEXT + 2);
}

static void print_rules(const struct why *y)
{
    const struct troth_verdict *verdict = &y->result->verdict;

    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->checks[i].id == TROTH_CHECK_RULE && verdict->checks[i].subject)
            print_rule(y, &verdict->checks[i]);
}

void troth_why_page_print(struct troth_page *page, const char *file,
                          const struct troth_result *result)
{
    const enum troth_kind kind = troth_kind_named(troth_span_of_text(result->kind));
    const struct why y = {page, file, result, &result->policy->kinds[kind]};

    print_head(&y);
    print_decided(&y, TROTH_FAILED);
    print_decided(&y, TROTH_NOT_MADE);
    print_allowed(&y);
    for (size_t i = 0; i < y.kind->image_count; i++)
        print_image(&y, &y.kind->images[i]);
    print_machine(&y);
    print_log(&y);
    print_rules(&y);
}
