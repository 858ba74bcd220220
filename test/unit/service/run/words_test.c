/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/words.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

static void check_list(struct troth_run_list *list, bool is_made, const char *wanted)
{
    char seen[2048] = "";
    size_t len = 0;

    CHECK(is_made);
    for (size_t i = 0; i < list->count; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%s", i ? "|" : "",
                                list->rows[i]);
    CHECK_TEXT(seen, wanted);
    CHECK(!list->rows[list->count]);
    troth_run_list_finish(list);
    CHECK(!list->rows && list->count == 0);
}

#define WORDS(...)                                                                       \
    {                                                                                    \
        (const char *const[]){__VA_ARGS__, NULL},                                        \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                  \
    }

static const struct troth_run_plan plain = {
    .agent_path = "/usr/bin/troth-agent",
    .outbound_path = "/usr/bin/troth-outbound",
    .agent = {60600, 60600},
    .outbound = {60602, 60602},
    .upstream = "127.0.0.1:80",
    .places = {.socket = "/run/troth/agent.sock", .events = "/run/troth/events.json"},
    .events = {"run-file=00", "program=01"},
    .sandbox = {.user = 60601},
};

static void agent(void)
{
    struct troth_run_plan plan = plain;
    struct troth_run_list list;
    bool is_made;

    test_case("the agent, with little");
    is_made = troth_run_words_agent(&list, &plan);
    check_list(
        &list, is_made,
        "/usr/bin/troth-agent|--listen|fd:3|--ready|4|--user|60600|--allow-uid|60601|"
        "--socket|fd:6|--event-log|/run/troth/events.json|"
        "--event|run-file=00|--event|program=01|--upstream|127.0.0.1:80");

    test_case("the agent, with everything, on a machine without a register");
    plan.events[0] = plan.events[1] = NULL;
    plan.upstream = NULL;
    plan.upstream_outside = "10.0.0.5:80";
    plan.ask = "epoch";
    plan.policy = "p";
    plan.roots = (struct troth_run_words)WORDS("a", "b");
    plan.collateral = (struct troth_run_words)WORDS("c");
    plan.certificate = "d";
    plan.key = "e";
    is_made = troth_run_words_agent(&list, &plan);
    check_list(
        &list, is_made,
        "/usr/bin/troth-agent|--listen|fd:3|--ready|4|--user|60600|--allow-uid|60601|"
        "--socket|fd:6|--event-log|/run/troth/events.json|"
        "--upstream-outside|10.0.0.5:80|--ask|epoch|--policy|p|--root|a|--root|b|"
        "--collateral|c|--certificate|d|--key|e");
}

static void outbound(void)
{
    struct troth_run_plan plan = plain;
    struct troth_run_list list;
    bool is_made;

    test_case("the outbound door");
    CHECK(!troth_run_plan_has_outbound(&plan));
    plan.allow = (struct troth_run_words)WORDS("a:1", "b:2");
    plan.allow_plain = (struct troth_run_words)WORDS("c:3");
    CHECK(troth_run_plan_has_outbound(&plan));
    is_made = troth_run_words_outbound(&list, &plan);
    check_list(&list, is_made,
               "/usr/bin/troth-outbound|--listen|fd:3|--ready|4|--user|60602|--allow|a:1|"
               "--allow|b:2|--allow-plain|c:3");
}

#define PATHS "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void environment(void)
{
    struct troth_run_plan plan = plain;
    struct troth_run_list list;
    bool is_made;

    test_case("an environment of nobody's saying");
    is_made = troth_run_words_environment(&list, &plan, 0);
    check_list(&list, is_made,
               PATHS "|HOME=/tmp|LANG=C.UTF-8|TROTH_AGENT=/run/troth/agent.sock");

    test_case("with the way out");
    is_made = troth_run_words_environment(&list, &plan, 3128);
    check_list(&list, is_made,
               PATHS
               "|HOME=/tmp|LANG=C.UTF-8|TROTH_AGENT=/run/troth/agent.sock|"
               "HTTPS_PROXY=http://127.0.0.1:3128|https_proxy=http://127.0.0.1:3128|"
               "ALL_PROXY=http://127.0.0.1:3128");

    test_case("the run file's own, each name once");
    plan.environment = (struct troth_run_words)WORDS("HOME=/srv", "HOMER=1",
                                                     "PATH=/usr/bin");
    is_made = troth_run_words_environment(&list, &plan, 0);
    check_list(&list, is_made,
               "LANG=C.UTF-8|TROTH_AGENT=/run/troth/agent.sock|HOME=/srv|HOMER=1|"
               "PATH=/usr/bin");
}

int main(void)
{
    agent();
    outbound();
    environment();
    return test_finish();
}
