/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

#define HEX     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEAD    "{\"troth_lock\":1,\"inputs\":[\n"
#define CONTENT "\"sha256\":\"" HEX "\",\"size\":5"
#define KERNEL  "{\"kind\":\"kernel\",\"name\":\"k\"," CONTENT "}"
#define PACKAGE                                                                          \
    "{\"kind\":\"package\",\"name\":\"gcc-12\",\"version\":\"1:12.2~0+b1\","             \
    "\"architecture\":\"amd64\",\"use\":\"compile\"," CONTENT "}"

/* clang-format off */
static const char all[] =
    HEAD
    "{\"kind\":\"build-file\",\"name\":\"build.yaml\"," CONTENT "},\n"
    "{\"kind\":\"file\",\"name\":\"src/a\",\"mode\":\"0644\"," CONTENT "},\n"
    "{\"kind\":\"file\",\"name\":\"src/\xc3\xa4 \\\"\\\\\",\"mode\":\"0755\"," CONTENT "},\n"
    "{\"kind\":\"link\",\"name\":\"src/l\",\"target\":\"../b\"},\n"
    "{\"kind\":\"firmware\",\"name\":\"/usr/share/OVMF.fd\"," CONTENT "},\n"
    KERNEL ",\n"
    "{\"kind\":\"module\",\"name\":\"nsm\"," CONTENT "},\n"
    "{\"kind\":\"oci\",\"name\":\"layout\",\"digest\":\"sha256:" HEX "\"},\n"
    PACKAGE ",\n"
    "{\"kind\":\"package\",\"name\":\"gcc-12\",\"version\":\"12\",\"architecture\":\"all\",\"use\":\"rootfs.0\"," CONTENT "},\n"
    "{\"kind\":\"runtime\",\"name\":\"troth-init\"," CONTENT "}\n"
    "]}\n";

/* The same, as the list that it is read to; in another order. */
static const struct troth_input rows[] = {
    {.kind = TROTH_INPUT_RUNTIME, .name = "troth-init", .size = 5},
    {.kind = TROTH_INPUT_PACKAGE, .name = "gcc-12", .use = "rootfs.0", .version = "12", .architecture = "all", .size = 5},
    {.kind = TROTH_INPUT_FILE, .name = "src/\xc3\xa4 \"\\", .mode = 0755, .size = 5},
    {.kind = TROTH_INPUT_OCI, .name = "layout", .size = 77, .mode = 1},
    {.kind = TROTH_INPUT_LINK, .name = "src/l", .target = "../b"},
    {.kind = TROTH_INPUT_BUILD_FILE, .name = "build.yaml", .size = 5},
    {.kind = TROTH_INPUT_PACKAGE, .name = "gcc-12", .use = "compile", .version = "1:12.2~0+b1", .architecture = "amd64", .size = 5},
    {.kind = TROTH_INPUT_MODULE, .name = "nsm", .size = 5},
    {.kind = TROTH_INPUT_FILE, .name = "src/a", .mode = 0644, .size = 5},
    {.kind = TROTH_INPUT_KERNEL, .name = "k", .size = 5},
    {.kind = TROTH_INPUT_FIRMWARE, .name = "/usr/share/OVMF.fd", .size = 5},
};
/* clang-format on */

/* A list of copies, each with the digest of HEX. */
static struct troth_inputs_list list_of(const struct troth_input *from, size_t count)
{
    struct troth_inputs_list list = {NULL, 0, 0};
    struct troth_build_problem problem;

    for (size_t i = 0; i < count; i++) {
        struct troth_input input = from[i];

        for (unsigned j = 0; j < sizeof input.sha256; j++)
            input.sha256[j] = (uint8_t)j;
        CHECK(troth_inputs_add(&list, &problem, &input));
    }
    return list;
}

static void check_round(void)
{
    struct troth_inputs_list list = list_of(rows, COUNT(rows)), read;
    struct troth_build_problem problem = {.text = ""};
    uint8_t *text;
    size_t len;

    test_case("written: sorted, an input a line");
    CHECK(!troth_lock_write(&text, &len, &problem, &list));
    CHECK_TEXT(problem.text, "is not in its order");
    CHECK(troth_inputs_sort(&list, &problem));
    CHECK(troth_lock_write(&text, &len, &problem, &list));
    CHECK_SPAN(((struct troth_span){text, len}), test_text(all));

    test_case("read: what was written");
    CHECK(troth_lock_read(&read, &problem, (struct troth_span){text, len}));
    CHECK_INT(read.count, COUNT(rows));
    CHECK_INT(troth_lock_compare(&read, &list, NULL, NULL), 0);
    CHECK_TEXT(read.rows[2].name, "src/\xc3\xa4 \"\\");
    CHECK_INT(read.rows[2].mode, 0755);
    CHECK_TEXT(read.rows[8].version, "1:12.2~0+b1");
    CHECK_TEXT(read.rows[3].target, "../b");
    CHECK(!read.rows[3].use && !read.rows[8].target);
    free(text);
    troth_inputs_list_release(&read);
    troth_inputs_list_release(&list);

    test_case("an empty lock");
    CHECK(troth_lock_write(&text, &len, &problem, &list));
    CHECK_SPAN(((struct troth_span){text, len}), test_text(HEAD "]}\n"));
    CHECK(troth_lock_read(&read, &problem, (struct troth_span){text, len}));
    CHECK_INT(read.count, 0);
    free(text);
    troth_inputs_list_release(&read);
}

/* clang-format off */
static const struct {
    const char *why, *text, *subject, *said;
} refusals[] = {
    {"nothing",                 "", "", "byte 1: lock: input ends before the field"},
    {"another version",         "{\"troth_lock\":2,\"inputs\":[]}", "", "byte 16: troth_lock: format version not supported"},
    {"no version",              "{\"inputs\":[]}", "", "byte 11: troth_lock: required field is missing"},
    {"no inputs",               "{\"troth_lock\":1}", "", "byte 16: inputs: required field is missing"},
    {"more than inputs",        "{\"troth_lock\":1,\"inputs\":[],\"x\":1}", "", "byte 28: lock: bytes left over after the last field"},
    {"bytes behind",            HEAD "]}x", "", "byte 30: lock: bytes left over after the last field"},
    {"no comma",                HEAD KERNEL KERNEL "]}", "", NULL},
    {"an unknown kind",         HEAD "{\"kind\":\"wish\"}]}", "", "byte 42: kind: field holds a value the format forbids"},
    {"an unknown key",          HEAD "{\"kind\":\"kernel\",\"colour\":\"k\"}]}", "", "byte 54: input: well-formed, but a feature this format does not use"},
    {"a key of another kind",   HEAD "{\"kind\":\"kernel\",\"name\":\"k\",\"mode\":\"0644\"," CONTENT "}]}", "", "byte 155: input: required field is missing"},
    {"a missing key",           HEAD "{\"kind\":\"kernel\",\"name\":\"k\",\"size\":1}]}", "", NULL},
    {"a missing kind",          HEAD "{\"name\":\"k\"," CONTENT "}]}", "", NULL},
    {"a key twice",             HEAD "{\"kind\":\"kernel\",\"kind\":\"kernel\"}]}", "", NULL},
    {"a digest in capitals",    HEAD "{\"kind\":\"kernel\",\"sha256\":\"000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"}]}", "", NULL},
    {"a short digest",          HEAD "{\"kind\":\"kernel\",\"sha256\":\"0001\"}]}", "", NULL},
    {"another algorithm",       HEAD "{\"kind\":\"oci\",\"name\":\"a\",\"digest\":\"sha512:" HEX "\"}]}", "", NULL},
    {"another mode",            HEAD "{\"kind\":\"file\",\"name\":\"a\",\"mode\":\"0600\"," CONTENT "}]}", "", NULL},
    {"a mode as a number",      HEAD "{\"kind\":\"file\",\"name\":\"a\",\"mode\":644," CONTENT "}]}", "", NULL},
    {"a negative size",         HEAD "{\"kind\":\"kernel\",\"name\":\"k\",\"size\":-1}]}", "", NULL},
    {"a zero byte",             HEAD "{\"kind\":\"kernel\",\"name\":\"k\\u0000\"," CONTENT "}]}", "", NULL},
    {"a huge size",             HEAD "{\"kind\":\"kernel\",\"name\":\"k\",\"sha256\":\"" HEX "\",\"size\":9007199254740992}]}", "k", "is too large"},
    {"a name that leaves",      HEAD "{\"kind\":\"file\",\"name\":\"../a\",\"mode\":\"0644\"," CONTENT "}]}", "../a", "is no name of a file"},
    {"a name with a line's end", HEAD "{\"kind\":\"kernel\",\"name\":\"a\\nb\"," CONTENT "}]}", "a?b", "is no name of a kernel"},
    {"an empty name",           HEAD "{\"kind\":\"kernel\",\"name\":\"\"," CONTENT "}]}", "", "is no name of a kernel"},
    {"a package as an option",  HEAD "{\"kind\":\"package\",\"name\":\"-o\",\"version\":\"1\",\"architecture\":\"amd64\",\"use\":\"compile\"," CONTENT "}]}", "-o", "is no name of a package"},
    {"a version with a space",  HEAD "{\"kind\":\"package\",\"name\":\"gcc\",\"version\":\"1 2\",\"architecture\":\"amd64\",\"use\":\"compile\"," CONTENT "}]}", "gcc", "has no version, architecture or use of a package"},
    {"an odd architecture",     HEAD "{\"kind\":\"package\",\"name\":\"gcc\",\"version\":\"1\",\"architecture\":\"=\",\"use\":\"compile\"," CONTENT "}]}", "gcc", "has no version, architecture or use of a package"},
    {"an odd use",              HEAD "{\"kind\":\"package\",\"name\":\"gcc\",\"version\":\"1\",\"architecture\":\"all\",\"use\":\"A\"," CONTENT "}]}", "gcc", "has no version, architecture or use of a package"},
    {"a link to nothing",       HEAD "{\"kind\":\"link\",\"name\":\"a\",\"target\":\"\"}]}", "a", "is a link without a usable target"},
    {"the same input twice",    HEAD KERNEL "," KERNEL "]}", "k", "is there twice as an input of one kind"},
};
/* clang-format on */

static void check_refusals(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_inputs_list list;
        struct troth_build_problem problem = {.text = ""};

        test_case("refused: %s", refusals[i].why);
        CHECK(!troth_lock_read(&list, &problem, test_text(refusals[i].text)));
        CHECK(!list.rows && list.count == 0);
        CHECK_TEXT(problem.subject, refusals[i].subject);
        CHECK(problem.text[0]);
        if (refusals[i].said)
            CHECK_TEXT(problem.text, refusals[i].said);
    }
}

static void check_unwritable(void)
{
    static const struct troth_input odd[] = {
        {.kind = TROTH_INPUT_FILE, .name = "src/\xff", .mode = 0644},
        {.kind = TROTH_INPUT_FILE, .name = "src/a", .mode = 0600},
        {.kind = TROTH_INPUT_FILE, .name = "src/a", .mode = 0644, .target = "x"},
        {.kind = TROTH_INPUT_FILE, .name = "src/a", .mode = 0644, .is_unread = true},
        {.kind = TROTH_INPUT_LINK, .name = "src/a"},
        {.kind = TROTH_INPUT_PACKAGE, .name = "gcc", .version = "1", .use = "compile"},
    };
    struct troth_build_problem problem;
    uint8_t *text;
    size_t len;

    test_case("what cannot be read again is not written");
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct troth_inputs_list list = list_of(&odd[i], 1);

        CHECK(!troth_lock_write(&text, &len, &problem, &list));
        CHECK(!text && len == 0);
        troth_inputs_list_release(&list);
    }
}

struct seen {
    char text[256];
};

static void note(void *state, enum troth_lock_change change,
                 const struct troth_input *locked, const struct troth_input *seen)
{
    static const char *const words[] = {"changed", "missing", "added"};
    struct seen *out = state;
    const size_t len = strlen(out->text);

    CHECK((change == TROTH_LOCK_ADDED) == !locked);
    CHECK((change == TROTH_LOCK_MISSING) == !seen);
    (void)snprintf(out->text + len, sizeof out->text - len, "%s %s;", words[change],
                   locked ? locked->name : seen->name);
}

static void check_compare(void)
{
    static const struct troth_input old[] = {
        {.kind = TROTH_INPUT_FILE, .name = "a", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "b", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "c", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_LINK, .name = "l", .target = "a"},
    };
    static const struct troth_input new[] = {
        {.kind = TROTH_INPUT_FILE, .name = "a", .mode = 0755, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "bb", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "c", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "l", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_LINK, .name = "l", .target = "b"},
    };
    struct troth_inputs_list locked = list_of(old, COUNT(old));
    struct troth_inputs_list there = list_of(new, COUNT(new));
    struct seen seen = {""};

    test_case("changed, missing and added, in order");
    CHECK_INT(troth_lock_compare(&locked, &there, note, &seen), 5);
    CHECK_TEXT(seen.text, "changed a;missing b;added bb;added l;changed l;");

    test_case("another digest, size");
    there.rows[2].sha256[31] ^= 1;
    CHECK_INT(troth_lock_compare(&locked, &there, NULL, NULL), 6);

    test_case("a digest that is not known yet differs from none; a size does");
    there.rows[2].is_unread = true;
    CHECK_INT(troth_lock_compare(&locked, &there, NULL, NULL), 5);
    there.rows[2].is_unread = false;
    there.rows[2].sha256[31] ^= 1;
    CHECK_INT(troth_lock_compare(&locked, &there, NULL, NULL), 5);
    there.rows[2].is_unread = true;
    there.rows[2].size++;
    CHECK_INT(troth_lock_compare(&locked, &there, NULL, NULL), 6);
    troth_inputs_list_release(&locked);
    troth_inputs_list_release(&there);
    CHECK_INT(troth_lock_compare(&locked, &there, note, &seen), 0);
}

static void check_find(void)
{
    static const struct troth_input given[] = {
        {.kind = TROTH_INPUT_LINK, .name = "a", .target = "x"},
        {.kind = TROTH_INPUT_FILE, .name = "c", .mode = 0644, .size = 3},
        {.kind = TROTH_INPUT_FILE, .name = "a", .mode = 0644, .size = 1},
        {.kind = TROTH_INPUT_FILE, .name = "b", .mode = 0644, .size = 2},
    };
    static const struct troth_inputs_list none;
    struct troth_inputs_list list = list_of(given, COUNT(given));
    const char *const names[] = {"a", "b", "c", "d", ""};

    test_case("each is found by its kind and name");
    CHECK(troth_inputs_sort(&list, NULL));
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct troth_input key = {.kind = TROTH_INPUT_FILE, .name = names[i]};
        const struct troth_input *found = troth_inputs_find(&list, &key);

        CHECK_INT(found ? found->size : 0, i < 3 ? i + 1 : 0);
        CHECK(!troth_inputs_find(&none, &key));
    }
    troth_inputs_list_release(&list);
}

int main(void)
{
    check_find();
    check_round();
    check_refusals();
    check_unwritable();
    check_compare();
    return test_finish();
}
