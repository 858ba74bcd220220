/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/run_file.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "service/run/run_value.h"
#include "yaml/yaml.h"

#define AT(member) offsetof(struct troth_run_file, member)

/* clang-format off */
static const struct troth_run_key keys[] = {
    /* name               what it holds                of which member          each text */
    {"program",          troth_run_take_program,     AT(program),             NULL},
    {"listen",           troth_run_take_text,        AT(listen),              &troth_run_rule_listen},
    {"upstream",         troth_run_take_text,        AT(upstream),            &troth_run_rule_upstream},
    {"upstream_outside", troth_run_take_text,        AT(upstream_outside),    &troth_run_rule_outside},
    {"ask",              troth_run_take_text,        AT(ask),                 &troth_run_rule_ask},
    {"policy",           troth_run_take_text,        AT(policy),              &troth_run_rule_path},
    {"roots",            troth_run_take_list,        AT(roots),               &troth_run_rule_path},
    {"collateral",       troth_run_take_list,        AT(collateral),          &troth_run_rule_path},
    {"certificate",      troth_run_take_text,        AT(certificate),         &troth_run_rule_path},
    {"key",              troth_run_take_text,        AT(key),                 &troth_run_rule_path},
    {"user",             troth_run_take_text,        AT(user),                &troth_run_rule_text},
    {"directory",        troth_run_take_text,        AT(directory),           &troth_run_rule_path},
    {"read",             troth_run_take_list,        AT(read),                &troth_run_rule_path},
    {"write",            troth_run_take_list,        AT(write),               &troth_run_rule_path},
    {"environment",      troth_run_take_environment, AT(environment),         &troth_run_rule_variable},
    {"outbound",         troth_run_take_list,        AT(outbound),            &troth_run_rule_name},
    {"outbound_plain",   troth_run_take_list,        AT(outbound_plain),      &troth_run_rule_name},
    {"limits",           troth_run_take_map,         0,                       NULL},
    {"limits.memory",    troth_run_take_size,        AT(limits.memory),       NULL},
    {"limits.files",     troth_run_take_count,       AT(limits.files),        NULL},
    {"limits.processes", troth_run_take_count,       AT(limits.processes),    NULL},
    {"restart",          troth_run_take_restart,     AT(restart),             NULL},
};
/* clang-format on */

enum { KEYS = sizeof keys / sizeof keys[0] };

const char *troth_run_file_key(size_t i)
{
    return i < KEYS ? keys[i].name : NULL;
}

/* The row of a key in the map whose name, with its dot, is `prefix`; NULL: there is none.
 */
static const struct troth_run_key *find(const char *prefix, struct troth_span name)
{
    const size_t len = strlen(prefix);

    for (const struct troth_run_key *k = keys; k < keys + KEYS; k++)
        if (strncmp(k->name, prefix, len) == 0 &&
            troth_span_is_text(name, k->name + len) && !strchr(k->name + len, '.'))
            return k;
    return NULL;
}

static enum troth_err object_to_key(struct troth_run_reading *r, const char *prefix,
                                    const struct troth_tree_node *node)
{
    const size_t len = strlen(prefix);
    struct troth_nearest near = {NULL, 0};
    enum troth_err err = troth_run_object(r, TROTH_ERR_UNSUPPORTED, node->key_place,
                                          "%%: no such key", troth_span_of_text(prefix),
                                          node->key);

    for (const struct troth_run_key *k = keys; k < keys + KEYS; k++)
        if (strncmp(k->name, prefix, len) == 0)
            troth_nearest_offer(&near, node->key, k->name + len);
    if (near.word)
        (void)snprintf(r->issue->hint, sizeof r->issue->hint, "did you mean %s?",
                       near.word);
    else
        troth_run_advise(r, "docs/run.md lists the keys");
    return err;
}

static enum troth_err read_map(struct troth_run_reading *r, struct troth_run_file *out,
                               const struct troth_tree_node *map, const char *prefix)
{
    enum troth_err err = TROTH_OK;

    for (const struct troth_tree_node *n = map->first_child; !err && n; n = n->next) {
        const struct troth_run_key *key = find(prefix, n->key);

        err = key ? key->take(r, key, n, (uint8_t *)out + key->offset)
                  : object_to_key(r, prefix, n);
    }
    return err;
}

/* Two keys for one thing. */
static enum troth_err check(struct troth_run_reading *r,
                            const struct troth_run_file *file,
                            const struct troth_tree_node *root)
{
    const struct troth_span none = {NULL, 0};
    const struct troth_tree_node *outside = troth_tree_find(root, "upstream_outside");

    if (!outside || !file->upstream)
        return TROTH_OK;
    return troth_run_object(r, TROTH_ERR_VALUE, outside->key_place,
                            "upstream_outside: upstream says already where the data goes",
                            none, none);
}

static enum troth_err read_tree(struct troth_run_reading *r, struct troth_run_file *out,
                                const struct troth_tree_node *root)
{
    static const struct troth_run_key document = {"run file", NULL, 0, NULL};
    const struct troth_tree_node *limits = troth_tree_find(root, "limits");
    enum troth_err err = troth_run_take_map(r, &document, root, NULL);

    if (!err)
        err = read_map(r, out, root, "");
    if (!err && limits)
        err = read_map(r, out, limits, "limits.");
    return err ? err : check(r, out, root);
}

enum troth_err troth_run_file_parse(struct troth_run_file *out,
                                    struct troth_run_issue *issue, struct troth_span text,
                                    struct troth_arena *arena)
{
    struct troth_run_reading r = {arena, issue};
    const struct troth_tree_node *root;
    struct troth_tree_issue why = {.text = ""};
    enum troth_err err = troth_tree_from_yaml(&root, &why, text, arena);

    *issue = (struct troth_run_issue){.place = why.place};
    *out = (struct troth_run_file){.listen = NULL};
    (void)snprintf(issue->text, sizeof issue->text, "%s", why.text);
    if (!err)
        err = read_tree(&r, out, root);
    if (err)
        *out = (struct troth_run_file){.listen = NULL};
    return err;
}
