/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of the reader are; what it makes of whole archives is for
 * test/image/sources_test.py. */
#include "image/tar.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

struct field {
    size_t at;
    const char *text;
};

/* A header of these fields, with a sum that is right. */
static void make(uint8_t block[static TROTH_TAR_BLOCK], const struct field *fields)
{
    unsigned sum = 0;
    char text[8];

    memset(block, 0, TROTH_TAR_BLOCK);
    memset(block + 148, ' ', 8);
    for (; fields->text; fields++)
        memcpy(block + fields->at, fields->text, strlen(fields->text));
    for (size_t i = 0; i < TROTH_TAR_BLOCK; i++)
        sum += block[i];
    (void)snprintf(text, sizeof(text), "%06o", sum);
    memcpy(block + 148, text, 7);
}

enum {
    NAME = 0,
    MODE = 100,
    UID = 108,
    GID = 116,
    SIZE = 124,
    TYPE = 156,
    LINK = 157,
    MAGIC = 257,
    PREFIX = 345
};

static const struct {
    const char *why;
    struct field fields[8];
    enum troth_err err;
    const char *field;
    struct troth_entry entry;
    const char *path, *target;
} headers[] = {
    {"as old as can be",
     {{NAME, "a"}, {MODE, "0000644 "}, {SIZE, "00000000005 "}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE, .mode = 0644, .size = 5},
     "a",
     ""},
    {"an old folder",
     {{NAME, "a/"}, {MODE, "40755"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FOLDER, .mode = 0755},
     "a",
     ""},
    {"a file of old, with its type in the mode",
     {{NAME, "a"}, {MODE, "0100644"}, {TYPE, "0"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE, .mode = 0644},
     "a",
     ""},
    {"contiguous",
     {{NAME, "a"}, {TYPE, "7"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE},
     "a",
     ""},
    {"a hard link",
     {{NAME, "a"}, {TYPE, "1"}, {LINK, "./b//c"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_HARD_LINK},
     "a",
     "b/c"},
    {"a symbolic link",
     {{NAME, "a"}, {TYPE, "2"}, {LINK, "../b//c"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_SYMLINK},
     "a",
     "../b//c"},
    {"a device",
     {{NAME, "a"}, {TYPE, "3"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_DEVICE},
     "a",
     ""},
    {"a pipe", {{NAME, "a"}, {TYPE, "6"}}, TROTH_OK, NULL, {TROTH_ENTRY_PIPE}, "a", ""},
    {"the root",
     {{NAME, "./"}, {TYPE, "5"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FOLDER},
     "",
     ""},
    {"a prefix",
     {{NAME, "b"}, {TYPE, "0"}, {MAGIC, "ustar"}, {PREFIX, "/x/y"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE},
     "x/y/b",
     ""},
    {"no prefix but with its magic",
     {{NAME, "b"}, {TYPE, "0"}, {PREFIX, "x/y"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE},
     "b",
     ""},
    {"nor with GNU's",
     {{NAME, "b"}, {TYPE, "0"}, {MAGIC, "ustar  "}, {PREFIX, "12345670"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE},
     "b",
     ""},
    {"owners",
     {{NAME, "a"}, {UID, "   1750 "}, {GID, "0000016"}},
     TROTH_OK,
     NULL,
     {TROTH_ENTRY_FILE, .user = 1000, .group = 016},
     "a",
     ""},
    {"the largest owner", {{NAME, "a"}, {UID, "\x80\x80"}}, TROTH_ERR_LIMIT, "tar.uid"},
    {"no name", {{TYPE, "0"}}, TROTH_ERR_VALUE, "tar.path"},
    {"a hard link to the root",
     {{NAME, "a"}, {TYPE, "1"}, {LINK, "/"}},
     TROTH_ERR_VALUE,
     "tar.linkpath"},
    {"a link to nothing", {{NAME, "a"}, {TYPE, "2"}}, TROTH_ERR_VALUE, "tar.linkpath"},
    {"a pipe with content",
     {{NAME, "a"}, {TYPE, "6"}, {SIZE, "1"}},
     TROTH_ERR_VALUE,
     "tar.size"},
    {"a device with content",
     {{NAME, "a"}, {TYPE, "3"}, {SIZE, "1"}},
     TROTH_ERR_VALUE,
     "tar.size"},
    {"a mode that is none",
     {{NAME, "a"}, {MODE, "rw-r--r"}},
     TROTH_ERR_VALUE,
     "tar.mode"},
    {"a digit too much", {{NAME, "a"}, {MODE, "0000648"}}, TROTH_ERR_VALUE, "tar.mode"},
    {"a link of old with a slash",
     {{NAME, "a/"}, {TYPE, "2"}, {LINK, "b"}},
     TROTH_ERR_VALUE,
     "tar.path"},
    {"an empty extended header", {{NAME, "a"}, {TYPE, "x"}}, TROTH_ERR_VALUE, "tar.size"},
    {"Solaris' extended header",
     {{NAME, "a"}, {TYPE, "X"}},
     TROTH_ERR_UNSUPPORTED,
     "tar.type"},
};

static struct troth_tar tar;

static void test_headers(void)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        const struct troth_entry *const wanted = &headers[i].entry;
        uint8_t block[TROTH_TAR_BLOCK];
        struct troth_fault fault;
        enum troth_tar_step step;

        test_case("%s", headers[i].why);
        memset(&tar, 0, sizeof(tar));
        make(block, headers[i].fields);
        CHECK_ERR(troth_tar_feed(&tar, &step, &fault, block), headers[i].err);
        CHECK_TEXT(fault.field, headers[i].field);
        CHECK_INT(step, headers[i].err ? TROTH_TAR_MORE : TROTH_TAR_ENTRY);
        CHECK_INT(tar.entry.kind, wanted->kind);
        if (headers[i].err)
            continue;
        CHECK_INT(tar.entry.mode, wanted->mode);
        CHECK_INT(tar.entry.user, wanted->user);
        CHECK_INT(tar.entry.group, wanted->group);
        CHECK_INT(tar.entry.size, wanted->size);
        CHECK_SPAN(tar.entry.path, test_text(headers[i].path));
        CHECK_SPAN(tar.entry.target, test_text(headers[i].target));
    }
}

static enum troth_tar_step feed(const struct field *fields)
{
    uint8_t block[TROTH_TAR_BLOCK] = {0};
    enum troth_tar_step step;

    if (fields)
        make(block, fields);
    CHECK_ERR(troth_tar_feed(&tar, &step, NULL, block), TROTH_OK);
    return step;
}

static enum troth_tar_step feed_text(const char *text)
{
    uint8_t block[TROTH_TAR_BLOCK] = {0};
    enum troth_tar_step step;

    for (size_t i = 0; text[i]; i++)
        block[i] = (uint8_t)text[i];
    CHECK_ERR(troth_tar_feed(&tar, &step, NULL, block), TROTH_OK);
    return step;
}

static void test_steps(void)
{
    static const struct field file[] = {{NAME, "a"}, {SIZE, "1001"}, {0, NULL}};
    static const struct field pax[] = {
        {NAME, "p"}, {TYPE, "x"}, {SIZE, "145"}, {0, NULL}};
    static const struct field all[] = {{NAME, "p"}, {TYPE, "g"}, {SIZE, "22"}, {0, NULL}};
    static const struct field name[] = {{NAME, "p"}, {TYPE, "L"}, {SIZE, "4"}, {0, NULL}};

    test_case("a file, its content passed by, and the end");
    memset(&tar, 0, sizeof(tar));
    CHECK_INT(feed(file), TROTH_TAR_ENTRY);
    CHECK_INT(tar.offset, 512);
    CHECK(!tar.has_attributes);
    troth_tar_skip(&tar);
    CHECK_INT(tar.offset, 512 + 1024);
    CHECK_INT(feed(NULL), TROTH_TAR_MORE);
    CHECK_INT(feed(NULL), TROTH_TAR_END);

    test_case("an extended header counts for one entry");
    memset(&tar, 0, sizeof(tar));
    CHECK_INT(feed(all), TROTH_TAR_MORE);
    CHECK_INT(feed_text("18 comment=012345\n"), TROTH_TAR_MORE);
    CHECK_INT(feed(pax), TROTH_TAR_MORE);
    CHECK_INT(feed_text("19 path=some/place\n10 size=3\n13 uid=70000\n"
                        "30 SCHILY.xattr.user.a=b\nc=dd\n"
                        "29 LIBARCHIVE.xattr.user.x=y\n"),
              TROTH_TAR_MORE);
    CHECK_INT(feed(file), TROTH_TAR_ENTRY);
    CHECK_SPAN(tar.entry.path, test_text("some/place"));
    CHECK_INT(tar.entry.size, 3);
    CHECK_INT(tar.entry.user, 70000);
    CHECK(tar.has_attributes && !tar.grants_rights);
    troth_tar_skip(&tar);
    CHECK_INT(feed(file), TROTH_TAR_ENTRY);
    CHECK_SPAN(tar.entry.path, test_text("a"));
    CHECK_INT(tar.entry.size, 513);
    CHECK_INT(tar.entry.user, 0);
    CHECK(!tar.has_attributes);

    test_case("a long name, too");
    CHECK_INT(feed(name), TROTH_TAR_MORE);
    CHECK_INT(feed_text("x/y"), TROTH_TAR_MORE);
    CHECK_INT(feed(file), TROTH_TAR_ENTRY);
    CHECK_SPAN(tar.entry.path, test_text("x/y"));
    CHECK_INT(feed(file), TROTH_TAR_ENTRY);
    CHECK_SPAN(tar.entry.path, test_text("a"));
}

static void test_every_byte(void)
{
    static const struct field file[] = {{NAME, "a"}, {MODE, "0000644"}, {SIZE, "1001"},
                                        {TYPE, "0"}, {MAGIC, "ustar"},  {0, NULL}};
    uint8_t block[TROTH_TAR_BLOCK];
    enum troth_tar_step step;

    test_case("no header with a changed byte is one");
    for (size_t i = 0; i < sizeof(block); i++) {
        struct troth_fault fault;

        /* A digit of the sum may be written as the blank before it. */
        if (i >= 148 && i < 156)
            continue;
        memset(&tar, 0, sizeof(tar));
        make(block, file);
        block[i] ^= 1;
        CHECK_ERR(troth_tar_feed(&tar, &step, &fault, block), TROTH_ERR_VALUE);
        CHECK_TEXT(fault.field, "tar.checksum");
    }
}

int main(void)
{
    test_headers();
    test_steps();
    test_every_byte();
    return test_finish();
}
