/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/run_value.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clause.h"
#include "base/number.h"
#include "base/span.h"

/* What is wrong with a node; each '%' of `text` is the next word. */
enum troth_err troth_run_object(struct troth_run_reading *r, enum troth_err err,
                                struct troth_place place, const char *text,
                                struct troth_span first, struct troth_span second)
{
    const struct troth_span words[TROTH_CLAUSE_WORDS] = {first, second, {NULL, 0}};

    r->issue->place = place;
    troth_clause_write(r->issue->text, sizeof r->issue->text, text, words);
    return err;
}

void troth_run_advise(struct troth_run_reading *r, const char *hint)
{
    (void)snprintf(r->issue->hint, sizeof r->issue->hint, "%s", hint);
}

/* The name of a key of the table as words have it. */
static struct troth_span name_of(const struct troth_run_key *key)
{
    return troth_span_of_text(key->name);
}

static enum troth_err want(struct troth_run_reading *r, const struct troth_run_key *key,
                           const struct troth_tree_node *node, enum troth_tree_kind kind)
{
    static const char *const texts[] = {
        [TROTH_TREE_TEXT] = "%: one value belongs here",
        [TROTH_TREE_LIST] = "%: a list belongs here",
        [TROTH_TREE_MAP] = "%: names with their values belong here"};

    if (node->kind == kind)
        return TROTH_OK;
    return troth_run_object(r, TROTH_ERR_TYPE, node->place, texts[kind], name_of(key),
                            name_of(key));
}

/* A copy that ends with its only zero byte. */
static enum troth_err copy(struct troth_run_reading *r, const struct troth_run_key *key,
                           const struct troth_tree_node *node, const char **out)
{
    struct troth_span text = troth_arena_copy(r->arena, node->text);

    if (!text.ptr)
        return TROTH_ERR_MEMORY;
    if (strlen((const char *)text.ptr) != text.len)
        return troth_run_object(r, TROTH_ERR_VALUE, node->place,
                                "%: a zero byte is in the text", name_of(key),
                                name_of(key));
    *out = (const char *)text.ptr;
    return TROTH_OK;
}

static enum troth_err obey(struct troth_run_reading *r, const struct troth_run_key *key,
                           struct troth_place place, const char *text)
{
    enum troth_err err;
    char clause[96];

    if (!key->rule || key->rule->holds(text))
        return TROTH_OK;
    (void)snprintf(clause, sizeof clause, "%%: '%%' %s", key->rule->why);
    err = troth_run_object(r, TROTH_ERR_VALUE, place, clause, name_of(key),
                           troth_span_of_text(text));
    if (key->rule->hint)
        troth_run_advise(r, key->rule->hint);
    return err;
}

enum troth_err troth_run_take_text(struct troth_run_reading *r,
                                   const struct troth_run_key *key,
                                   const struct troth_tree_node *node, void *out)
{
    const char **text = out;
    enum troth_err err = want(r, key, node, TROTH_TREE_TEXT);

    if (!err)
        err = copy(r, key, node, text);
    return err ? err : obey(r, key, node->place, *text);
}

/* Room for the children of a node, which all are texts, and NULL. */
static enum troth_err begin(struct troth_run_reading *r,
                            const struct troth_tree_node *node, const char ***out)
{
    *out = troth_arena_take_array(r->arena, node->count + 1, sizeof **out);
    return *out ? TROTH_OK : TROTH_ERR_MEMORY;
}

enum troth_err troth_run_take_list(struct troth_run_reading *r,
                                   const struct troth_run_key *key,
                                   const struct troth_tree_node *node, void *out)
{
    const char **rows = NULL;
    size_t count = 0;
    enum troth_err err = want(r, key, node, TROTH_TREE_LIST);

    if (!err)
        err = begin(r, node, &rows);
    for (const struct troth_tree_node *n = node->first_child; !err && n; n = n->next)
        err = troth_run_take_text(r, key, n, &rows[count++]);
    *(struct troth_run_words *)out = (struct troth_run_words){rows, count};
    return err;
}

/* A program has a name at least. */
enum troth_err troth_run_take_program(struct troth_run_reading *r,
                                      const struct troth_run_key *key,
                                      const struct troth_tree_node *node, void *out)
{
    enum troth_err err = troth_run_take_list(r, key, node, out);

    if (err || (node->first_child && node->first_child->text.len > 0))
        return err;
    err = troth_run_object(r, TROTH_ERR_VALUE, node->place,
                           "%: the program's name is missing", name_of(key),
                           name_of(key));
    troth_run_advise(r, "program: [python3, -m, http.server]");
    return err;
}

static enum troth_err take_variable(struct troth_run_reading *r,
                                    const struct troth_run_key *key,
                                    const struct troth_tree_node *node, const char **out)
{
    struct troth_span name = troth_arena_copy(r->arena, node->key);
    const char *value = NULL;
    enum troth_err err = name.ptr ? want(r, key, node, TROTH_TREE_TEXT)
                                  : TROTH_ERR_MEMORY;
    size_t room;
    char *text;

    /* A zero byte would cut the name short of what the rule sees. */
    if (!err)
        err = strlen((const char *)name.ptr) == name.len
                  ? obey(r, key, node->key_place, (const char *)name.ptr)
                  : troth_run_object(r, TROTH_ERR_VALUE, node->key_place,
                                     "%: a zero byte is in a name", name_of(key),
                                     name_of(key));
    if (!err)
        err = copy(r, key, node, &value);
    if (err)
        return err;
    room = name.len + strlen(value) + 2;
    text = troth_arena_take(r->arena, room);
    if (!text)
        return TROTH_ERR_MEMORY;
    (void)snprintf(text, room, "%s=%s", (const char *)name.ptr, value);
    *out = text;
    return TROTH_OK;
}

enum troth_err troth_run_take_environment(struct troth_run_reading *r,
                                          const struct troth_run_key *key,
                                          const struct troth_tree_node *node, void *out)
{
    const char **rows = NULL;
    size_t count = 0;
    enum troth_err err = want(r, key, node, TROTH_TREE_MAP);

    if (!err)
        err = begin(r, node, &rows);
    for (const struct troth_tree_node *n = node->first_child; !err && n; n = n->next)
        err = take_variable(r, key, n, &rows[count++]);
    *(struct troth_run_words *)out = (struct troth_run_words){rows, count};
    return err;
}

static enum troth_err object_to_number(struct troth_run_reading *r,
                                       const struct troth_run_key *key,
                                       const struct troth_tree_node *node,
                                       const char *what, const char *hint)
{
    enum troth_err err = troth_run_object(r, TROTH_ERR_VALUE, node->place, what,
                                          name_of(key), node->text);

    troth_run_advise(r, hint);
    return err;
}

enum troth_err troth_run_take_count(struct troth_run_reading *r,
                                    const struct troth_run_key *key,
                                    const struct troth_tree_node *node, void *out)
{
    uint64_t *count = out;
    enum troth_err err = want(r, key, node, TROTH_TREE_TEXT);

    if (err)
        return err;
    if (troth_uint_parse(count, node->text, 10) || *count == 0 || *count > INT32_MAX)
        return object_to_number(r, key, node, "%: '%' is no number of them",
                                "without the key there is no limit of ours");
    return TROTH_OK;
}

enum troth_err troth_run_take_size(struct troth_run_reading *r,
                                   const struct troth_run_key *key,
                                   const struct troth_tree_node *node, void *out)
{
    enum troth_err err = want(r, key, node, TROTH_TREE_TEXT);

    if (err)
        return err;
    if (troth_size_parse(out, node->text))
        return object_to_number(r, key, node, "%: '%' is no size",
                                "bytes, or 64K, 512M, 2G, 1T");
    return TROTH_OK;
}

enum troth_err troth_run_take_restart(struct troth_run_reading *r,
                                      const struct troth_run_key *key,
                                      const struct troth_tree_node *node, void *out)
{
    static const char *const words[] = {
        [TROTH_RUN_RESTART_NEVER] = "never",
        [TROTH_RUN_RESTART_ON_FAILURE] = "on-failure",
        [TROTH_RUN_RESTART_ALWAYS] = "always",
    };
    enum troth_err err = want(r, key, node, TROTH_TREE_TEXT);

    if (err)
        return err;
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (troth_span_is_text(node->text, words[i])) {
            *(enum troth_run_restart *)out = (enum troth_run_restart)i;
            return TROTH_OK;
        }
    return troth_run_object(r, TROTH_ERR_VALUE, node->place,
                            "%: '%' is none of never, on-failure, always", name_of(key),
                            node->text);
}

enum troth_err troth_run_take_map(struct troth_run_reading *r,
                                  const struct troth_run_key *key,
                                  const struct troth_tree_node *node, void *out)
{
    (void)out;
    return want(r, key, node, TROTH_TREE_MAP);
}
