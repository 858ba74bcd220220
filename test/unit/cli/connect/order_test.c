/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/order.h"

#include "cli/commands.h"
#include "test/harness.h"

#define PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct {
    const char *why;
    const char *words[10];
    const char *problem; /* NULL: none */
} rows[] = {
    {"the least", {"a:1", "--policy", "p", "--stdio"}, NULL},
    {"a place to listen at", {"a:1", "--policy", "p", "--listen", "0"}, NULL},
    {"a command", {"a:1", "--policy", "p", "--", "x"}, NULL},
    {"a command's own options are its own",
     {"a:1", "--policy", "p", "--", "x", "--stdio", "--", "--json"},
     NULL},
    {"a pin", {"a:1", "--policy", "p", "--stdio", "--pin", PIN}, NULL},
    {"a level", {"a:1", "--policy", "p", "--stdio", "--require", "strict"}, NULL},
    {"an age", {"a:1", "--policy", "p", "--stdio", "--max-age", "15m"}, NULL},
    {"no policy", {"a:1", "--stdio"}, "no --policy is given"},
    {"nothing to do", {"a:1", "--policy", "p"}, "what is to go through the connection?"},
    {"an empty command", {"a:1", "--policy", "p", "--"}, "no COMMAND stands behind '--'"},
    {"two things to do",
     {"a:1", "--policy", "p", "--stdio", "--listen", "1"},
     "--listen, --stdio and -- COMMAND: one at a time"},
    {"half a pin",
     {"a:1", "--policy", "p", "--stdio", "--pin", "0011"},
     "--pin: '0011' is no SHA-256: 64 hex digits"},
    {"no level",
     {"a:1", "--policy", "p", "--stdio", "--require", "none"},
     "--require: 'none' is neither epoch nor strict"},
    {"no age",
     {"a:1", "--policy", "p", "--stdio", "--max-age", "0"},
     "--max-age: '0' is no time such as 15m or 12h"},
    {"an empty name",
     {"a:1", "--policy", "p", "--stdio", "--name", ""},
     "--name: no certificate has an empty one"},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_connect_order order;
        struct troth_problem problem = {0};
        const enum troth_parsed parsed = troth_connect_order_parse(
            &order, &problem, troth_connect_options, rows[i].words);

        test_case("%s", rows[i].why);
        CHECK_INT(parsed, rows[i].problem ? TROTH_PARSED_NOT : TROTH_PARSED);
        CHECK_TEXT(problem.text, rows[i].problem ? rows[i].problem : "");
        troth_connect_order_release(&order);
    }
}

static void test_values(void)
{
    static const char *const words[] = {"--policy",
                                        "p.yaml",
                                        "--pin",
                                        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"
                                        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
                                        "--root",
                                        "r.pem",
                                        "--require",
                                        "strict",
                                        "--max-age",
                                        "1h",
                                        "--json",
                                        "host:443",
                                        "--",
                                        "curl",
                                        "http://{}/",
                                        NULL};
    struct troth_connect_order order;
    struct troth_problem problem = {0};

    test_case("what is given is kept");
    CHECK_INT(troth_connect_order_parse(&order, &problem, troth_connect_options, words),
              TROTH_PARSED);
    CHECK_TEXT(order.address, "host:443");
    CHECK_TEXT(order.common.policy, "p.yaml");
    CHECK_INT(order.common.roots.count, 1);
    CHECK(order.common.json && order.has_pin && !order.uses_stdio && !order.listen);
    CHECK_INT(order.pin[0], 0x00);
    CHECK_INT(order.pin[31], 0xff);
    CHECK_INT(order.asks, TROTH_LEVEL_STRICT);
    CHECK_INT(order.max_age_s, 3600);
    CHECK_TEXT(order.command[0], "curl");
    CHECK_TEXT(order.command[1], "http://{}/");
    CHECK(!order.command[2]);
    troth_connect_order_release(&order);
}

int main(void)
{
    test_rows();
    test_values();
    return test_finish();
}
