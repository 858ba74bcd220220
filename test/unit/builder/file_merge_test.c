/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "builder/file_tree.h"
#include "test/harness.h"

/* "d/" is a folder, "a=x" a file, "a->x" a link, with "!" a folder of mode 0700. */
static bool add(struct troth_file_tree *tree, const char *word, size_t row)
{
    const char *const link = strstr(word, "->"), *const file = strchr(word, '=');
    const size_t len = strlen(word);
    struct troth_entry entry = {.kind = TROTH_ENTRY_FOLDER,
                                .path = {(const uint8_t *)word, len - 1},
                                .mode = 0755};
    struct troth_content content = {.descriptor = -1};

    if (link) {
        entry.kind = TROTH_ENTRY_SYMLINK;
        entry.path.len = (size_t)(link - word);
        entry.target = test_text(link + 2);
    } else if (file) {
        entry.kind = TROTH_ENTRY_FILE;
        entry.path.len = (size_t)(file - word);
        entry.size = strlen(file + 1);
        content.bytes = (const uint8_t *)file + 1;
    } else if (word[len - 1] == '!') {
        entry.mode = 0700;
    }
    return troth_file_tree_add(tree, NULL, &entry, &content, row, TROTH_TREE_REPLACE);
}

static struct troth_file_tree *make(const char *const *words, size_t row)
{
    struct troth_file_tree *const tree = troth_file_tree_create();

    for (; *words; words++)
        CHECK(add(tree, *words, row));
    return tree;
}

static void describe(char *out, size_t size, const struct troth_file_tree *tree)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < troth_file_tree_count(tree); i++) {
        const struct troth_tree_entry *const row = troth_file_tree_at(tree, i);
        const struct troth_entry *const e = &row->entry;
        const char *const mark = e->kind == TROTH_ENTRY_FILE      ? "="
                                 : e->kind == TROTH_ENTRY_SYMLINK ? "->"
                                 : e->mode == 0700                ? "!"
                                                                  : "/";
        const struct troth_span text = e->kind == TROTH_ENTRY_FILE
                                           ? (struct troth_span){row->content.bytes,
                                                                 (size_t)e->size}
                                           : e->target;

        len += (size_t)snprintf(out + len, size - len, "%s%.*s%s%.*s%s", i ? " " : "",
                                (int)e->path.len, (const char *)e->path.ptr, mark,
                                (int)text.len, text.len ? (const char *)text.ptr : "",
                                row->row == SIZE_MAX ? "?"
                                : row->row == 9      ? "'"
                                                     : "");
    }
}

/* Of the second tree: "'" behind it; of nobody: "?". */
static const struct {
    const char *why;
    const char *into[4], *from[4], *at;
    enum troth_tree_clash clash;
    const char *wanted, *subject;
} cases[] = {
    {"into nothing", {NULL}, {"a=x", "d/e=y"}, "", TROTH_TREE_REFUSE, "a=x' d/? d/e=y'"},
    {"further in",
     {NULL},
     {"a=x"},
     "usr/bin",
     TROTH_TREE_REFUSE,
     "usr/? usr/bin/? usr/bin/a=x'"},
    {"nothing, further in", {NULL}, {NULL}, "usr", TROTH_TREE_REFUSE, "usr/?"},
    {"beside what is there",
     {"d/f=1"},
     {"d/g=2"},
     "",
     TROTH_TREE_REFUSE,
     "d/? d/f=1 d/g=2'"},
    {"a folder that nobody asked for",
     {"d!"},
     {"d/g=2"},
     "",
     TROTH_TREE_REFUSE,
     "d! d/g=2'"},
    {"a folder that somebody asked for", {"d!"}, {"d/"}, "", TROTH_TREE_REFUSE, "d/'"},
    {"the same file", {"a=x"}, {"a=x"}, "", TROTH_TREE_REFUSE, "a=x"},
    {"another", {"a=x"}, {"a=y"}, "", TROTH_TREE_REFUSE, NULL, "a"},
    {"another, which may be", {"a=x"}, {"a=y"}, "", TROTH_TREE_REPLACE, "a=y'"},
    {"a folder for a file",
     {"a=x"},
     {"a/", "a/b=y"},
     "",
     TROTH_TREE_REPLACE,
     "a/' a/b=y'"},
    {"a folder that nobody asked for, for a file",
     {"a=x"},
     {"a/b=y"},
     "",
     TROTH_TREE_REPLACE,
     "a/? a/b=y'"},
    {"a link for a folder",
     {"a/b=x", "a/c=x"},
     {"a->z"},
     "",
     TROTH_TREE_REPLACE,
     "a->z'"},
    {"below a link", {"a->z"}, {"a/b=x"}, "", TROTH_TREE_REFUSE, NULL, "a"},
    {"at a link", {"a->z"}, {"b=x"}, "a", TROTH_TREE_REPLACE, NULL, "a"},
    {"at what is no path", {NULL}, {"b=x"}, "../a", TROTH_TREE_REPLACE, NULL, "../a"},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_build_problem problem = {.subject = ""};
        struct troth_file_tree *into, *from;
        char seen[256];

        test_case("%s", cases[i].why);
        into = make(cases[i].into, 1);
        from = make(cases[i].from, 2);
        CHECK_INT(troth_file_tree_merge(into, &problem, from, test_text(cases[i].at), 9,
                                        cases[i].clash),
                  cases[i].wanted != NULL);
        CHECK_TEXT(problem.subject, cases[i].subject ? cases[i].subject : "");
        CHECK(troth_file_tree_finish(into, &problem));
        describe(seen, sizeof(seen), into);
        if (cases[i].wanted)
            CHECK_TEXT(seen, cases[i].wanted);
        troth_file_tree_destroy(into);
        troth_file_tree_destroy(from);
    }

    test_case("too long a path, where it is to go");
    {
        struct troth_build_problem problem;
        struct troth_file_tree *const into = troth_file_tree_create();
        const char *const words[] = {"a/b=x", NULL};
        struct troth_file_tree *const from = make(words, 1);
        char at[TROTH_ENTRY_PATH_MAX + 1];

        memset(at, 'a', sizeof(at));
        for (size_t i = 99; i < sizeof(at); i += 100)
            at[i] = '/';
        at[TROTH_ENTRY_PATH_MAX - 3] = '\0';
        CHECK(!troth_file_tree_merge(into, &problem, from, test_text(at), 1,
                                     TROTH_TREE_REFUSE));
        at[TROTH_ENTRY_PATH_MAX - 4] = '\0';
        CHECK(troth_file_tree_merge(into, &problem, from, test_text(at), 1,
                                    TROTH_TREE_REFUSE));
        troth_file_tree_destroy(into);
        troth_file_tree_destroy(from);
    }
    return test_finish();
}
