/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_value.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clause.h"
#include "base/span.h"

bool troth_build_object(struct troth_build_reading *r, struct troth_place place,
                        const char *text, const char *first, struct troth_span second)
{
    const struct troth_span words[TROTH_CLAUSE_WORDS] = {
        troth_span_of_text(first), second, {NULL, 0}};

    *r->problem = (struct troth_build_problem){.place = place};
    troth_clause_write(r->problem->text, sizeof r->problem->text, text, words);
    return false;
}

void troth_build_advise(struct troth_build_reading *r, const char *hint)
{
    troth_build_hint(r->problem, "%s", hint);
}

bool troth_build_no_room(struct troth_build_reading *r)
{
    return troth_build_fail(r->problem, "", "there is too much in it");
}

static bool want(struct troth_build_reading *r, const struct troth_build_key *key,
                 const struct troth_tree_node *node, enum troth_tree_kind kind)
{
    static const char *const texts[] = {
        [TROTH_TREE_TEXT] = "%: one value belongs here",
        [TROTH_TREE_LIST] = "%: a list belongs here",
        [TROTH_TREE_MAP] = "%: names with their values belong here"};

    return node->kind == kind ||
           troth_build_object(r, node->place, texts[kind], key->name, node->text);
}

/* A copy that ends with its only zero byte. */
static bool copy(struct troth_build_reading *r, const struct troth_build_key *key,
                 struct troth_place place, struct troth_span from, const char **out)
{
    const struct troth_span text = troth_arena_copy(r->arena, from);

    if (!text.ptr)
        return troth_build_no_room(r);
    if (strlen((const char *)text.ptr) != text.len)
        return troth_build_object(r, place, "%: a zero byte is in the text", key->name,
                                  from);
    *out = (const char *)text.ptr;
    return true;
}

static bool obey(struct troth_build_reading *r, const struct troth_build_key *key,
                 struct troth_place place, const char *text)
{
    char clause[96];

    if (!key->rule || key->rule->holds(text))
        return true;
    (void)snprintf(clause, sizeof clause, "%%: '%%' %s", key->rule->why);
    (void)troth_build_object(r, place, clause, key->name, troth_span_of_text(text));
    if (key->rule->hint)
        troth_build_advise(r, key->rule->hint);
    return false;
}

bool troth_build_take_text(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{
    const char **text = out;

    return want(r, key, node, TROTH_TREE_TEXT) &&
           copy(r, key, node->place, node->text, text) &&
           obey(r, key, node->place, *text);
}

bool troth_build_take_place(struct troth_build_reading *r,
                            const struct troth_build_key *key,
                            const struct troth_tree_node *node, void *out)
{
    const char **place = out;

    if (!troth_build_take_text(r, key, node, out))
        return false;
    ++*place;
    return true;
}

/* Room for the children of a node, and NULL. */
static bool begin(struct troth_build_reading *r, const struct troth_build_key *key,
                  const struct troth_tree_node *node, const char ***out)
{
    if (node->count > TROTH_BUILD_WORDS_MAX)
        return troth_build_object(r, node->place, "%: there are too many", key->name,
                                  node->text);
    *out = troth_arena_take_array(r->arena, node->count + 1, sizeof **out);
    return *out || troth_build_no_room(r);
}

bool troth_build_take_list(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{
    const char **rows = NULL;
    size_t count = 0;

    if (!want(r, key, node, TROTH_TREE_LIST) || !begin(r, key, node, &rows))
        return false;
    for (const struct troth_tree_node *n = node->first_child; n; n = n->next)
        if (!troth_build_take_text(r, key, n, &rows[count++]))
            return false;
    *(struct troth_build_words *)out = (struct troth_build_words){rows, count};
    return true;
}

/* The first of `list` that has come before; NULL: there is none. */
static const struct troth_tree_node *repeated(const struct troth_tree_node *list)
{
    for (const struct troth_tree_node *n = list->first_child; n; n = n->next)
        for (const struct troth_tree_node *m = list->first_child; m != n; m = m->next)
            if (troth_span_equal(m->text, n->text))
                return n;
    return NULL;
}

bool troth_build_take_set(struct troth_build_reading *r,
                          const struct troth_build_key *key,
                          const struct troth_tree_node *node, void *out)
{
    const struct troth_tree_node *twice;

    if (!troth_build_take_list(r, key, node, out))
        return false;
    twice = repeated(node);
    return !twice || troth_build_object(r, twice->place, "%: '%' is there twice",
                                        key->name, twice->text);
}

/* A program has a name at least. */
bool troth_build_take_program(struct troth_build_reading *r,
                              const struct troth_build_key *key,
                              const struct troth_tree_node *node, void *out)
{
    if (!troth_build_take_list(r, key, node, out))
        return false;
    if (node->first_child && node->first_child->text.len > 0)
        return true;
    (void)troth_build_object(r, node->place, "%: the program's name is missing",
                             key->name, node->text);
    troth_build_advise(r, "command: [gcc, -static, -o, /output/usr/bin/hello, hello.c]");
    return false;
}

static bool take_variable(struct troth_build_reading *r,
                          const struct troth_build_key *key,
                          const struct troth_tree_node *node, const char **out)
{
    const char *name = "", *value = "";
    size_t room;
    char *text;

    if (!want(r, key, node, TROTH_TREE_TEXT) ||
        !copy(r, key, node->key_place, node->key, &name) ||
        !obey(r, key, node->key_place, name) ||
        !copy(r, key, node->place, node->text, &value))
        return false;
    room = strlen(name) + strlen(value) + 2;
    text = troth_arena_take(r->arena, room);
    if (!text)
        return troth_build_no_room(r);
    (void)snprintf(text, room, "%s=%s", name, value);
    *out = text;
    return true;
}

bool troth_build_take_environment(struct troth_build_reading *r,
                                  const struct troth_build_key *key,
                                  const struct troth_tree_node *node, void *out)
{
    const char **rows = NULL;
    size_t count = 0;

    if (!want(r, key, node, TROTH_TREE_MAP) || !begin(r, key, node, &rows))
        return false;
    for (const struct troth_tree_node *n = node->first_child; n; n = n->next)
        if (!take_variable(r, key, n, &rows[count++]))
            return false;
    *(struct troth_build_words *)out = (struct troth_build_words){rows, count};
    return true;
}

bool troth_build_take_run(struct troth_build_reading *r,
                          const struct troth_build_key *key,
                          const struct troth_tree_node *node, void *out)
{
    struct troth_build_file *file = out;

    if (node->kind == TROTH_TREE_TEXT)
        return troth_build_take_text(r, key, node, &file->run_file);
    if (node->kind == TROTH_TREE_MAP)
        return troth_build_json(r, node, &file->run_json);
    return troth_build_object(r, node->place,
                              "%: a file or a run file's keys belong here", key->name,
                              node->text);
}

bool troth_build_take_map(struct troth_build_reading *r,
                          const struct troth_build_key *key,
                          const struct troth_tree_node *node, void *out)
{
    (void)out;
    return want(r, key, node, TROTH_TREE_MAP);
}

bool troth_build_take_rows(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{
    (void)out;
    if (!want(r, key, node, TROTH_TREE_LIST))
        return false;
    return node->count <= TROTH_BUILD_ROWS_MAX ||
           troth_build_object(r, node->place, "%: there are too many", key->name,
                              node->text);
}
