/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_file.h"

#include <stdio.h>

#include "base/span.h"
#include "policy/policy.h"
#include "yaml/yaml.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_json(struct troth_span text)
{
    size_t i = 0;

    while (i < text.len && is_blank(text.ptr[i]))
        i++;
    return i < text.len && text.ptr[i] == '{';
}

static enum troth_err read_tree(struct troth_policy_document *out, struct troth_span text,
                                struct troth_arena *arena)
{
    struct troth_tree_issue why = {.text = ""};
    enum troth_err err = is_json(text)
                             ? troth_tree_from_json(&out->tree, &why, text, arena)
                             : troth_tree_from_yaml(&out->tree, &why, text, arena);

    out->issue.line = why.place.line;
    out->issue.column = why.place.column;
    (void)snprintf(out->issue.text, sizeof out->issue.text, "%s", why.text);
    return err;
}

bool troth_policy_document_parse(struct troth_policy_document *out,
                                 struct troth_inputs *inputs,
                                 struct troth_problem *problem,
                                 const struct troth_crypto *crypto,
                                 struct troth_span text)
{
    struct troth_arena arena = {
        troth_inputs_allocate(inputs, problem, TROTH_POLICY_ARENA_SIZE),
        TROTH_POLICY_ARENA_SIZE, 0};
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    *out = (struct troth_policy_document){.tree = NULL};
    if (!arena.base)
        return false;
    fault.err = read_tree(out, text, &arena);
    if (!fault.err)
        fault.err = troth_policy_read(&out->policy, &out->issue, out->tree, crypto,
                                      &arena);
    /* What is no fault of the document's has no text. */
    return !fault.err || out->issue.text[0] || troth_problem_fault(problem, "", &fault);
}

bool troth_policy_document_read(struct troth_policy_document *out,
                                struct troth_inputs *inputs,
                                struct troth_problem *problem,
                                const struct troth_crypto *crypto, const char *path)
{
    struct troth_span text;

    *out = (struct troth_policy_document){.tree = NULL};
    return troth_inputs_read(inputs, problem, &text, path, TROTH_POLICY_SOURCE_MAX) &&
           troth_policy_document_parse(out, inputs, problem, crypto, text);
}

bool troth_policy_file_read(const struct troth_policy **out, struct troth_inputs *inputs,
                            struct troth_problem *problem,
                            const struct troth_crypto *crypto, const char *path)
{
    struct troth_policy_document document;

    *out = NULL;
    if (!troth_policy_document_read(&document, inputs, problem, crypto, path))
        return false;
    *out = document.policy;
    return *out ||
           troth_policy_complain(problem, troth_inputs_name(path), &document.issue);
}
