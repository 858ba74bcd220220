/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/rules.h"

#include "harness.h"

static const struct {
    const struct troth_run_rule *rule;
    const char *text;
    bool holds;
} rows[] = {
    {&troth_run_rule_text, "", false},
    {&troth_run_rule_text, " ", true},
    {&troth_run_rule_listen, "0.0.0.0:8443", true},
    {&troth_run_rule_listen, "[::]:8443", true},
    {&troth_run_rule_listen, "vsock:8443", true},
    {&troth_run_rule_listen, "localhost:8443", false},
    {&troth_run_rule_listen, "/run/socket", false},
    {&troth_run_rule_upstream, "127.0.0.1:80", true},
    {&troth_run_rule_upstream, "127.0.0.2:80", false},
    {&troth_run_rule_upstream, "[::1]:80", false},
    {&troth_run_rule_upstream, "vsock:80", false},
    {&troth_run_rule_upstream, "/run/troth/program/app", true},
    {&troth_run_rule_upstream, "/run/troth/program/../app", false},
    {&troth_run_rule_outside, "10.0.0.5:80", true},
    {&troth_run_rule_outside, "example.com:80", false},
    {&troth_run_rule_outside, "127.0.0.1:80", false},
    {&troth_run_rule_outside, "[2001:db8::1]:80", true},
    {&troth_run_rule_outside, "vsock:2:80", true},
    {&troth_run_rule_outside, "0.0.0.0:80", false},
    {&troth_run_rule_outside, "[::]:80", false},
    {&troth_run_rule_outside, "[::1]:80", false},
    {&troth_run_rule_outside, "[::ffff:127.0.0.1]:80", false},
    {&troth_run_rule_ask, "none", true},
    {&troth_run_rule_ask, "epoch", true},
    {&troth_run_rule_ask, "strict", true},
    {&troth_run_rule_ask, "Strict", false},
    {&troth_run_rule_path, "/", true},
    {&troth_run_rule_path, "/a/b.c/..d/...", true},
    {&troth_run_rule_path, "", false},
    {&troth_run_rule_path, "a", false},
    {&troth_run_rule_path, "//", false},
    {&troth_run_rule_path, "/a/", false},
    {&troth_run_rule_path, "/a//b", false},
    {&troth_run_rule_path, "/a/.", false},
    {&troth_run_rule_path, "/../a", false},
    {&troth_run_rule_name, "a.example.com:443", true},
    {&troth_run_rule_name, "db.internal:5432/private", true},
    {&troth_run_rule_name, "a.example.com", false},
    {&troth_run_rule_name, ":443", false},
    {&troth_run_rule_name, "a b:443", false},
    {&troth_run_rule_name, "a:", false},
    {&troth_run_rule_variable, "PATH_2", true},
    {&troth_run_rule_variable, "_a", true},
    {&troth_run_rule_variable, "2A", false},
    {&troth_run_rule_variable, "A-B", false},
    {&troth_run_rule_variable, "", false},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("'%s': %s", rows[i].text, rows[i].holds ? "fine" : rows[i].rule->why);
        CHECK_INT(rows[i].rule->holds(rows[i].text), rows[i].holds);
    }
    return test_finish();
}
