/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "test/harness.h"
#include "troth/provider.h"
#include "yaml/yaml.h"

enum { ROOMS = 8 };

static const struct troth_crypto *crypto(void)
{
    static struct troth_crypto made;

    if (!made.ops && troth_provider_create(&made))
        abort();
    return &made;
}

static struct troth_arena next_arena(void)
{
    static uint8_t *rooms[ROOMS];
    static unsigned next;
    uint8_t **room = &rooms[next++ % ROOMS];

    if (!*room)
        *room = malloc(TROTH_POLICY_ARENA_SIZE);
    if (!*room)
        abort();
    return (struct troth_arena){*room, TROTH_POLICY_ARENA_SIZE, 0};
}

enum troth_err test_policy_yaml(const struct troth_policy **out,
                                struct troth_policy_issue *issue, struct troth_span text)
{
    struct troth_arena arena = next_arena();
    const struct troth_tree_node *document;
    struct troth_tree_issue why;
    const enum troth_err err = troth_tree_from_yaml(&document, &why, text, &arena);

    if (!err)
        return troth_policy_read(out, issue, document, crypto(), &arena);
    *out = NULL;
    *issue = (struct troth_policy_issue){why.place.line, why.place.column, "", "", ""};
    memcpy(issue->text, why.text, sizeof why.text);
    return err;
}

enum troth_err test_policy_json(const struct troth_policy **out,
                                struct troth_policy_issue *issue, struct troth_span text)
{
    struct troth_arena arena = next_arena();

    return troth_policy_from_json(out, issue, text, crypto(), &arena);
}

const struct troth_policy *test_policy(const char *yaml)
{
    const struct troth_policy *policy;
    struct troth_policy_issue issue;
    char why[512];

    if (test_policy_yaml(&policy, &issue, test_text(yaml)) == TROTH_OK)
        return policy;
    (void)snprintf(why, sizeof why, "%u:%u: %s: %s", (unsigned)issue.line,
                   (unsigned)issue.column, issue.path, issue.text);
    FAIL(why);
    return NULL;
}
