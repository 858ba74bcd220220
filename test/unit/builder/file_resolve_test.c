/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_resolve.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    const char *path, *target;
} links[] = {
    {"bin", "usr/bin"},
    {"abs", "/usr/bin"},
    {"usr/share/up", "../lib"},
    {"usr/share/way-up", "../../../../../../etc"},
    {"usr/share/abs", "/etc"},
    {"twice", "abs/./x"},
    {"self", "self"},
    {"ping", "pong"},
    {"pong", "ping"},
    {"root", "/"},
    {"here", "."},
    {"dots", "usr//share/./up"},
    {"grows", "grows/grows"},
};

static const struct {
    const char *path, *wanted; /* NULL: too many links */
} cases[] = {
    {"", ""},
    {"a", "a"},
    {"a/b/c", "a/b/c"},
    {"bin", "bin"},
    {"bin/sh", "usr/bin/sh"},
    {"abs/sh", "usr/bin/sh"},
    {"usr/share/up/x", "usr/lib/x"},
    {"usr/share/way-up/x", "etc/x"},
    {"usr/share/abs/x", "etc/x"},
    {"twice/y/z", "usr/bin/x/y/z"},
    {"root/usr/bin/a", "usr/bin/a"},
    {"here/here/here/a", "a"},
    {"dots/a", "usr/lib/a"},
    {"root/root/bin/x", "usr/bin/x"},
    {"self", "self"},
    {"self/a", NULL},
    {"ping/a", NULL},
    {"grows/a", NULL},
};

static void add_link(struct troth_file_tree *tree, const char *path, const char *target)
{
    struct troth_build_problem problem;
    const struct troth_entry entry = {.kind = TROTH_ENTRY_SYMLINK,
                                      .path = test_text(path),
                                      .mode = 0777,
                                      .target = test_text(target)};

    CHECK(troth_file_tree_add(tree, &problem, &entry, NULL, 0, TROTH_TREE_REFUSE));
}

/* "b/b/b/", so many. */
static void far_path(char *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = 'b';
        out[2 * i + 1] = '/';
    }
}

int main(void)
{
    struct troth_file_tree *const tree = troth_file_tree_create();
    struct troth_resolved out;
    char deep[TROTH_ENTRY_PATH_MAX + 1], target[TROTH_ENTRY_LINK_MAX + 2];

    test_case("links");
    for (size_t i = 0; i < COUNT(links); i++)
        add_link(tree, links[i].path, links[i].target);
    for (size_t i = 0; i < COUNT(cases); i++) {
        test_case("'%s'", cases[i].path);
        CHECK_ERR(troth_file_resolve(&out, tree, test_text(cases[i].path)),
                  cases[i].wanted ? TROTH_OK : TROTH_ERR_LIMIT);
        CHECK_SPAN(((struct troth_span){out.path, out.len}),
                   test_text(cases[i].wanted ? cases[i].wanted : ""));
    }

    test_case("a folder is followed itself");
    CHECK_ERR(troth_file_resolve_in(&out, tree, test_text("bin"), test_text("")),
              TROTH_OK);
    CHECK_SPAN(((struct troth_span){out.path, out.len}), test_text("usr/bin"));

    test_case("the longest path, and one that a link makes too long");
    memset(deep, 'a', sizeof(deep));
    for (size_t i = 3; i < sizeof(deep); i += 100)
        deep[i] = '/';
    deep[TROTH_ENTRY_PATH_MAX] = '\0';
    CHECK_ERR(troth_file_resolve(&out, tree, test_text(deep)), TROTH_OK);
    CHECK_SPAN(((struct troth_span){out.path, out.len}), test_text(deep));
    memcpy(deep, "bin", 3);
    CHECK_ERR(troth_file_resolve(&out, tree, test_text(deep)), TROTH_ERR_LIMIT);

    test_case("the longest way that is gone, and a step more");
    /* A step to "far", 511 and one to its link, 511 to where that leads. */
    far_path(deep, 511);
    deep[1022] = 'l';
    deep[1023] = '\0';
    add_link(tree, "far", deep);
    target[0] = '/';
    far_path(target + 1, 511);
    target[1022] = '\0';
    add_link(tree, deep, target);
    CHECK_ERR(troth_file_resolve_in(&out, tree, test_text("far"), test_text("")),
              TROTH_OK);
    CHECK_INT(out.len, 1021);
    CHECK_ERR(troth_file_resolve_in(&out, tree, test_text("b/../far"), test_text("")),
              TROTH_ERR_LIMIT);
    troth_file_tree_destroy(tree);
    return test_finish();
}
