/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cpio.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define HEADER(mode, size, name_size)                                                    \
    "070701"                                                                             \
    "00000007" mode "00000001"                                                           \
    "00000002"                                                                           \
    "00000003"                                                                           \
    "386D4380" size "00000000"                                                           \
    "00000000"                                                                           \
    "00000000"                                                                           \
    "00000000" name_size "00000000"

/* clang-format off */
static const struct {
    const char *why;
    const char *text; /* '#' stands for a zero */
    enum troth_err err;
    const char *field;
    size_t offset;
    size_t len;       /* of header, name and padding */
    enum troth_entry_kind kind;
    const char *path;
    uint64_t data;
} cases[] = {
    {"a file", HEADER("000081a4", "00000005", "00000005") "init##hello",
     TROTH_OK, NULL, 0, 116, TROTH_ENTRY_FILE, "init", 5},
    {"digits of either case", HEADER("000081A4", "0000000a", "00000005") "init##",
     TROTH_OK, NULL, 0, 116, TROTH_ENTRY_FILE, "init", 10},
    {"a folder", HEADER("000041ED", "00000000", "00000006") "a/b/c#",
     TROTH_OK, NULL, 0, 116, TROTH_ENTRY_FOLDER, "a/b/c", 0},
    {"a link", HEADER("0000A1FF", "00000001", "00000002") "l#x",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_SYMLINK, "l", 1},
    {"a device", HEADER("00002180", "00000000", "00000002") "d#",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_DEVICE, "d", 0},
    {"another", HEADER("00006180", "00000000", "00000002") "d#",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_DEVICE, "d", 0},
    {"a pipe", HEADER("00001180", "00000000", "00000002") "d#",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_PIPE, "d", 0},
    {"a socket", HEADER("0000C180", "00000000", "00000002") "d#",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_SOCKET, "d", 0},
    {"from here", HEADER("000041ED", "00000000", "00000006") "./abc#",
     TROTH_OK, NULL, 0, 116, TROTH_ENTRY_FOLDER, "abc", 0},
    {"from the root", HEADER("000041ED", "00000000", "00000006") "/abcd#",
     TROTH_OK, NULL, 0, 116, TROTH_ENTRY_FOLDER, "abcd", 0},
    {"the root", HEADER("000041ED", "00000000", "00000002") ".#",
     TROTH_OK, NULL, 0, 112, TROTH_ENTRY_FOLDER, "", 0},
    {"the end", HEADER("00000000", "00000000", "0000000B") "TRAILER!!!####",
     TROTH_OK, NULL, 0, 124, TROTH_ENTRY_NONE, "", 0},
    {"an end with data", HEADER("000081A4", "00000004", "0000000B") "TRAILER!!!####",
     TROTH_ERR_VALUE, "cpio.filesize", 121},
    {"nothing", "", TROTH_ERR_SHORT, "cpio.magic", 0},
    {"half a magic", "070", TROTH_ERR_SHORT, "cpio.magic", 3},
    {"a wrong start of it", "08", TROTH_ERR_VALUE, "cpio.magic", 1},
    {"with checksums", "070702", TROTH_ERR_UNSUPPORTED, "cpio.magic", 0},
    {"the old one", "070707", TROTH_ERR_UNSUPPORTED, "cpio.magic", 0},
    {"the oldest", "\xc7\x71", TROTH_ERR_UNSUPPORTED, "cpio.magic", 0},
    {"gzip", "\x1f\x8b", TROTH_ERR_VALUE, "cpio.magic", 0},
    {"no digit", "070701" "0000000G", TROTH_ERR_VALUE, "cpio.ino", 13},
    {"a sign", "070701" "-0000001", TROTH_ERR_VALUE, "cpio.ino", 6},
    {"cut in a number", "070701" "00000001" "0000", TROTH_ERR_SHORT, "cpio.mode", 18},
    {"no name", HEADER("000081A4", "00000000", "00000000"),
     TROTH_ERR_VALUE, "cpio.namesize", 110},
    {"an empty name", HEADER("000081A4", "00000000", "00000001") "##",
     TROTH_ERR_VALUE, "cpio.name", 111},
    {"too long a name", HEADER("000081A4", "00000000", "00000403"),
     TROTH_ERR_LIMIT, "cpio.namesize", 110},
    {"a name that is not here", HEADER("000081A4", "00000000", "00000005") "ini",
     TROTH_ERR_SHORT, "cpio.name", 110},
    {"no zero behind the name", HEADER("000081A4", "00000000", "00000004") "init##",
     TROTH_ERR_VALUE, "cpio.name", 110},
    {"a zero in the name", HEADER("000081A4", "00000000", "00000004") "i#t#",
     TROTH_ERR_VALUE, "cpio.name", 114},
    {"above", HEADER("000081A4", "00000000", "00000006") "../ab#",
     TROTH_ERR_VALUE, "cpio.name", 116},
    {"no padding", HEADER("000081A4", "00000000", "00000003") "ab#",
     TROTH_ERR_SHORT, "cpio.name", 113},
    {"no kind", HEADER("000001A4", "00000000", "00000002") "a#", TROTH_ERR_VALUE, "cpio.mode", 112},
    {"a mode beyond its bits", HEADER("000181A4", "00000000", "00000002") "a#",
     TROTH_ERR_VALUE, "cpio.mode", 112},
    {"a folder with data", HEADER("000041ED", "00000001", "00000002") "a#x",
     TROTH_ERR_VALUE, "cpio.filesize", 112},
    {"a device with data", HEADER("00002180", "00000001", "00000002") "a#x",
     TROTH_ERR_VALUE, "cpio.filesize", 112},
    {"a link to nothing", HEADER("0000A1FF", "00000000", "00000002") "a#",
     TROTH_ERR_VALUE, "cpio.filesize", 112},
    {"too long a link", HEADER("0000A1FF", "00000400", "00000002") "a#",
     TROTH_ERR_LIMIT, "cpio.filesize", 112},
};
/* clang-format on */

static struct troth_span bytes_of(const char *text)
{
    static uint8_t bytes[4096];
    const size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        bytes[i] = text[i] == '#' ? 0 : (uint8_t)text[i];
    return (struct troth_span){bytes, len};
}

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_cpio_member member;
        struct troth_fault fault;
        size_t len = 99;

        test_case("%s", cases[i].why);
        CHECK_ERR(troth_cpio_read_member(&member, &len, &fault, bytes_of(cases[i].text)),
                  cases[i].err);
        CHECK_INT(len, cases[i].len);
        CHECK_TEXT(fault.field, cases[i].field);
        if (cases[i].err) {
            CHECK_INT(fault.offset, cases[i].offset);
            CHECK(!member.entry.kind && !member.data_size && !member.end);
            continue;
        }
        CHECK_INT(member.entry.kind, cases[i].kind);
        CHECK_SPAN(member.entry.path, test_text(cases[i].path));
        CHECK_INT(member.data_size, cases[i].data);
        CHECK_INT(member.end, cases[i].kind == TROTH_ENTRY_NONE);
        CHECK_INT(member.ino, 7);
        CHECK_INT(member.links, 3);
        CHECK_INT(member.mtime, 946684800);
        if (!member.end) {
            CHECK_INT(member.entry.user, 1);
            CHECK_INT(member.entry.group, 2);
        }
    }
}

/* What is written is read, and no part of it is enough. */
static void test_round(void)
{
    const struct troth_entry entry = {.kind = TROTH_ENTRY_FILE,
                                      .path = test_text("usr/bin/hello"),
                                      .mode = 04755,
                                      .user = 1,
                                      .group = UINT32_MAX,
                                      .size = 12345};
    struct troth_cpio_writer writer = {0};
    struct troth_cpio_member member;
    uint8_t out[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    size_t len, read_len;

    test_case("what is written is read");
    CHECK_ERR(troth_cpio_write_member(&writer, out, &len, &entry, 5), TROTH_OK);
    CHECK_ERR(
        troth_cpio_read_member(&member, &read_len, NULL, (struct troth_span){out, len}),
        TROTH_OK);
    CHECK_INT(read_len, len);
    CHECK_SPAN(member.entry.path, entry.path);
    CHECK_INT(member.entry.mode, entry.mode);
    CHECK_INT(member.entry.group, entry.group);
    CHECK_INT(member.data_size, entry.size);
    CHECK_INT(member.ino, 1);
    CHECK_INT(member.links, 1);

    test_case("but no part of it");
    for (size_t part = 0; part < len; part++)
        CHECK_ERR(troth_cpio_read_member(&member, &read_len, NULL,
                                         (struct troth_span){out, part}),
                  TROTH_ERR_SHORT);

    test_case("the end is read");
    troth_cpio_write_end(&writer, out, &len);
    CHECK_ERR(
        troth_cpio_read_member(&member, &read_len, NULL, (struct troth_span){out, len}),
        TROTH_OK);
    CHECK(member.end);
    CHECK(!member.entry.kind);
}

int main(void)
{
    test_cases();
    test_round();
    return test_finish();
}
