/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_tree.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

static const struct troth_content nowhere = {.descriptor = -1};

/* A step: what is done to a tree, in one letter. */
enum verb { ADD = '+', OVER = '*', LAYER = '|', IN = '>', HIDE = '-', BELOW = '~' };

struct step {
    enum verb verb;
    enum troth_entry_kind kind;
    const char *path;
    const char *text; /* a file's content, a link's target */
    uint32_t mode;
};

#define FILE_(verb, path, text)                                                          \
    {                                                                                    \
        verb, TROTH_ENTRY_FILE, path, text, 0644                                         \
    }
#define DIR_(verb, path, mode)                                                           \
    {                                                                                    \
        verb, TROTH_ENTRY_FOLDER, path, NULL, mode                                       \
    }
#define LINK_(verb, path, to)                                                            \
    {                                                                                    \
        verb, TROTH_ENTRY_SYMLINK, path, to, 0777                                        \
    }
#define HARD_(verb, path, to)                                                            \
    {                                                                                    \
        verb, TROTH_ENTRY_HARD_LINK, path, to, 0                                         \
    }
#define NEW_LAYER                                                                        \
    {                                                                                    \
        LAYER, TROTH_ENTRY_NONE, "", NULL, 0                                             \
    }
#define HIDE_(path)                                                                      \
    {                                                                                    \
        HIDE, TROTH_ENTRY_NONE, path, NULL, 0                                            \
    }
#define BELOW_(path)                                                                     \
    {                                                                                    \
        BELOW, TROTH_ENTRY_NONE, path, NULL, 0                                           \
    }

static bool add(struct troth_file_tree *tree, struct troth_build_problem *problem,
                const struct step *step)
{
    static const enum troth_tree_clash clashes[] = {
        ['+'] = TROTH_TREE_REFUSE, ['*'] = TROTH_TREE_REPLACE, ['>'] = TROTH_TREE_LAYER};
    struct troth_entry entry = {
        .kind = step->kind, .path = test_text(step->path), .mode = step->mode};
    struct troth_content content = nowhere;

    if (step->kind == TROTH_ENTRY_FILE) {
        content.bytes = (const uint8_t *)step->text;
        entry.size = strlen(step->text);
    } else if (step->text) {
        entry.target = test_text(step->text);
    }
    return troth_file_tree_add(tree, problem, &entry, &content, 7, clashes[step->verb]);
}

static bool take(struct troth_file_tree *tree, struct troth_build_problem *problem,
                 const struct step *step)
{
    switch (step->verb) {
    case LAYER:
        troth_file_tree_begin_layer(tree);
        return true;
    case HIDE:
        troth_file_tree_hide(tree, test_text(step->path));
        return true;
    case BELOW:
        troth_file_tree_hide_below(tree, test_text(step->path));
        return true;
    case ADD:
    case OVER:
    case IN:
        break;
    }
    return add(tree, problem, step);
}

/* "usr/ usr/a=text usr/b->target", modes of folders in octal where they are not 755. */
static void describe(char *out, size_t size, const struct troth_file_tree *tree)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < troth_file_tree_count(tree); i++) {
        const struct troth_tree_entry *const row = troth_file_tree_at(tree, i);
        const struct troth_entry *const entry = &row->entry;
        const char *const gap = i ? " " : "";

        if (entry->kind == TROTH_ENTRY_FOLDER && entry->mode != 0755)
            len += (size_t)snprintf(out + len, size - len, "%s%.*s/%o", gap,
                                    (int)entry->path.len, (const char *)entry->path.ptr,
                                    entry->mode);
        else if (entry->kind == TROTH_ENTRY_FOLDER)
            len += (size_t)snprintf(out + len, size - len, "%s%.*s/", gap,
                                    (int)entry->path.len, (const char *)entry->path.ptr);
        else if (entry->kind == TROTH_ENTRY_SYMLINK)
            len += (size_t)snprintf(out + len, size - len, "%s%.*s->%.*s", gap,
                                    (int)entry->path.len, (const char *)entry->path.ptr,
                                    (int)entry->target.len,
                                    (const char *)entry->target.ptr);
        else
            len += (size_t)snprintf(out + len, size - len, "%s%.*s=%.*s", gap,
                                    (int)entry->path.len, (const char *)entry->path.ptr,
                                    (int)entry->size, (const char *)row->content.bytes);
    }
}

static const struct {
    const char *why;
    struct step steps[10];
    const char *wanted;  /* NULL: the last step fails */
    const char *subject; /* of its problem */
    const char *text;
} cases[] = {
    {"an empty tree", {{0}}, ""},
    {"folders are made", {FILE_(ADD, "usr/bin/a", "x")}, "usr/ usr/bin/ usr/bin/a=x"},
    {"sorted by bytes, whatever the order",
     {FILE_(ADD, "a/b", "1"), FILE_(ADD, "a-b", "2"), FILE_(ADD, "Z", "3")},
     "Z=3 a/ a-b=2 a/b=1"},
    {"the same, the other way round",
     {FILE_(ADD, "Z", "3"), FILE_(ADD, "a-b", "2"), FILE_(ADD, "a/b", "1")},
     "Z=3 a/ a-b=2 a/b=1"},
    {"a folder that was made may be said later",
     {FILE_(ADD, "a/b", "1"), DIR_(ADD, "a", 0700)},
     "a/700 a/b=1"},
    {"the later of two folders counts",
     {DIR_(ADD, "a", 0700), DIR_(ADD, "a", 0711)},
     "a/711"},
    {"the root says nothing", {DIR_(ADD, "", 0700)}, ""},
    {"the root is no file",
     {FILE_(ADD, "", "x")},
     NULL,
     "",
     "the root cannot be but a folder"},
    {"the same twice", {FILE_(ADD, "a", "x"), FILE_(ADD, "a", "x")}, "a=x"},
    {"the same link twice", {LINK_(ADD, "a", "x"), LINK_(ADD, "a", "x")}, "a->x"},
    {"another content",
     {FILE_(ADD, "a", "x"), FILE_(ADD, "a", "y")},
     NULL,
     "a",
     "is there already, and is not the same"},
    {"another target",
     {LINK_(ADD, "a", "x"), LINK_(ADD, "a", "y")},
     NULL,
     "a",
     "is there already, and is not the same"},
    {"another kind",
     {FILE_(ADD, "a", "x"), LINK_(ADD, "a", "y")},
     NULL,
     "a",
     "is there already, as a file, and would be a symbolic link"},
    {"a file for a folder",
     {FILE_(ADD, "a/b", "x"), FILE_(ADD, "a", "y")},
     NULL,
     "a",
     "is there already, as a folder, and would be a file"},
    {"replaced", {FILE_(ADD, "a", "x"), FILE_(OVER, "a", "y")}, "a=y"},
    {"a folder replaced by a link",
     {FILE_(ADD, "a/b/c", "x"), FILE_(ADD, "d", "x"), LINK_(OVER, "a", "d")},
     "a->d d=x"},
    {"a file replaced by a folder",
     {FILE_(ADD, "a", "x"), DIR_(OVER, "a", 0755), FILE_(ADD, "a/b", "y")},
     "a/ a/b=y"},
    {"below a file",
     {FILE_(ADD, "a", "x"), FILE_(ADD, "a/b", "y")},
     NULL,
     "a",
     "is a file, but there is something to go below it"},
    {"below a link",
     {LINK_(ADD, "a", "/etc"), FILE_(OVER, "a/b/c", "y")},
     NULL,
     "a",
     "is a symbolic link, but there is something to go below it"},
    {"above the root",
     {FILE_(ADD, "../a", "x")},
     NULL,
     "../a",
     "is no path that an image may hold"},
    {"from the root",
     {FILE_(ADD, "/a", "x")},
     NULL,
     "/a",
     "is no path that an image may hold"},
    {"a device",
     {{ADD, TROTH_ENTRY_DEVICE, "dev/sda"}},
     NULL,
     "dev/sda",
     "is a device, which an image cannot hold"},
    {"a pipe",
     {{ADD, TROTH_ENTRY_PIPE, "p"}},
     NULL,
     "p",
     "is a named pipe, which an image cannot hold"},
    {"a socket",
     {{ADD, TROTH_ENTRY_SOCKET, "s"}},
     NULL,
     "s",
     "is a socket, which an image cannot hold"},
    {"a hard link is a file of its own",
     {FILE_(ADD, "a", "x"), HARD_(ADD, "b/c", "a")},
     "a=x b/ b/c=x"},
    {"and stays when the other goes",
     {FILE_(ADD, "a", "x"), HARD_(ADD, "b", "a"), FILE_(OVER, "a", "y")},
     "a=y b=x"},
    {"a hard link to itself", {FILE_(ADD, "a", "x"), HARD_(ADD, "a", "a")}, "a=x"},
    {"a hard link to nothing",
     {HARD_(ADD, "a", "b")},
     NULL,
     "a",
     "is a hard link to what is not there"},
    {"a hard link to a folder",
     {DIR_(ADD, "b", 0755), HARD_(ADD, "a", "b")},
     NULL,
     "a",
     "is a hard link to what is no file"},
    {"hidden",
     {FILE_(ADD, "a/b", "x"), FILE_(ADD, "c", "y"), NEW_LAYER, HIDE_("a")},
     "c=y"},
    {"hidden, but what is of this layer stays",
     {DIR_(ADD, "a", 0700), FILE_(ADD, "a/b", "x"), NEW_LAYER, FILE_(IN, "a/c", "y"),
      HIDE_("a")},
     "a/ a/c=y"},
    {"hidden before, and brought anew",
     {FILE_(ADD, "a/b", "x"), NEW_LAYER, HIDE_("a"), FILE_(IN, "a/c", "y"), HIDE_("a")},
     "a/ a/c=y"},
    {"emptied",
     {DIR_(ADD, "a", 0700), FILE_(ADD, "a/b", "x"), NEW_LAYER, BELOW_("a")},
     "a/700"},
    {"emptied, the second time by the layer after",
     {FILE_(ADD, "a/b", "x"), NEW_LAYER, BELOW_("a"), FILE_(IN, "a/c", "y"), NEW_LAYER,
      BELOW_("a")},
     "a/"},
    {"everything emptied",
     {FILE_(ADD, "a/b", "x"), FILE_(ADD, "c", "x"), NEW_LAYER, BELOW_("")},
     ""},
    {"the root cannot be hidden", {FILE_(ADD, "a", "x"), NEW_LAYER, HIDE_("")}, ""},
    {"hide what is not there", {FILE_(ADD, "a", "x"), NEW_LAYER, HIDE_("b/c")}, "a=x"},
    {"twice in a layer",
     {FILE_(ADD, "a", "x"), NEW_LAYER, FILE_(IN, "a", "y"), FILE_(IN, "a", "z")},
     NULL,
     "a",
     "comes twice in one layer"},
    {"a folder of this layer is not replaced",
     {NEW_LAYER, FILE_(IN, "a/b", "y"), LINK_(IN, "a", "z")},
     NULL,
     "a",
     "comes twice in one layer"},
    {"nor a lower one with something of this layer in it",
     {DIR_(ADD, "a", 0700), NEW_LAYER, FILE_(IN, "a/b", "y"), LINK_(IN, "a", "z")},
     NULL,
     "a",
     "comes twice in one layer"},
    {"once in each of two",
     {FILE_(ADD, "a", "x"), NEW_LAYER, FILE_(IN, "a", "y"), NEW_LAYER,
      LINK_(IN, "a", "z")},
     "a->z"},
};

static void test_steps(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_file_tree *const tree = troth_file_tree_create();
        struct troth_build_problem problem = {.text = ""};
        char seen[1024];
        bool good = true;

        test_case("%s", cases[i].why);
        for (size_t k = 0; k < COUNT(cases[i].steps) && cases[i].steps[k].verb; k++) {
            CHECK(good);
            good = take(tree, &problem, &cases[i].steps[k]);
        }
        CHECK_INT(good, cases[i].wanted != NULL);
        CHECK_TEXT(problem.text, cases[i].text ? cases[i].text : "");
        CHECK_TEXT(problem.subject, cases[i].subject ? cases[i].subject : "");
        CHECK(troth_file_tree_finish(tree, &problem));
        describe(seen, sizeof(seen), tree);
        if (cases[i].wanted)
            CHECK_TEXT(seen, cases[i].wanted);
        troth_file_tree_destroy(tree);
    }
}

/* What many additions and removals leave is what a plain list of paths would hold. */
static void test_many(void)
{
    enum { NAMES = 3000, STEPS = 20000 };
    static bool there[NAMES];
    struct test_random random = {42};
    struct troth_file_tree *const tree = troth_file_tree_create();
    struct troth_build_problem problem;
    size_t count = 0, good = 0, files = 0;
    char path[64];

    test_case("many entries, in and out");
    for (size_t i = 0; i < STEPS; i++) {
        const unsigned name = test_random_below(&random, NAMES);
        const struct step step = FILE_(OVER, path, "x");

        (void)snprintf(path, sizeof(path), "d%u/e%u/f%u", name % 7, name % 31, name);
        there[name] = test_random_below(&random, 3) > 0;
        if (there[name])
            good += add(tree, &problem, &step);
        else
            troth_file_tree_remove(tree, test_text(path));
        good += !there[name];
    }
    CHECK_INT(good, STEPS);
    for (unsigned i = 0; i < NAMES; i++) {
        (void)snprintf(path, sizeof(path), "d%u/e%u/f%u", i % 7, i % 31, i);
        count += there[i];
        CHECK((troth_file_tree_find(tree, test_text(path)) != NULL) == there[i]);
    }
    CHECK(troth_file_tree_finish(tree, &problem));
    for (size_t i = 0; i < troth_file_tree_count(tree); i++)
        files += troth_file_tree_at(tree, i)->entry.kind == TROTH_ENTRY_FILE;
    CHECK_INT(files, count);
    CHECK(!troth_file_tree_at(tree, troth_file_tree_count(tree)));
    troth_file_tree_destroy(tree);
}

static void test_unfinished(void)
{
    struct troth_file_tree *const tree = troth_file_tree_create();
    struct troth_build_problem problem;
    const struct step step = FILE_(ADD, "a", "x");

    test_case("a tree has no order before it is finished, nor after a change");
    CHECK(add(tree, &problem, &step));
    CHECK(!troth_file_tree_at(tree, 0));
    CHECK(troth_file_tree_finish(tree, &problem));
    CHECK(troth_file_tree_at(tree, 0));
    troth_file_tree_remove(tree, test_text("b"));
    CHECK(!troth_file_tree_at(tree, 0));
    troth_file_tree_destroy(tree);
    troth_file_tree_destroy(NULL);
}

int main(void)
{
    test_steps();
    test_many();
    test_unfinished();
    return test_finish();
}
