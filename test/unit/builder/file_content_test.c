/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "builder/sources.h"
#include "test/harness.h"

static char place[] = "/tmp/troth-content-XXXXXX";

static void write_text(const char *name, const char *text)
{
    const int folder = open(place, O_RDONLY | O_DIRECTORY);
    const int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    CHECK_INT(write(file, text, strlen(text)), strlen(text));
    (void)close(file);
    (void)close(folder);
}

static void in_place(char *out, size_t size, const char *name)
{
    (void)snprintf(out, size, "%s/%s", place, name);
}

static void remove_one(const char *name)
{
    char path[128];

    in_place(path, sizeof(path), name);
    CHECK_INT(remove(path), 0);
}

/* Until a file system's clock has gone on. */
static void let_time_pass(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

/* What a stranger does between the moment a file is added and the one it is read. */
static void nothing(void)
{
}

static void grow(void)
{
    write_text("d/f", "hello, and more");
}

static void shrink(void)
{
    write_text("d/f", "hell");
}

static void rewrite(void)
{
    write_text("d/f", "HELLO");
}

static void vanish(void)
{
    remove_one("d/f");
}

static void make_link(void)
{
    char path[128];

    write_text("other", "hello");
    in_place(path, sizeof(path), "d/f");
    remove_one("d/f");
    CHECK_INT(symlink("../other", path), 0);
}

static void make_pipe(void)
{
    char path[128];

    in_place(path, sizeof(path), "d/f");
    remove_one("d/f");
    CHECK_INT(mkfifo(path, 0600), 0);
}

static void swap(void)
{
    char from[128], to[128];

    write_text("other", "hello");
    in_place(from, sizeof(from), "other");
    in_place(to, sizeof(to), "d/f");
    CHECK_INT(rename(from, to), 0);
}

static void link_folder(void)
{
    char from[128], to[128];

    in_place(from, sizeof(from), "d");
    in_place(to, sizeof(to), "e");
    CHECK_INT(rename(from, to), 0);
    CHECK_INT(symlink("e", from), 0);
}

static const struct {
    const char *why;
    void (*happens)(void);
    const char *text; /* of the problem; NULL: it is read */
} cases[] = {
    {"nothing happens", nothing, NULL},
    {"a file has grown", grow, "has changed since the build began"},
    {"a file has shrunk", shrink, "has changed since the build began"},
    {"a file has another content", rewrite, "has changed since the build began"},
    {"a file is another", swap, "has changed since the build began"},
    {"a file is away", vanish, "cannot be opened: No such file or directory"},
    {"a file is a link", make_link,
     "cannot be opened: Too many levels of symbolic links"},
    {"a file is a pipe", make_pipe, "cannot be opened: Invalid argument"},
    {"its folder is a link", link_folder, "cannot be opened: Not a directory"},
};

static void clear(void)
{
    static const char *const names[] = {"d/f", "d", "e/f", "e", "other"};
    char path[128];

    for (size_t i = 0; i < COUNT(names); i++) {
        in_place(path, sizeof(path), names[i]);
        (void)remove(path);
    }
}

static bool read_all(const struct troth_tree_entry *row,
                     struct troth_build_problem *problem, size_t piece)
{
    struct troth_content_reader reader;
    uint8_t out[64];
    size_t len = 0, got = 1;
    bool good = troth_content_open(&reader, problem, row);

    while (good && got) {
        good = troth_content_read(&reader, problem, out + len, piece, &got);
        len += got;
    }
    troth_content_close(&reader);
    if (good)
        CHECK_SPAN(((struct troth_span){out, len}), test_text("hello"));
    return good;
}

static void test_changes(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_file_tree *const tree = troth_file_tree_create();
        struct troth_build_problem problem = {.text = ""};
        const int folder = open(place, O_RDONLY | O_DIRECTORY);
        char path[128];
        bool good;

        test_case("%s", cases[i].why);
        in_place(path, sizeof(path), "d");
        CHECK_INT(mkdir(path, 0700), 0);
        write_text("d/f", "hello");
        CHECK(troth_source_folder(tree, &problem, "source", folder, 0));
        let_time_pass();
        cases[i].happens();
        good = read_all(troth_file_tree_find(tree, test_text("d/f")), &problem, 3);
        CHECK_INT(good, cases[i].text == NULL);
        CHECK_TEXT(problem.text, cases[i].text ? cases[i].text : "");
        CHECK_TEXT(problem.subject, cases[i].text ? "d/f" : "");
        (void)close(folder);
        troth_file_tree_destroy(tree);
        clear();
    }
}

/* It changes when half of it was read, and keeps its size. */
static void test_meanwhile(void)
{
    struct troth_file_tree *const tree = troth_file_tree_create();
    const int folder = open(place, O_RDONLY | O_DIRECTORY);
    struct troth_build_problem problem = {.text = ""};
    struct troth_content_reader reader;
    uint8_t out[8];
    size_t got;

    test_case("a file that changes while it is read");
    write_text("other", "hello");
    CHECK(troth_source_folder(tree, &problem, "source", folder, 0));
    CHECK(troth_content_open(&reader, &problem,
                             troth_file_tree_find(tree, test_text("other"))));
    CHECK(troth_content_read(&reader, &problem, out, 3, &got));
    CHECK_INT(got, 3);
    let_time_pass();
    write_text("other", "HELLO");
    CHECK(!troth_content_read(&reader, &problem, out, 8, &got));
    CHECK_INT(got, 0);
    CHECK_TEXT(problem.text, "has changed since the build began");
    troth_content_close(&reader);
    (void)close(folder);
    troth_file_tree_destroy(tree);
    clear();
}

static void test_places(void)
{
    static const struct {
        const char *why;
        uint64_t offset, size;
        bool in_memory, good;
    } rows[] = {
        {"in memory", 0, 5, true, true},
        {"a part of a file", 2, 5, false, true},
        {"more than there is", 3, 5, false, false},
        {"beyond what there can be", UINT64_MAX - 2, 5, false, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_build_problem problem;
        int file;
        char path[128];
        struct troth_tree_entry row = {
            .entry = {.kind = TROTH_ENTRY_FILE, .path = test_text("x"), .size = 5},
            .content = {.descriptor = -1, .offset = rows[i].offset}};

        test_case("%s", rows[i].why);
        write_text("other", "<<hello");
        in_place(path, sizeof(path), "other");
        file = open(path, O_RDONLY);
        if (rows[i].in_memory)
            row.content.bytes = (const uint8_t *)"hello";
        else
            row.content.descriptor = file;
        CHECK_INT(read_all(&row, &problem, 64), rows[i].good);
        (void)close(file);
        clear();
    }
}

static void test_kinds(void)
{
    const struct troth_tree_entry folder = {
        .entry = {.kind = TROTH_ENTRY_FOLDER, .path = test_text("d")}};
    const struct troth_tree_entry nowhere = {
        .entry = {.kind = TROTH_ENTRY_FILE, .path = test_text("f"), .size = 1},
        .content = {.descriptor = -1}};
    const struct troth_tree_entry empty = {
        .entry = {.kind = TROTH_ENTRY_FILE, .path = test_text("f")},
        .content = {.descriptor = -1}};
    struct troth_content_reader reader;
    struct troth_build_problem problem;
    uint8_t byte;
    size_t got;

    test_case("a folder has no content");
    CHECK(!troth_content_open(&reader, &problem, &folder));
    test_case("nor has what is nowhere");
    CHECK(!troth_content_open(&reader, &problem, &nowhere));
    test_case("an empty file is nowhere, and read");
    CHECK(troth_content_open(&reader, &problem, &empty));
    CHECK(troth_content_read(&reader, &problem, &byte, 1, &got));
    CHECK_INT(got, 0);
    troth_content_close(&reader);
}

int main(void)
{
    if (!mkdtemp(place))
        return 1;
    test_changes();
    test_meanwhile();
    test_places();
    test_kinds();
    (void)rmdir(place);
    return test_finish();
}
