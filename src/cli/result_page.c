/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/result_page.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/brief.h"
#include "cli/events_page.h"
#include "cli/flag_policy.h"
#include "cli/reasons.h"

/* Where the columns are: outcome, name of the check, what there is to say. */
enum { OUTCOME = 2, NAME = 18, TEXT = 34, VALUE = 42 };

static const enum troth_style answer_styles[] = {
    [TROTH_REFUSED] = TROTH_STYLE_BAD,
    [TROTH_ACCEPTED] = TROTH_STYLE_GOOD,
    [TROTH_UNDETERMINED] = TROTH_STYLE_OPEN,
};
static const enum troth_style outcome_styles[] = {
    [TROTH_NOT_MADE] = TROTH_STYLE_OPEN,
    [TROTH_PASSED] = TROTH_STYLE_GOOD,
    [TROTH_FAILED] = TROTH_STYLE_BAD,
    [TROTH_NOT_APPLICABLE] = TROTH_STYLE_DIM,
};

static void print_instant(struct troth_page *page, int64_t instant_s)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&w, instant_s);
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
}

static void print_head(struct troth_page *page, const struct troth_result *r)
{
    static const char *const clocks[] = {
        [TROTH_CLOCK_NOW] = " (now)",
        [TROTH_CLOCK_GIVEN] = " (the time that was asked about)",
        [TROTH_CLOCK_DOCUMENT] = " (the evidence's own time: archival)",
    };
    const char *answer = troth_answer_name(r->answer);
    unsigned column = (unsigned)strlen(answer) + 2;

    troth_page_say(page, answer_styles[r->answer], answer);
    troth_page_column(page, column);
    troth_page_say(page, TROTH_STYLE_BOLD, r->title);
    troth_page_end_line(page);
    troth_page_column(page, column);
    troth_page_say(page, TROTH_STYLE_PLAIN, "at ");
    print_instant(page, r->clock.at_s);
    troth_page_say(page, TROTH_STYLE_PLAIN, clocks[r->clock.kind]);
    troth_page_end_line(page);
    troth_page_end_line(page);
}

static void print_label(struct troth_page *page, enum troth_style style,
                        const char *label)
{
    troth_page_column(page, OUTCOME);
    troth_page_say(page, style, label);
    troth_page_column(page, NAME);
}

static void print_value(struct troth_page *page, const char *label,
                        struct troth_span value)
{
    troth_page_column(page, TEXT);
    troth_page_say(page, TROTH_STYLE_DIM, label);
    troth_page_column(page, VALUE);
    troth_page_text(page, TROTH_STYLE_PLAIN, value);
    troth_page_end_line(page);
}

/* In short, unless that would make two different values look the same. */
static void print_values(struct troth_page *page, const struct troth_check *check)
{
    uint8_t seen[TROTH_BRIEF_ROOM], wanted[TROTH_BRIEF_ROOM];
    struct troth_writer s = troth_writer_over(seen, sizeof seen);
    struct troth_writer w = troth_writer_over(wanted, sizeof wanted);

    troth_brief_write(&s, &check->seen);
    troth_brief_write(&w, &check->wanted);
    if (troth_span_equal(troth_writer_span(&s), troth_writer_span(&w))) {
        s.len = 0;
        w.len = 0;
        troth_brief_write_full(&s, &check->seen);
        troth_brief_write_full(&w, &check->wanted);
    }
    troth_brief_write_size(&s, &check->seen);
    troth_brief_write_size(&w, &check->wanted);
    if (check->seen.type != TROTH_VALUE_NONE)
        print_value(page, "seen", troth_writer_span(&s));
    if (check->wanted.type != TROTH_VALUE_NONE)
        print_value(page, "wanted", troth_writer_span(&w));
}

/* Where the policy says so, and of a rule what in it decided. */
static void print_policy_line(struct troth_page *page, const struct troth_check *check,
                              const struct troth_result *r)
{
    char text[48];

    if (check->policy_line == 0 ||
        troth_span_is_text(troth_policy_name(r->policy), TROTH_FLAG_POLICY_NAME))
        return;
    (void)snprintf(text, sizeof text, "line %u of the policy", check->policy_line);
    troth_page_column(page, TEXT);
    troth_page_say(page, TROTH_STYLE_DIM, text);
    troth_page_end_line(page);
    troth_reasons_print(page, r, check, TEXT);
}

static void print_check(struct troth_page *page, const struct troth_check *check,
                        const struct troth_result *r)
{
    const char *name = troth_check_name(check->id);
    const char *why = check->why ? check->why : troth_check_meaning(check->id);
    bool says_more = check->subject && strcmp(check->subject, name) != 0;

    print_label(page, outcome_styles[check->outcome],
                troth_check_is_allowed(check) ? "allowed"
                                              : troth_outcome_name(check->outcome));
    troth_page_say(page, TROTH_STYLE_PLAIN, name);
    troth_page_column(page, TEXT);
    if (says_more) {
        troth_page_say(page, TROTH_STYLE_PLAIN, check->subject);
        troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
    }
    troth_page_say(page, TROTH_STYLE_PLAIN, why);
    troth_page_end_line(page);
    if (check->outcome != TROTH_FAILED)
        return;
    if (check->id != TROTH_CHECK_RULE)
        print_values(page, check);
    print_policy_line(page, check, r);
}

/* A check that has nothing to add to its outcome goes into one line with its like. */
static bool is_brief(const struct troth_check *check)
{
    return check->outcome != TROTH_FAILED && !check->why;
}

static const char *brief_name(const struct troth_check *check)
{
    bool many = check->id == TROTH_CHECK_MEASUREMENT || check->id == TROTH_CHECK_CLAIM;

    /* A release that was recognised has a line of its own. */
    return many && check->subject && troth_word_find(troth_span_of_text(check->subject))
               ? check->subject
               : troth_check_name(check->id);
}

/* Two chains give two rows of one name; in one line it is said once. */
static bool is_said_before(const struct troth_verdict *verdict, size_t row)
{
    const struct troth_check *check = &verdict->checks[row];

    for (size_t i = 0; i < row; i++) {
        const struct troth_check *other = &verdict->checks[i];

        if (other->outcome == check->outcome && is_brief(other) &&
            strcmp(brief_name(other), brief_name(check)) == 0)
            return true;
    }
    return false;
}

/* The next row from `row` on that goes into the line of its outcome; the count if none.
 */
static size_t next_brief(const struct troth_verdict *verdict, enum troth_outcome outcome,
                         size_t row)
{
    while (row < verdict->count &&
           (verdict->checks[row].outcome != outcome || !is_brief(&verdict->checks[row]) ||
            is_said_before(verdict, row)))
        row++;
    return row;
}

static void print_briefly(struct troth_page *page, const struct troth_verdict *verdict,
                          enum troth_outcome outcome)
{
    size_t row = next_brief(verdict, outcome, 0);

    if (row == verdict->count)
        return;
    print_label(page, outcome_styles[outcome], troth_outcome_name(outcome));
    while (row < verdict->count) {
        const size_t next = next_brief(verdict, outcome, row + 1);
        char word[96];

        /* A comma goes where its word goes. */
        (void)snprintf(word, sizeof word, "%s%s", brief_name(&verdict->checks[row]),
                       next < verdict->count ? ", " : "");
        troth_page_say(page, TROTH_STYLE_PLAIN, word);
        row = next;
    }
    troth_page_end_line(page);
}

/* Those of one outcome, in the order of enum troth_check_id. */
static void print_outcome(struct troth_page *page, const struct troth_result *r,
                          enum troth_outcome outcome)
{
    const struct troth_verdict *verdict = &r->verdict;

    for (unsigned id = 0; id < TROTH_CHECK_COUNT; id++)
        for (size_t i = 0; i < verdict->count; i++) {
            const struct troth_check *check = &verdict->checks[i];

            if (check->id == id && check->outcome == outcome && !is_brief(check))
                print_check(page, check, r);
        }
    print_briefly(page, verdict, outcome);
}

static void print_anchor(struct troth_page *page, const struct troth_anchor *anchor)
{
    uint8_t text[128];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    print_label(page, TROTH_STYLE_DIM, "rests on");
    if (anchor->built_in) {
        troth_page_say(page, TROTH_STYLE_PLAIN, anchor->name);
    } else {
        troth_write_hex(&w, (struct troth_span){anchor->sha256, sizeof anchor->sha256});
        troth_page_say(page, TROTH_STYLE_OPEN, "a root given by --root, no vendor's: ");
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    }
    troth_page_end_line(page);
}

/* Which policy, and what it takes the code for. */
static void print_policy(struct troth_page *page, const struct troth_result *r)
{
    uint8_t text[2 * TROTH_POLICY_DIGEST_SIZE];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    if (r->image.len > 0) {
        print_label(page, TROTH_STYLE_DIM, "image");
        troth_page_text(page, TROTH_STYLE_PLAIN, r->image);
        troth_page_end_line(page);
    }
    if (!r->policy)
        return;
    troth_write_hex(&w, (struct troth_span){troth_policy_digest(r->policy),
                                            TROTH_POLICY_DIGEST_SIZE});
    print_label(page, TROTH_STYLE_DIM, "policy");
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_policy_name(r->policy));
    troth_page_end_line(page);
    troth_page_column(page, NAME);
    troth_page_text(page, TROTH_STYLE_DIM, troth_writer_span(&w));
    troth_page_end_line(page);
}

static const struct troth_value *value_of(const struct troth_result *r, const char *name,
                                          enum troth_value_type type)
{
    const struct troth_claim *claim = troth_claims_find(&r->claims,
                                                        troth_span_of_text(name));

    return claim && claim->value.type == type ? &claim->value : NULL;
}

/* One a word, so that lines break between them. */
static void print_advisories(struct troth_page *page, const struct troth_value *stated)
{
    struct troth_span list = stated ? stated->bytes : (struct troth_span){NULL, 0};

    print_label(page, TROTH_STYLE_DIM, "advisories");
    if (!list.len)
        troth_page_say(page, TROTH_STYLE_PLAIN,
                       stated ? "none" : "not stated by TCB info of this version");
    while (list.len) {
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_span_next_item(&list, ','));
        if (list.len)
            troth_page_say(page, TROTH_STYLE_PLAIN, ", ");
    }
    troth_page_end_line(page);
}

/* What the vendor states of the platform, where one does and it was genuine. */
static void print_firmware(struct troth_page *page, const struct troth_result *r)
{
    const struct troth_value *status = value_of(r, "tcb.status", TROTH_VALUE_TEXT);
    const struct troth_value *date = value_of(r, "tcb.date", TROTH_VALUE_INSTANT);
    const struct troth_value *list = value_of(r, "tcb.advisories", TROTH_VALUE_TEXT);

    if (!status)
        return;
    print_label(page, TROTH_STYLE_DIM, "firmware");
    troth_page_text(page, TROTH_STYLE_PLAIN, status->bytes);
    if (date) {
        troth_page_say(page, TROTH_STYLE_PLAIN, ", by a level dated ");
        print_instant(page, date->instant_s);
    }
    troth_page_end_line(page);
    print_advisories(page, list);
}

static void print_valid_until(struct troth_page *page, const struct troth_result *r)
{
    print_label(page, TROTH_STYLE_DIM, "valid until");
    print_instant(page, r->valid_until_s);
    if (r->valid_until_what) {
        troth_page_say(page, TROTH_STYLE_PLAIN, ": end of ");
        troth_page_say(page, TROTH_STYLE_PLAIN, r->valid_until_what);
    }
    troth_page_end_line(page);
}

/* What is left open: for an acceptance in full, as it is all that stands against it. */
static void print_not_proven(struct troth_page *page, const struct troth_result *r)
{
    bool in_full = r->answer == TROTH_ACCEPTED;

    for (size_t i = 0; i < r->not_proven_count; i++) {
        if (i == 0 || in_full)
            print_label(page, TROTH_STYLE_DIM, i == 0 ? "not proven" : "");
        troth_page_say(page, TROTH_STYLE_PLAIN, r->not_proven[i]->name);
        if (in_full) {
            troth_page_column(page, TEXT);
            troth_page_say(page, TROTH_STYLE_DIM, r->not_proven[i]->text);
            troth_page_end_line(page);
        } else if (i + 1 < r->not_proven_count) {
            troth_page_say(page, TROTH_STYLE_PLAIN, ", ");
        }
    }
    if (!in_full && r->not_proven_count)
        troth_page_end_line(page);
}

void troth_result_page_print(struct troth_page *page, const struct troth_result *result)
{
    static const enum troth_outcome order[] = {TROTH_FAILED, TROTH_NOT_MADE, TROTH_PASSED,
                                               TROTH_NOT_APPLICABLE};

    const struct troth_check *chain = troth_verdict_find(&result->verdict,
                                                         TROTH_CHECK_CHAIN);

    print_head(page, result);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        print_outcome(page, result, order[i]);
    troth_page_end_line(page);
    if (result->anchor && chain && chain->outcome == TROTH_PASSED)
        print_anchor(page, result->anchor);
    print_policy(page, result);
    troth_events_print(page, &result->events);
    print_firmware(page, result);
    /* What is refused today has no day on which it ends. */
    if (result->anchor && result->answer != TROTH_REFUSED)
        print_valid_until(page, result);
    print_not_proven(page, result);
}
