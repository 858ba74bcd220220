/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule_check.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"

#define SNP  "policy: p\naccept: [snp]\nimages: any\nrules:\n"
#define BOTH "policy: p\naccept: [snp, tdx]\nimages: any\nrules:\n"

/* clang-format off */
static const char *const fine[] = {
    SNP "  - a: snp.vmpl < 2\n",
    SNP "  - a: '!debug'\n  - b: snp.guest_svn >= 3 && snp.vmpl == 0\n",
    SNP "  - a: now < timestamp('2030-01-01T00:00:00Z')\n",
    SNP "  - a: has(snp.chip_id) && snp.chip_id != b''\n",
    BOTH "  - a: kind != 'tdx' || tcb.status == 'UpToDate'\n",
    BOTH "  - a: \"kind == 'tdx' ? tcb.date > now - duration('720h') : snp.vmpl == 0\"\n",
    BOTH "  - a: \"kind == 'snp' || tcb.advisories.all(a, a in ['INTEL-SA-00615'])\"\n",
    BOTH "  - a: tdx.mr_td == b'x' || snp.measurement == b'x'\n",
    SNP "  - a: |\n      snp.vmpl < 2 // not the firmware's own\n      && !debug // at all\n",
    SNP "  - a: >\n      snp.vmpl < 2\n      && snp.csp_id != 'http://a/b' && 4 / 2 == 2\n",
    SNP "  - a: snp.vmpl < 2 // in one line\n",
    SNP "  - a: \"snp.vmpl < 2 // in two\\n && !debug\"\n",
    SNP "  - a: dyn(snp.vmpl) == 1\n",
};

static const struct {
    const char *why, *yaml;
    uint32_t line, column;
    const char *path, *text, *hint;
} refused[] = {
    {"no expression", SNP "  - a: snp.vmpl <\n", 5, 18, "rules[0].a", NULL, ""},
    {"an unknown name", SNP "  - a: debug || vmpl < 1\n", 5, 17, "rules[0].a", NULL, ""},
    {"an unknown name in quotes", SNP "  - a: 'debug || vmpl < 1'\n", 5, 18, "rules[0].a", NULL, ""},
    {"an unknown name behind a quote that hides where", SNP "  - a: \"kind == \\\"snp\\\" || vmpl < 1\"\n", 5, 0, "rules[0].a", NULL, ""},
    {"an unknown name in a block", SNP "  - a: |\n      debug ||\n        vmpl < 1\n", 7, 9, "rules[0].a", NULL, ""},
    {"an unknown name in a block behind an empty line", SNP "  - a: |\n\n      vmpl < 1\n", 7, 7, "rules[0].a", NULL, ""},
    {"an unknown name in a folded text", SNP "  - a: >\n      debug ||\n        vmpl < 1\n", 5, 0, "rules[0].a", NULL, ""},
    {"an unknown name behind others", SNP "  - a: 'size(\"\u00e9\") > snp.vmpl || vmpl < 1'\n", 5, 34, "rules[0].a", NULL, ""},
    {"the second of two rules", SNP "  - a: debug\n  - b: vmpl < 1\n", 6, 8, "rules[1].b", NULL, ""},
    {"no yes or no", SNP "  - a: snp.vmpl\n", 5, 8, "rules[0].a", NULL, ""},
    {"types that do not fit", SNP "  - a: snp.vmpl == 'one'\n", 5, 8, "rules[0].a", NULL, ""},

    {"another kind", SNP "  - a: kind == 'tdx'\n", 5, 8, "rules[0].a", "can never hold for snp evidence: kind == 'tdx' is false", "kind != 'snp' || ..."},
    {"another kind, of two", BOTH "  - a: kind == 'tdx' && debug == false\n", 5, 8, "rules[0].a", "can never hold for snp evidence: kind == 'tdx' is false", "kind != 'snp' || ..."},
    {"what is false in a block", SNP "  - a: |\n      snp.vmpl < 2 &&\n      kind == 'tdx'\n", 7, 7, "rules[0].a", "can never hold for snp evidence: kind == 'tdx' is false", "kind != 'snp' || ..."},
    {"nothing at all", SNP "  - a: 'false'\n", 5, 9, "rules[0].a", "can never hold for snp evidence: false is false", "kind != 'snp' || ..."},
    {"two values at once", SNP "  - a: 1 == 2 && snp.vmpl == 1\n", 5, 8, "rules[0].a", "can never hold for snp evidence: 1 == 2 is false", "kind != 'snp' || ..."},
    {"a claim that the kind has not", BOTH "  - a: tdx.mr_td == b'x'\n", 5, 8, "rules[0].a", "can never hold for snp evidence: tdx.mr_td: the variable has no value here", "kind != 'snp' || ..."},
    {"beside a claim that nobody knows yet", BOTH "  - a: tcb.date > now - duration('720h')\n", 5, 8, "rules[0].a", "can never hold for snp evidence: tcb.date: the variable has no value here", "kind != 'snp' || ..."},
    {"a claim that is asked for and is never there", SNP "  - a: has(tdx.mr_td)\n", 5, 8, "rules[0].a", "can never hold for snp evidence: has(tdx.mr_td) is false", "kind != 'snp' || ..."},
    {"a division by zero", SNP "  - a: 1 / 0 == 1\n", 5, 8, "rules[0].a", "can never hold for snp evidence: 1 / 0: division by zero", "kind != 'snp' || ..."},

    {"what is neither true nor false", SNP "  - a: dyn(1)\n", 5, 8, "rules[0].a", "can never hold for snp evidence: neither true nor false", "a rule is a question: compare it with something"},
    {"a comment in folded lines", SNP "  - a: >\n      snp.vmpl < 2 // x\n      && !debug\n", 5, 8, "rules[0].a", "a comment swallows the lines that YAML joins to its own", "write a block, whose lines stay lines: 'a: |'"},
    {"a comment in plain lines", SNP "  - a: snp.vmpl < 2 // x\n      && !debug\n", 5, 8, "rules[0].a", "a comment swallows the lines that YAML joins to its own", "write a block, whose lines stay lines: 'a: |'"},
    {"a comment in lines between quotes", SNP "  - a: \"snp.vmpl < 2 // x\n      && !debug\"\n", 5, 8, "rules[0].a", "a comment swallows the lines that YAML joins to its own", "write a block, whose lines stay lines: 'a: |'"},
    {"a comment at the end of folded lines", SNP "  - a: 'snp.vmpl < 2\n      && !debug // x'\n", 5, 8, "rules[0].a", "a comment swallows the lines that YAML joins to its own", "write a block, whose lines stay lines: 'a: |'"},

    {"the only kind", SNP "  - a: kind == 'snp'\n", 5, 8, "rules[0].a", "always holds, so it decides nothing", "leave it out"},
    {"the only two kinds", BOTH "  - a: kind in ['snp', 'tdx']\n", 5, 8, "rules[0].a", "always holds, so it decides nothing", "leave it out"},
    {"true", SNP "  - a: 'true'\n", 5, 8, "rules[0].a", "always holds, so it decides nothing", "leave it out"},
    {"true or something", SNP "  - a: debug || 1 < 2\n", 5, 8, "rules[0].a", "always holds, so it decides nothing", "leave it out"},
    {"a kind that is not accepted", SNP "  - a: kind != 'tdx' || debug\n", 5, 8, "rules[0].a", "always holds, so it decides nothing", "leave it out"},

    {"four loops within one another", BOTH
        "  - a: kind == 'snp' || tcb.advisories.all(a, tcb.advisories.all(b, tcb.advisories.all(c, tcb.advisories.all(d, a + b != c + d))))\n",
        5, 8, "rules[0].a", "with this rule, an answer may take more than 1000000 steps", "fewer loops within loops, or shorter lists"},
};
/* clang-format on */

static void test_fine(void)
{
    for (size_t i = 0; i < COUNT(fine); i++) {
        const struct troth_policy *policy;

        test_case("taken: number %zu", i + 1);
        policy = test_policy(fine[i]);
        if (!policy)
            continue;

        const struct troth_rules rules = troth_policy_rules(policy);
        CHECK(rules.count > 0 && rules.rows[0].cost > 0);
        CHECK(rules.count > 0 && rules.rows[0].cost < 10000);
        CHECK(rules.count > 0 && rules.rows[0].line >= 5);
    }
}

static void test_refusals(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        const struct troth_policy *policy;
        struct troth_policy_issue issue;

        test_case("refused: %s", refused[i].why);
        CHECK_ERR(test_policy_yaml(&policy, &issue, test_text(refused[i].yaml)),
                  TROTH_ERR_VALUE);
        CHECK(!policy);
        CHECK_INT(issue.line, refused[i].line);
        CHECK_INT(issue.column, refused[i].column);
        CHECK_TEXT(issue.path, refused[i].path);
        CHECK(*issue.text);
        if (refused[i].text)
            CHECK_TEXT(issue.text, refused[i].text);
        else
            printf("# %s\n", issue.text);
        CHECK_TEXT(issue.hint, refused[i].hint);
    }
}

/* So many rules of so many bytes each. */
static const char *many(size_t count, int size)
{
    static char text[1 << 16];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", SNP);

    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "  - r%zu: '%*s'\n", i,
                                size, "debug");
    return text;
}

/* Rules as large as they may be, of what takes the most memory for its length. */
static struct troth_span costly(void)
{
    static char text[1 << 16];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", SNP);

    for (size_t i = 0; i < TROTH_POLICY_RULES_MAX; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "  - r%zu: debug || [", i);
        for (size_t k = 0; k < 9; k++)
            len += (size_t)snprintf(text + len, sizeof text - len,
                                    "-----------------------1,");
        len += (size_t)snprintf(text + len, sizeof text - len, "1] == []\n");
    }
    return test_text(text);
}

static void test_limits(void)
{
    const struct troth_policy *policy;
    struct troth_policy_issue issue;

    test_case("as many rules as there may be, and as long");
    policy = test_policy(many(TROTH_POLICY_RULES_MAX, 256));
    CHECK(policy && troth_policy_rules(policy).count == TROTH_POLICY_RULES_MAX);

    test_case("one more");
    CHECK_ERR(
        test_policy_yaml(&policy, &issue, test_text(many(TROTH_POLICY_RULES_MAX + 1, 5))),
        TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "there are more than 64 rules");

    test_case("longer");
    CHECK_ERR(
        test_policy_yaml(&policy, &issue, test_text(many(TROTH_POLICY_RULES_MAX, 257))),
        TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "with this rule, all rules are longer than 16 KiB");
    CHECK_INT(issue.line, 4 + TROTH_POLICY_RULES_MAX);

    test_case("what takes the most memory for its length");
    CHECK_ERR(test_policy_yaml(&policy, &issue, costly()), TROTH_OK);
}

int main(void)
{
    test_fine();
    test_refusals();
    test_limits();
    return test_finish();
}
