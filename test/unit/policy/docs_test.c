/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of docs/policy.md are policies, and it speaks of every key. */
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"

enum { EXAMPLE_MAX = 1 << 14 };

static const char *const keys[] = {"accept", "allow",  "amd",   "any",      "expect",
                                   "images", "intel",  "log",   "machines", "max_age",
                                   "nonce",  "policy", "rules", "tests",    "vocabulary"};

/* What an example leaves out; one of these kinds is what it is about. */
static const char *const base[] = {"policy: p\n", "images: any\n"};
static const char *const accepts[] = {"accept: [nitro, snp, sgx, tdx]\n",
                                      "accept: [nitro, tdx]\n", "accept: [snp, tdx]\n",
                                      "accept: [tdx]\n"};

/* Is there a line in `example` that begins as `line` does, up to its colon? */
static bool has_key(const char *example, const char *line)
{
    const size_t len = (size_t)(strchr(line, ':') - line) + 1;

    if (strncmp(example, line, len) == 0)
        return true;
    for (const char *at = example; (at = strchr(at, '\n')) != NULL;)
        if (strncmp(++at, line, len) == 0)
            return true;
    return false;
}

static void add(char *text, const char *example, const char *line)
{
    const size_t len = strlen(text);

    if (!has_key(example, line))
        (void)snprintf(text + len, EXAMPLE_MAX - len, "%s", line);
}

static void check_example(const char *example)
{
    const struct troth_policy *policy = NULL;
    struct troth_policy_issue issue = {0};

    for (size_t i = 0; i < COUNT(accepts) && !policy; i++) {
        char text[EXAMPLE_MAX] = "";

        for (size_t k = 0; k < COUNT(base); k++)
            add(text, example, base[k]);
        add(text, example, accepts[i]);
        (void)snprintf(text + strlen(text), EXAMPLE_MAX - strlen(text), "%s", example);
        (void)test_policy_yaml(&policy, &issue, test_text(text));
    }
    if (!CHECK(policy != NULL))
        printf("# %s\n# %s\n", issue.text, example);
}

/* Those with dots in the place of digits are for reading only. */
static void test_examples(const char *page)
{
    unsigned seen = 0;

    for (const char *at = page; (at = strstr(at, "```yaml\n")) != NULL;) {
        static char example[EXAMPLE_MAX];
        const char *start = at + strlen("```yaml\n"), *end = strstr(start, "```");

        (void)snprintf(example, sizeof example, "%.*s", (int)(end - start), start);
        at = end + 3;
        if (strstr(example, "\u2026"))
            continue;
        test_case("example number %u", ++seen);
        check_example(example);
    }
    test_case("most examples");
    CHECK(seen >= 12);
}

static void test_keys(const char *page)
{
    for (size_t i = 0; i < COUNT(keys); i++) {
        char heading[64], row[64], line[64];

        test_case("the page speaks of %s", keys[i]);
        (void)snprintf(heading, sizeof heading, "\n### %s\n", keys[i]);
        (void)snprintf(row, sizeof row, "\n| [`%s`](#%s) |", keys[i], keys[i]);
        CHECK(strstr(page, heading) != NULL);
        CHECK(strstr(page, row) != NULL);

        /* And it is a key: a map is no value of any that is none. */
        const struct troth_policy *policy;
        struct troth_policy_issue issue;
        (void)snprintf(line, sizeof line, "{\"%s\": {}}", keys[i]);
        (void)test_policy_json(&policy, &issue, test_text(line));
        CHECK(!strstr(issue.text, "unknown key"));
    }
}

int main(void)
{
    const struct troth_span page = test_file(TROTH_SOURCE_DIR "/docs/policy.md");
    static char text[1 << 16];

    test_case("the page");
    if (!CHECK(page.ptr && page.len < sizeof text))
        return test_finish();
    memcpy(text, page.ptr, page.len);
    test_examples(text);
    test_keys(text);
    return test_finish();
}
