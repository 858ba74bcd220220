/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/order.h"

#include "test/harness.h"

static const struct {
    const char *text;
    bool fits;
    enum troth_clock_kind kind;
    int64_t at_s;
} clocks[] = {
    {"now", true, TROTH_CLOCK_NOW, 0},
    {"document", true, TROTH_CLOCK_DOCUMENT, 0},
    {"0", true, TROTH_CLOCK_GIVEN, 0},
    {"1755506509", true, TROTH_CLOCK_GIVEN, 1755506509},
    {"2025-08-18T08:41:49Z", true, TROTH_CLOCK_GIVEN, 1755506509},
    {"2025-08-18T10:41:49+02:00", true, TROTH_CLOCK_GIVEN, 1755506509},
    {"253402300799", true, TROTH_CLOCK_GIVEN, 253402300799},
    {"253402300800", false, TROTH_CLOCK_GIVEN, 0}, /* the year 10000 */
    {"99999999999999999999999", false, TROTH_CLOCK_GIVEN, 0},
    {"-1", false, TROTH_CLOCK_GIVEN, 0},
    {"+1", false, TROTH_CLOCK_GIVEN, 0},
    {"1.5", false, TROTH_CLOCK_GIVEN, 0},
    {"0x10", false, TROTH_CLOCK_GIVEN, 0},
    {"", false, TROTH_CLOCK_GIVEN, 0},
    {"Now", false, TROTH_CLOCK_GIVEN, 0},
    {"now ", false, TROTH_CLOCK_GIVEN, 0},
    {"2025-08-18", false, TROTH_CLOCK_GIVEN, 0},
    {"2025-02-30T00:00:00Z", false, TROTH_CLOCK_GIVEN, 0},
};

static void test_clocks(void)
{
    for (size_t i = 0; i < COUNT(clocks); i++) {
        struct troth_clock clock;

        test_case("--time '%s'", clocks[i].text);
        CHECK_INT(troth_clock_parse(&clock, test_text(clocks[i].text)), clocks[i].fits);
        if (clocks[i].fits) {
            CHECK_INT(clock.kind, clocks[i].kind);
            CHECK_INT(clock.at_s, clocks[i].at_s);
        }
    }
}

static void test_lists(struct troth_order *o)
{
    struct troth_problem problem = {0};
    const struct troth_requirements *r = &o->requirements;

    test_case("lists keep what they are given, in order");
    CHECK(troth_order_any(o, &problem, "nonce"));
    CHECK(troth_order_any(o, &problem, "measurement"));
    CHECK(troth_order_allow(o, &problem, "debug"));
    CHECK(troth_order_expect(o, &problem, "a=b=c"));
    CHECK(troth_order_expect(o, &problem, "a="));
    CHECK(troth_order_collateral(o, &problem, "x.pem"));
    CHECK(troth_order_root(o, &problem, "y.pem"));
    CHECK(troth_order_json(o, &problem, NULL));
    CHECK_INT(r->any.count, 2);
    CHECK_SPAN(r->any.rows[0], test_text("nonce"));
    CHECK_SPAN(r->any.rows[1], test_text("measurement"));
    CHECK_INT(r->allow.count, 1);
    CHECK_SPAN(r->allow.rows[0], test_text("debug"));
    CHECK_INT(r->expect_count, 2);
    CHECK_SPAN(r->expect[0].claim, test_text("a"));
    CHECK_SPAN(r->expect[0].value, test_text("b=c"));
    CHECK_SPAN(r->expect[1].value, test_text(""));
    CHECK_TEXT(o->collateral.rows[0], "x.pem");
    CHECK_TEXT(o->roots.rows[0], "y.pem");
    CHECK(o->json && !problem.name);
}

static void test_nonces(struct troth_order *o)
{
    struct troth_problem problem = {0};

    test_case("a nonce is hex, and something");
    CHECK(troth_order_nonce(o, &problem, "00fF"));
    CHECK_SPAN(o->requirements.nonce, test_hex("00ff"));
    CHECK(troth_order_nonce(o, &problem, "0x01"));
    CHECK_SPAN(o->requirements.nonce, test_hex("01"));
    CHECK(o->requirements.has_nonce);
    CHECK(!troth_order_nonce(o, &problem, "0"));
    CHECK(!troth_order_nonce(o, &problem, "0g"));
    CHECK(!troth_order_nonce(o, &problem, "00 01"));
    CHECK(!troth_order_nonce(o, &problem, ""));
    CHECK(!troth_order_nonce(o, &problem, "0x"));
    CHECK_TEXT(problem.name, "USAGE");
}

int main(void)
{
    const char *words[] = {"1", "2", "3", NULL};
    struct troth_order order;
    struct troth_problem problem = {0};

    test_clocks();
    test_case("there is room for an order");
    if (CHECK(troth_order_begin(&order, &problem, words))) {
        CHECK_INT(order.clock.kind, TROTH_CLOCK_NOW);
        test_lists(&order);
        test_nonces(&order);
    }
    test_case("an expectation needs a claim and an =");
    CHECK(!troth_order_expect(&order, &problem, "a"));
    CHECK(!troth_order_expect(&order, &problem, "=b"));
    CHECK(!troth_order_expect(&order, &problem, ""));
    test_case("an order can be given back twice");
    troth_order_release(&order);
    troth_order_release(&order);
    CHECK(!order.inputs.blocks);
    return test_finish();
}
