/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/judgement.h"

#include <string.h>

#include "base/instant.h"
#include "evidence/claim_list.h"
#include "test/harness.h"

#define OWED TROTH_CHECK_MEASUREMENT, TROTH_CHECK_NONCE

static const enum troth_check_id plan[] = {TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN,
                                           TROTH_CHECK_SIGNATURE, TROTH_CHECK_COUNT};

static uint8_t memory[128 * 1024];
static struct troth_arena arena;
static struct troth_requirements requirements;
static struct troth_verify_input input = {.arena = &arena, .requirements = &requirements};

static struct troth_judgement begin(void)
{
    struct troth_judgement j;

    arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(troth_judgement_begin(&j, &input, 1000, plan), TROTH_OK);
    return j;
}

static void check_ids(const struct troth_judgement *j, const enum troth_check_id *ids,
                      size_t count)
{
    CHECK_INT(j->verdict.count, count);
    for (size_t i = 0; i < count && i < j->verdict.count; i++)
        CHECK_TEXT(troth_check_name(j->verdict.checks[i].id), troth_check_name(ids[i]));
}

static void plan_everything(void)
{
    static const enum troth_check_id ids[] = {TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN,
                                              TROTH_CHECK_SIGNATURE, OWED};
    struct troth_judgement j;

    test_case("the plan and what the caller is owed, none of it made");
    j = begin();
    check_ids(&j, ids, COUNT(ids));
    for (size_t i = 0; i < j.verdict.count; i++)
        CHECK_INT(j.verdict.checks[i].outcome, TROTH_NOT_MADE);
    CHECK_INT(troth_verdict_answer(&j.verdict), TROTH_UNDETERMINED);
    CHECK_INT(j.at_s, 1000);
    CHECK(j.valid_until_s == TROTH_INSTANT_NEVER && !j.valid_until_what);
    CHECK(!j.anchor && !j.err && j.not_proven.bits == 0);
}

/* Whichever planned check is forgotten, the verdict is not accepted. */
static void forget_each(void)
{
    static const enum troth_check_id ids[] = {TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN,
                                              TROTH_CHECK_SIGNATURE, OWED};

    for (size_t forgotten = 0; forgotten <= COUNT(ids); forgotten++) {
        struct troth_judgement j = begin();

        test_case("forgotten: %s",
                  forgotten < COUNT(ids) ? troth_check_name(ids[forgotten]) : "nothing");
        for (size_t i = 0; i < COUNT(ids); i++)
            if (i != forgotten)
                troth_judge_passed(&j, ids[i]);
        CHECK_INT(j.verdict.count, COUNT(ids));
        CHECK_INT(troth_verdict_answer(&j.verdict),
                  forgotten < COUNT(ids) ? TROTH_UNDETERMINED : TROTH_ACCEPTED);
    }
}

/* The same check made several times: each has a row, next to the others of its kind. */
static void repeat(void)
{
    static const enum troth_check_id ids[] = {
        TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN,     TROTH_CHECK_CHAIN,
        TROTH_CHECK_CHAIN,  TROTH_CHECK_SIGNATURE, OWED,
        TROTH_CHECK_CLAIM,
    };
    struct troth_judgement j = begin();

    test_case("a second row of a kind stands behind the first");
    troth_judge_passed(&j, TROTH_CHECK_CHAIN);
    troth_judge_failed(&j, TROTH_CHECK_CHAIN, "second");
    troth_judge_passed(&j, TROTH_CHECK_CLAIM);
    troth_judge_not_applicable(&j, TROTH_CHECK_CHAIN, "third");
    check_ids(&j, ids, COUNT(ids));
    CHECK_INT(j.verdict.checks[1].outcome, TROTH_PASSED);
    CHECK_TEXT(j.verdict.checks[2].why, "second");
    CHECK_TEXT(j.verdict.checks[3].why, "third");
    CHECK_INT(j.verdict.checks[4].outcome, TROTH_NOT_MADE);

    test_case("a pass does not take back a failure");
    troth_judge_passed(&j, TROTH_CHECK_CHAIN);
    for (size_t i = 0; i < COUNT(ids); i++)
        troth_judge_passed(&j, ids[i]);
    CHECK_INT(troth_verdict_answer(&j.verdict), TROTH_REFUSED);

    test_case("neither does it take back what could not be checked");
    j = begin();
    troth_judge(&j, (struct troth_check){.id = TROTH_CHECK_CHAIN, .why = "no paper"});
    for (size_t i = 0; i < COUNT(ids); i++)
        troth_judge_passed(&j, ids[i]);
    CHECK_INT(troth_verdict_answer(&j.verdict), TROTH_UNDETERMINED);
}

static void fill_up(void)
{
    struct troth_judgement j = begin();
    size_t capacity = j.verdict.capacity;

    test_case("one row more than fit is remembered as an error");
    CHECK_INT(capacity, TROTH_JUDGEMENT_ROWS);
    for (size_t i = 0; i < COUNT(plan) - 1; i++)
        troth_judge_passed(&j, plan[i]);
    troth_judge_passed(&j, TROTH_CHECK_MEASUREMENT);
    troth_judge_passed(&j, TROTH_CHECK_NONCE);
    while (j.verdict.count < capacity)
        troth_judge_passed(&j, TROTH_CHECK_CLAIM);
    CHECK_ERR(j.err, TROTH_OK);
    troth_judge_failed(&j, TROTH_CHECK_CLAIM, "one more");
    CHECK_ERR(j.err, TROTH_ERR_MEMORY);
    CHECK_INT(j.verdict.count, capacity);
    troth_judge_passed(&j, TROTH_CHECK_KIND);
    CHECK_ERR(j.err, TROTH_ERR_MEMORY);
}

static void starve(void)
{
    struct troth_judgement j;

    test_case("no room for the rows");
    arena = (struct troth_arena){memory, 64, 0};
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_ERR_MEMORY);
    CHECK(j.verdict.count == 0 && !j.verdict.checks);
    CHECK_INT(troth_verdict_answer(&j.verdict), TROTH_UNDETERMINED);
    troth_judge_passed(&j, TROTH_CHECK_CHAIN);
    CHECK_ERR(j.err, TROTH_ERR_MEMORY);
    CHECK_INT(j.verdict.count, 0);
}

static void expect_rows(void)
{
    static const struct troth_expectation expect[3] = {{{0}, {0}}};
    struct troth_judgement j;

    test_case("there is a row for each expectation");
    requirements.expect_count = COUNT(expect);
    requirements.expect = expect;
    j = begin();
    CHECK_INT(j.verdict.capacity, TROTH_JUDGEMENT_ROWS + COUNT(expect));
    requirements.expect_count = 0;
}

/* What only some callers ask for stands where results list it. */
static void place_unplanned(void)
{
    static const enum troth_check_id ids[] = {TROTH_CHECK_KIND,  TROTH_CHECK_ANCHOR,
                                              TROTH_CHECK_CHAIN, TROTH_CHECK_SIGNATURE,
                                              TROTH_CHECK_TIME,  OWED,
                                              TROTH_CHECK_CLAIM, TROTH_CHECK_FLOOR,
                                              TROTH_CHECK_FLOOR, TROTH_CHECK_RULE};
    struct troth_judgement j = begin();

    test_case("rows that were not planned, in the order of checks");
    troth_judge_passed(&j, TROTH_CHECK_FLOOR);
    troth_judge_passed(&j, TROTH_CHECK_RULE);
    troth_judge_passed(&j, TROTH_CHECK_KIND);
    troth_judge_failed(&j, TROTH_CHECK_FLOOR, "second");
    troth_judge_passed(&j, TROTH_CHECK_CLAIM);
    troth_judge_passed(&j, TROTH_CHECK_TIME);
    check_ids(&j, ids, COUNT(ids));
}

static void make_room_for_policies(void)
{
    static const struct troth_verify_input *const plain = &input;
    struct troth_verify_input with = *plain;
    struct troth_judgement j;

    test_case("a policy's rules and images have room");
    arena = TROTH_ARENA_OVER(memory);
    with.policy = (const struct troth_policy *)memory; /* only whether there is one */
    CHECK_ERR(troth_judgement_begin(&j, &with, 0, plan), TROTH_OK);
    CHECK(j.verdict.capacity >=
          TROTH_JUDGEMENT_ROWS + TROTH_POLICY_RULES_MAX + troth_vocabulary().count);
}

static void find_names(void)
{
    struct troth_span names[] = {test_text("debug"), test_text("x.y")};
    struct troth_expectation expect[] = {{test_text("x.y"), test_text("1")},
                                         {test_text("kind"), test_text("2")}};
    struct troth_judgement j;

    test_case("names the caller gave");
    requirements = (struct troth_requirements){
        .allow = {names, 1}, .any = {names, 2}, .expect = expect, .expect_count = 2};
    j = begin();
    CHECK(troth_judge_allows(&j, "debug") && !troth_judge_allows(&j, "x.y"));
    CHECK(!troth_judge_allows(&j, "debu") && !troth_judge_allows(&j, ""));
    CHECK(troth_judge_takes_any(&j, "x.y") && !troth_judge_takes_any(&j, "x.yz"));
    CHECK(troth_judge_expects(&j, "x.y") == &expect[0]);
    CHECK(troth_judge_expects(&j, "kind") == &expect[1]);
    CHECK(!troth_judge_expects(&j, "debug"));
}

static void make_findings(void)
{
    const struct troth_finding finding = {.id = TROTH_CHECK_DEBUG,
                                          .name = "debug",
                                          .why = "open",
                                          .seen = troth_value_bool(true),
                                          .wanted = troth_value_bool(false)};

    for (int allowed = 0; allowed < 2; allowed++) {
        struct troth_span name = test_text("debug");
        const struct troth_check *row;
        struct troth_judgement j;

        test_case("a finding that is %s", allowed ? "allowed" : "not allowed");
        requirements = (struct troth_requirements){.allow = {&name, allowed ? 1 : 0}};
        j = begin();
        troth_judge_finding(&j, &finding);
        row = troth_verdict_find(&j.verdict, TROTH_CHECK_DEBUG);
        CHECK_INT(row->outcome, allowed ? TROTH_PASSED : TROTH_FAILED);
        CHECK_TEXT(row->subject, "debug");
        CHECK_TEXT(row->why, "open");
        CHECK(row->seen.boolean && !row->wanted.boolean);
        CHECK_TEXT(row->flag, "--allow");
        CHECK_TEXT(row->flag_argument, "debug");
        CHECK_INT(j.not_proven.bits, allowed ? UINT32_C(1) << TROTH_LIMIT_ALLOWED : 0);
    }
    requirements = (struct troth_requirements){0};
}

static void keep_the_earliest_end(void)
{
    struct troth_judgement j = begin();

    test_case("the earliest end, and the first to name it");
    troth_judge_valid_until(&j, TROTH_INSTANT_NEVER, "never");
    CHECK(!j.valid_until_what);
    troth_judge_valid_until(&j, 50, "leaf");
    troth_judge_valid_until(&j, 60, "root");
    troth_judge_valid_until(&j, 50, "list");
    CHECK_INT(j.valid_until_s, 50);
    CHECK_TEXT(j.valid_until_what, "leaf");
    troth_judge_valid_until(&j, -1, "past");
    CHECK_INT(j.valid_until_s, -1);
}

int main(void)
{
    plan_everything();
    forget_each();
    repeat();
    fill_up();
    starve();
    expect_rows();
    place_unplanned();
    make_room_for_policies();
    find_names();
    make_findings();
    keep_the_earliest_end();
    return test_finish();
}
